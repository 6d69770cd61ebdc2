// Sessions: types, shapes, operations and functions.
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
 * A period in which a room is or was in use. Only `id` is guaranteed; any other
 * field may be absent or null, since the API marks none as required. Unlisted
 * fields are kept.
 */
export interface RoomSession {
  /** UUID of the session. */
  id: string;
  /** UUID of the room. */
  room_id?: string | null;
  /** Whether the session is active. */
  active?: boolean | null;
  /** When the session started, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the session ended, ISO 8601; null or absent while it is active. */
  ended_at?: string | null;
  /** Past and present participants; absent, null or empty unless requested. */
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

/** Query options for `getSession`. */
export interface GetSessionQuery {
  /**
   * Whether the response includes the participants (`include_participants`).
   * Default: not sent, so the provider decides.
   */
  includeParticipants?: boolean | undefined;
}

/** Query options for `listSessions` and `allSessions`. */
export interface ListSessionsQuery extends GetSessionQuery, PageOptions {
  /** Sessions of this room (`filter[room_id]`). */
  roomId?: string | undefined;
  /** Only active sessions, or only ended ones (`filter[active]`). */
  active?: boolean | undefined;
  /** Sessions started on these days (`filter[date_created_at]`). */
  createdAt?: DateFilter | undefined;
  /** Sessions last changed on these days (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
  /** Sessions ended on these days (`filter[date_ended_at]`). */
  endedAt?: DateFilter | undefined;
}

/** Participants of a session: all, or those with these UUIDs (at least one). */
export type Participants = "all" | readonly string[];

const participants: Decoder<Participants> = /* @__PURE__ */ where(
  `"all" or an array of UUIDs`,
  (value) =>
    value === "all" ||
    Array.isArray(value) && value.length > 0 && !value.some(uuid),
);

/** The option of an action on participants. */
export interface ExcludeQuery {
  /** UUIDs of participants to exclude, if the action is on `"all"`. */
  exclude?: string[] | undefined;
}

/** The result of an action. */
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
 * `./core`. A session ends only once, so it may be repeated.
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

/** An action on participants. It is idempotent. */
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

/**
 * Options for `muteParticipants`, `unmuteParticipants` and `kickParticipants`.
 */
export interface ParticipantsOptions extends ExcludeQuery, CallOptions {}

/**
 * Looks up a session: `GET /room_sessions/{room_session_id}` (Telnyx API
 * reference, *View a room session*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The session's UUID, such as a room's `active_session_id`.
 * @param opts Query and call options.
 * @returns The session: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example List who is present
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
 * Lists an account's sessions, or those of one room, one page at a time: `GET
 * /room_sessions` (Telnyx API reference, *View a list of room sessions*).
 * {@linkcode allSessions} reads every page.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options.
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
 * Yields every session of an account, or of one room, page by page, by the
 * rules of {@linkcode allRooms}.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options.
 * @returns A generator of the sessions, which rejects as
 * {@linkcode listSessions} does.
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
 * Ends a session and removes everyone from it: `POST
 * /room_sessions/{room_session_id}/actions/end` (Telnyx API reference, *End a
 * room session*). The room stays; the next person to join starts a new session.
 *
 * If the session has ended already, the response is a 422, also if an earlier
 * attempt of the same call ended it and its response was lost.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The session's UUID, such as a room's `active_session_id`.
 * @param opts Call options.
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
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to exclude, and call options.
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
 * /room_sessions/{room_session_id}/actions/unmute` (Telnyx API reference,
 * *Unmute participants in a room session*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to exclude, and call options.
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
 * Removes participants from a session: `POST
 * /room_sessions/{room_session_id}/actions/kick` (Telnyx API reference, *Kick
 * participants from a room session*). Their join tokens stay valid: they can
 * come back until the tokens expire.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to exclude, and call options.
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
