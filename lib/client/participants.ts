// Participants: types, shapes, operations and functions.
import { name, uuid } from "./arguments.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { call, type CallOptions } from "./call.ts";
import { dataOf, type Get } from "./data.ts";
import { type DateFilter, dateFilter, toBounds } from "./date_filter.ts";
import { type Decoder, object, string } from "./decode.ts";
import {
  type List,
  listOf,
  type Page,
  type PageOptions,
  paginate,
} from "./page.ts";

/**
 * Someone who is or was in a session. Only `id` is guaranteed; any other field
 * may be absent or null, since the API marks none as required. Unlisted fields
 * are kept.
 */
export interface RoomParticipant {
  /** UUID of this stay in the session. */
  id: string;
  /** UUID of the session. */
  session_id?: string | null;
  /** Set by the client SDK: a name, or JSON as text. */
  context?: string | null;
  /** When the person joined, ISO 8601 with microseconds. */
  joined_at?: string | null;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the person left, ISO 8601; null or absent while present. */
  left_at?: string | null;
  /** `"room_participant"` */
  record_type?: string | null;
}

/** The shape of a {@linkcode RoomParticipant}. */
export const participant: Decoder<RoomParticipant> = /* @__PURE__ */ object<
  RoomParticipant
>({
  id: [string, "required"],
  session_id: string,
  context: string,
  joined_at: string,
  updated_at: string,
  left_at: string,
  record_type: string,
});

/** Query options for `listParticipants` and `allParticipants`. */
export interface ListParticipantsQuery extends PageOptions {
  /** Participants of this session (`filter[session_id]`). */
  sessionId?: string | undefined;
  /**
   * Participants with this context (`filter[context]`); whether a part of it
   * matches is not documented.
   */
  context?: string | undefined;
  /** Participants who joined on these days (`filter[date_joined_at]`). */
  joinedAt?: DateFilter | undefined;
  /** Participants last changed on these days (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
  /** Participants who left on these days (`filter[date_left_at]`). */
  leftAt?: DateFilter | undefined;
}

/**
 * `GET /room_participants/{room_participant_id}`, for the functions of
 * `./core`.
 */
export const getParticipantOperation: Get<
  "/room_participants/{id}",
  RoomParticipant
> = {
  method: "GET",
  path: "/room_participants/{id}",
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(participant),
};

/** `GET /room_participants`, for the functions of `./core`. */
export const listParticipantsOperation: List<
  "/room_participants",
  RoomParticipant,
  ListParticipantsQuery
> = /* @__PURE__ */ listOf("/room_participants", participant, {
  sessionId: ["filter[session_id]", uuid],
  context: ["filter[context]", name],
  joinedAt: ["filter[date_joined_at]", dateFilter, toBounds],
  updatedAt: ["filter[date_updated_at]", dateFilter, toBounds],
  leftAt: ["filter[date_left_at]", dateFilter, toBounds],
});

/** Options for `listParticipants` and `allParticipants`. */
export interface ListParticipantsOptions
  extends ListParticipantsQuery, CallOptions {}

/**
 * Looks up a participant: `GET /room_participants/{room_participant_id}`
 * (Telnyx API reference, *View a room participant*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The participant's UUID.
 * @param opts Call options.
 * @returns The participant: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { getParticipant } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const alice = fake.join(id, { context: "Alice" });
 *
 * const { context } = await getParticipant(fake.fetch, "any", alice.id);
 * assertEquals(context, "Alice");
 * ```
 */
export async function getParticipant(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<RoomParticipant> {
  const ids = { id };
  return (await call(fetchFn, token, getParticipantOperation, ids, opts)).data;
}

/**
 * Lists an account's participants, or those of one session, one page of them:
 * `GET /room_participants` (Telnyx API reference, *View a list of room
 * participants*). {@linkcode allParticipants} reads every page.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options.
 * @returns The page.
 * @throws {RoomsError} As {@linkcode listRooms} does.
 *
 * @example
 * ```ts
 * import { listParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id } = fake.join(id, { context: "Alice" });
 *
 * const { data } = await listParticipants(fake.fetch, "any", {
 *   sessionId: session_id ?? "",
 * });
 * assertEquals(data.map(({ context }) => context), ["Alice"]);
 * ```
 */
export async function listParticipants(
  fetchFn: FetchFn,
  token: string,
  opts: ListParticipantsOptions = {},
): Promise<Page<RoomParticipant>> {
  return await call(fetchFn, token, listParticipantsOperation, {}, opts);
}

/**
 * Yields every participant of an account, or of one session, page by page, by
 * the rules of {@linkcode allRooms}.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options.
 * @returns A generator of the participants, which rejects as
 * {@linkcode listParticipants} does.
 *
 * @example
 * ```ts
 * import { allParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * for (const context of ["Alice", "Bob"]) fake.join(id, { context });
 *
 * const names = [];
 * for await (const { context } of allParticipants(fake.fetch, "any")) {
 *   names.push(context);
 * }
 * assertEquals(names, ["Alice", "Bob"]);
 * ```
 */
export function allParticipants(
  fetchFn: FetchFn,
  token: string,
  opts: ListParticipantsOptions = {},
): AsyncGenerator<RoomParticipant, void, undefined> {
  return paginate(fetchFn, token, listParticipantsOperation, {}, opts);
}
