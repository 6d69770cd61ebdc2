import { uuid } from "./arguments.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { call, type CallOptions } from "./call.ts";
import { type Data, dataOf, type Get } from "./data.ts";
import { type DateFilter, dateFilter, toBounds } from "./date_filter.ts";
import {
  array,
  boolean,
  type Decoder,
  object,
  string,
  where,
} from "./decode.ts";
import { jsonBody } from "./json_body.ts";
import type { Operation } from "./operation.ts";
import {
  type List,
  listOf,
  type Page,
  type PageOptions,
  paginate,
} from "./page.ts";
import { participant, type RoomParticipant } from "./participants.ts";

/**
 * A time in which a room is or was in use. Only `id` is sure to be there; any
 * other field may be absent or null, since the API marks none as required.
 * Fields that are not listed are kept as well.
 */
export interface RoomSession {
  /** UUID of the session. */
  id: string;
  /** UUID of the room. */
  room_id?: string | null;
  /** Whether the session is going on. */
  active?: boolean | null;
  /** When the session began, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the session ended, ISO 8601; null or absent while it is going on. */
  ended_at?: string | null;
  /**
   * Who is or was in the session; absent, null or empty unless they were asked
   * for.
   */
  participants?: RoomParticipant[] | null;
  /** `"room_session"` */
  record_type?: string | null;
}

/** The shape of a {@linkcode RoomSession}. */
export const session: Decoder<RoomSession> = /* @__PURE__ */ object<
  RoomSession
>({
  id: [string, "required"],
  room_id: string,
  active: boolean,
  created_at: string,
  updated_at: string,
  ended_at: string,
  participants: /* @__PURE__ */ array(participant),
  record_type: string,
});

/** What the look-up of a session can be asked for. */
export interface GetSessionQuery {
  /**
   * Whether the participants are in the response (`include_participants`); left
   * out of the query when undefined, which leaves the choice to the provider.
   */
  includeParticipants?: boolean | undefined;
}

/** What a list of sessions can be asked for. */
export interface ListSessionsQuery extends GetSessionQuery, PageOptions {
  /** Sessions of that room (`filter[room_id]`). */
  roomId?: string | undefined;
  /** Sessions that are going on, or those that are not (`filter[active]`). */
  active?: boolean | undefined;
  /** Sessions that began then (`filter[date_created_at]`). */
  createdAt?: DateFilter | undefined;
  /** Sessions that last changed then (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
  /** Sessions that ended then (`filter[date_ended_at]`). */
  endedAt?: DateFilter | undefined;
}

/** Participants of a session: their UUIDs, at least one, or all of them. */
export type Participants = "all" | readonly string[];

const participants: Decoder<Participants> = /* @__PURE__ */ where(
  `"all" or an array of UUIDs`,
  (value) =>
    value === "all" ||
    Array.isArray(value) && value.length > 0 && !value.some(uuid),
);

/** Whom an action on participants spares. */
export interface ExcludeQuery {
  /** UUIDs of participants to spare, if the action is on `"all"`. */
  exclude?: string[] | undefined;
}

/** What the API says of an action that was carried out. */
export interface ActionResult {
  /** `"ok"` */
  result?: string | null;
}

const done: Decoder<Data<ActionResult>> = /* @__PURE__ */ dataOf(
  /* @__PURE__ */ object<ActionResult>({ result: string }),
);

/** `GET /room_sessions/{room_session_id}`, for the functions of `./core`. */
export const getSessionOperation: Get<
  "/room_sessions/{id}",
  RoomSession,
  GetSessionQuery
> = {
  method: "GET",
  path: "/room_sessions/{id}",
  options: { includeParticipants: ["include_participants", boolean] },
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(session),
};

/** `GET /room_sessions`, for the functions of `./core`. */
export const listSessionsOperation: List<
  "/room_sessions",
  RoomSession,
  ListSessionsQuery
> = /* @__PURE__ */ listOf("/room_sessions", session, {
  includeParticipants: ["include_participants", boolean],
  roomId: ["filter[room_id]", uuid],
  active: ["filter[active]", boolean],
  createdAt: ["filter[date_created_at]", dateFilter, toBounds],
  updatedAt: ["filter[date_updated_at]", dateFilter, toBounds],
  endedAt: ["filter[date_ended_at]", dateFilter, toBounds],
});

/**
 * `POST /room_sessions/{room_session_id}/actions/end`, for the functions of
 * `./core`. A session ends once, and a later one has another id.
 */
export const endSessionOperation: Get<
  "/room_sessions/{id}/actions/end",
  ActionResult
> = {
  method: "POST",
  path: "/room_sessions/{id}/actions/end",
  body: /* @__PURE__ */ jsonBody<never>(),
  status: 200,
  repeatable: true,
  result: done,
};

/** An action on participants; once or twice, they are as it leaves them. */
export type ParticipantsOperation<Action extends string> = Operation<
  `/room_sessions/{sessionId}/actions/${Action}`,
  ExcludeQuery,
  Participants,
  Data<ActionResult>
>;

function actionOn<Action extends string>(
  action: Action,
): ParticipantsOperation<Action> {
  return {
    method: "POST",
    path: `/room_sessions/{sessionId}/actions/${action}`,
    options: { exclude: ["exclude", array(uuid)] },
    body: jsonBody("who", participants, "participants"),
    status: 200,
    repeatable: true,
    result: done,
  } as ParticipantsOperation<Action>;
}

/**
 * `POST /room_sessions/{room_session_id}/actions/mute`, for the functions of
 * `./core`.
 */
export const muteParticipantsOperation: ParticipantsOperation<"mute"> =
  /* @__PURE__ */ actionOn("mute");

/**
 * `POST /room_sessions/{room_session_id}/actions/unmute`, for the functions of
 * `./core`.
 */
export const unmuteParticipantsOperation: ParticipantsOperation<"unmute"> =
  /* @__PURE__ */ actionOn("unmute");

/**
 * `POST /room_sessions/{room_session_id}/actions/kick`, for the functions of
 * `./core`.
 */
export const kickParticipantsOperation: ParticipantsOperation<"kick"> =
  /* @__PURE__ */ actionOn("kick");

/** Options for `getSession`. */
export interface GetSessionOptions extends GetSessionQuery, CallOptions {}

/** Options for `listSessions` and `allSessions`. */
export interface ListSessionsOptions extends ListSessionsQuery, CallOptions {}

/** Options for `muteParticipants`, `unmuteParticipants` and `kickParticipants`. */
export interface ParticipantsOptions extends ExcludeQuery, CallOptions {}

/**
 * Looks a session up: `GET /room_sessions/{room_session_id}` (Telnyx API
 * reference, *View a room session*).
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The session's UUID, such as a room's `active_session_id`.
 * @param opts What to ask for, and the options of every call.
 * @returns The session: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example Who is there?
 * ```ts
 * import { getSession } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id = "" } = fake.join(id, { context: "Alice" });
 *
 * const session = await getSession(fake.fetch, "any", session_id ?? "", {
 *   includeParticipants: true,
 * });
 * const there = session.participants?.filter(({ left_at }) => !left_at);
 * assertEquals(there?.map(({ context }) => context), ["Alice"]);
 * ```
 */
export async function getSession(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: GetSessionOptions = {},
): Promise<RoomSession> {
  return (await call(fetchFn, token, getSessionOperation, { id }, opts)).data;
}

/**
 * Lists an account's sessions, or those of one room, one page of them: `GET
 * /room_sessions` (Telnyx API reference, *View a list of room sessions*).
 * {@linkcode allSessions} has every page.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts What to ask for, and the options of every call.
 * @returns The page.
 * @throws {RoomsError} As {@linkcode listRooms} does.
 *
 * @example
 * ```ts
 * import { listSessions } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id: roomId }] });
 * const { session_id } = fake.join(roomId);
 *
 * const { data } = await listSessions(fake.fetch, "any", {
 *   roomId,
 *   active: true,
 * });
 * assertEquals(data.map(({ id }) => id), [session_id]);
 * ```
 */
export async function listSessions(
  fetchFn: FetchFn,
  token: string,
  opts: ListSessionsOptions = {},
): Promise<Page<RoomSession>> {
  return await call(fetchFn, token, listSessionsOperation, {}, opts);
}

/**
 * Yields every session of an account, or of one room, page after page, by the
 * rules of {@linkcode allRooms}.
 *
 * @param fetchFn What sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts What to ask for, and the options of every call.
 * @returns A generator of the sessions. It throws what {@linkcode listSessions}
 * throws, when the next one is asked for.
 *
 * @example
 * ```ts
 * import { allSessions } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id: roomId }] });
 * fake.leave(fake.join(roomId).id);
 * fake.join(roomId);
 *
 * const states = [];
 * for await (const { active } of allSessions(fake.fetch, "any", { roomId })) {
 *   states.push(active);
 * }
 * assertEquals(states, [false, true]);
 * ```
 */
export function allSessions(
  fetchFn: FetchFn,
  token: string,
  opts: ListSessionsOptions = {},
): AsyncGenerator<RoomSession, void, undefined> {
  return paginate(fetchFn, token, listSessionsOperation, {}, opts);
}

/**
 * Ends a session, and puts everyone out: `POST
 * /room_sessions/{room_session_id}/actions/end` (Telnyx API reference, *End a
 * room session*). The room stays, and whoever joins it next begins another
 * session.
 *
 * A session that has ended already is a 422; so is, after an attempt whose
 * response was lost, the next one that finds the session ended.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The session's UUID, such as a room's `active_session_id`.
 * @param opts The options of every call.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { endSession, getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.join(id, { context: "Alice" });
 *
 * const room = await getRoom(fake.fetch, "any", id);
 * await endSession(fake.fetch, "any", room.active_session_id ?? "");
 * const { active_session_id } = await getRoom(fake.fetch, "any", id);
 * assertEquals(active_session_id, null);
 * ```
 */
export async function endSession(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<void> {
  await call(fetchFn, token, endSessionOperation, { id }, opts);
}

/**
 * Mutes participants of a session: `POST
 * /room_sessions/{room_session_id}/actions/mute` (Telnyx API reference, *Mute
 * participants in a room session*).
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to spare, and the options of every call.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { muteParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const [alice, bob] = [fake.join(id), fake.join(id)];
 *
 * const session = alice.session_id ?? "";
 * await muteParticipants(fake.fetch, "any", session, "all", {
 *   exclude: [alice.id],
 * });
 * assertEquals(fake.muted, [bob.id]);
 * ```
 */
export async function muteParticipants(
  fetchFn: FetchFn,
  token: string,
  sessionId: string,
  who: Participants,
  opts: ParticipantsOptions = {},
): Promise<void> {
  const ids = { sessionId };
  await call(fetchFn, token, muteParticipantsOperation, ids, opts, who);
}

/**
 * Unmutes participants of a session: `POST
 * /room_sessions/{room_session_id}/actions/unmute` (Telnyx API reference, *Unmute
 * participants in a room session*).
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to spare, and the options of every call.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { unmuteParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const [alice, bob] = [fake.join(id), fake.join(id)];
 *
 * const session = alice.session_id ?? "";
 * await unmuteParticipants(fake.fetch, "any", session, [alice.id, bob.id]);
 * assertEquals(fake.muted, []);
 * ```
 */
export async function unmuteParticipants(
  fetchFn: FetchFn,
  token: string,
  sessionId: string,
  who: Participants,
  opts: ParticipantsOptions = {},
): Promise<void> {
  const ids = { sessionId };
  await call(fetchFn, token, unmuteParticipantsOperation, ids, opts, who);
}

/**
 * Puts participants out of a session: `POST
 * /room_sessions/{room_session_id}/actions/kick` (Telnyx API reference, *Kick
 * participants from a room session*). Their join tokens stay good: whoever has one may
 * come back until it ends.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to spare, and the options of every call.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { kickParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const [alice, bob] = [fake.join(id), fake.join(id)];
 *
 * const session = alice.session_id ?? "";
 * await kickParticipants(fake.fetch, "any", session, [bob.id]);
 * assertEquals(fake.present(id).map(({ id }) => id), [alice.id]);
 * ```
 */
export async function kickParticipants(
  fetchFn: FetchFn,
  token: string,
  sessionId: string,
  who: Participants,
  opts: ParticipantsOptions = {},
): Promise<void> {
  const ids = { sessionId };
  await call(fetchFn, token, kickParticipantsOperation, ids, opts, who);
}
