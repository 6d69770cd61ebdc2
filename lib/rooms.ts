import { inRange, name } from "./arguments.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { call, type CallOptions } from "./call.ts";
import { dataOf, type Delete, type Get, type Send } from "./data.ts";
import { type DateFilter, dateFilter, toBounds } from "./date_filter.ts";
import {
  array,
  boolean,
  type Decoder,
  integer,
  object,
  string,
} from "./decode.ts";
import { jsonBody } from "./json_body.ts";
import { notRepeatable } from "./not_repeatable.ts";
import {
  type List,
  listOf,
  type Page,
  type PageOptions,
  paginate,
} from "./page.ts";
import { type RoomSession, session } from "./sessions.ts";
import { type WebhookFields, withWebhooks } from "./webhook_fields.ts";

/**
 * A video room, its fields named as on the wire (Telnyx API reference, *View a
 * room*). Only `id` is sure to be there; any other field may be absent or null,
 * since the API marks none as required. Fields that are not listed are kept as
 * well.
 */
export interface Room {
  /** UUID of the room. */
  id: string;
  /** How many people may be in the room at once. */
  max_participants?: number | null;
  /** The room's name, unique within the account; null for a room without one. */
  unique_name?: string | null;
  /** When the room was made, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When the room last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** UUID of the session that is going on; null or absent when none is. */
  active_session_id?: string | null;
  /** The room's sessions; absent, null or empty unless they were asked for. */
  sessions?: RoomSession[] | null;
  /** Whether sessions in this room are recorded. */
  enable_recording?: boolean | null;
  /** Where the room's webhooks go; null, absent or empty for nowhere. */
  webhook_event_url?: string | null;
  /** Where webhooks go when `webhook_event_url` fails; `""` for nowhere. */
  webhook_event_failover_url?: string | null;
  /** Seconds to wait for a webhook's receiver, 0 to 30. */
  webhook_timeout_secs?: number | null;
  /**
   * Video codecs of the room, such as `["h264", "vp8"]`: in every recorded
   * response of the API, though in none of its documents.
   */
  video_codecs?: string[] | null;
  /** `"room"` */
  record_type?: string | null;
}

/** The shape of a {@linkcode Room}. */
export const room: Decoder<Room> = /* @__PURE__ */ object<Room>({
  id: [string, "required"],
  max_participants: integer,
  unique_name: string,
  created_at: string,
  updated_at: string,
  active_session_id: string,
  sessions: /* @__PURE__ */ array(session),
  enable_recording: boolean,
  webhook_event_url: string,
  webhook_event_failover_url: string,
  webhook_timeout_secs: integer,
  video_codecs: /* @__PURE__ */ array(string),
  record_type: string,
});

/**
 * What a room can be made with, or changed to. Fields that are not listed are
 * sent as well.
 */
export interface RoomFields extends WebhookFields {
  /** A name, unique within the account. Default: none. */
  unique_name?: string | undefined;
  /** How many people may be in the room at once, 2 to 50. Default: 10. */
  max_participants?: number | undefined;
  /** Whether sessions in the room are recorded. Default: false. */
  enable_recording?: boolean | undefined;
}

const roomFields: Decoder<RoomFields> = /* @__PURE__ */ object<RoomFields>(
  /* @__PURE__ */ withWebhooks<RoomFields>({
    unique_name: [name, "optional"],
    max_participants: [/* @__PURE__ */ inRange("integer", 2, 50), "optional"],
    enable_recording: [boolean, "optional"],
  }),
);

/** What the look-up of a room can be asked for. */
export interface GetRoomQuery {
  /**
   * Whether the sessions are in the response (`include_sessions`); left out of
   * the query when undefined, which leaves the choice to the provider.
   */
  includeSessions?: boolean | undefined;
}

/** What a list of rooms can be asked for. */
export interface ListRoomsQuery extends GetRoomQuery, PageOptions {
  /** The room of that name (`filter[unique_name]`). */
  uniqueName?: string | undefined;
  /** Rooms that were made then (`filter[date_created_at]`). */
  createdAt?: DateFilter | undefined;
  /** Rooms that last changed then (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
}

/** `GET /rooms/{id}`, for the functions of `./core`. */
export const getRoomOperation: Get<"/rooms/{id}", Room, GetRoomQuery> = {
  method: "GET",
  path: "/rooms/{id}",
  options: { includeSessions: ["include_sessions", boolean] },
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(room),
};

/** `GET /rooms`, for the functions of `./core`. */
export const listRoomsOperation: List<"/rooms", Room, ListRoomsQuery> =
  /* @__PURE__ */ listOf("/rooms", room, {
    includeSessions: ["include_sessions", boolean],
    createdAt: ["filter[date_created_at]", dateFilter, toBounds],
    updatedAt: ["filter[date_updated_at]", dateFilter, toBounds],
    uniqueName: ["filter[unique_name]", name],
  });

/** `POST /rooms`, for the functions of `./core`. */
export const createRoomOperation: Send<"/rooms", RoomFields, Room> = {
  method: "POST",
  path: "/rooms",
  body: /* @__PURE__ */ jsonBody("room", roomFields),
  status: 201,
  repeatable: false, // a second room would be made
  result: /* @__PURE__ */ dataOf(room),
};

/** `PATCH /rooms/{id}`, for the functions of `./core`. */
export const updateRoomOperation: Send<"/rooms/{id}", RoomFields, Room> = {
  method: "PATCH",
  path: "/rooms/{id}",
  body: /* @__PURE__ */ jsonBody("changes", roomFields),
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(room),
};

/** `DELETE /rooms/{id}`, for the functions of `./core`. */
export const deleteRoomOperation: Delete<"/rooms/{id}"> = {
  method: "DELETE",
  path: "/rooms/{id}",
  status: 204,
  repeatable: true,
};

/** Options for `getRoom`. */
export interface GetRoomOptions extends GetRoomQuery, CallOptions {}

/** Options for `listRooms` and `allRooms`. */
export interface ListRoomsOptions extends ListRoomsQuery, CallOptions {}

/**
 * Looks a room up: `GET /rooms/{room_id}` (Telnyx API reference, *View a
 * room*).
 *
 * It touches nothing but `fetchFn`, timers and the clock. When the promise
 * settles, however it does, no timer, listener or open body is left behind.
 *
 * The room is what came: fields are named as on the wire, unknown fields are
 * kept, and a field of the wrong type is an error that says where. Its `id`
 * is not compared with `id`.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param opts What to ask for, where, how long and how often.
 * @returns The room: the `data` of the response's body.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 * @throws {ApiError} If the response's status is not 200, redirects included.
 * @throws {NetworkError} If no response came, or it broke off.
 * @throws {TimeoutError} If the response took too long.
 * @throws {InvalidResponseError} If the response is not a room as documented.
 * @throws {ResponseTooLargeError} If the response is too large.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example Look a room up
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const { fetch } = fakeRooms({ rooms: [{ id, unique_name: "My Room" }] });
 *
 * const room = await getRoom(fetch, "any", id);
 * assertEquals(room.unique_name, "My Room");
 * ```
 *
 * @example With its sessions, in two seconds at the most
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.fault({ status: 503 });
 *
 * const statuses: unknown[] = [];
 * const room = await getRoom(fake.fetch, "any", id, {
 *   includeSessions: true,
 *   timeoutMs: 2000,
 *   retry: { baseDelayMs: 10 },
 *   onAttempt: ({ status }) => statuses.push(status),
 * });
 * assertEquals(room.sessions, []);
 * assertEquals(statuses, [503, 200]);
 * ```
 */
export async function getRoom(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: GetRoomOptions = {},
): Promise<Room> {
  return (await call(fetchFn, token, getRoomOperation, { id }, opts)).data;
}

/**
 * Lists an account's rooms, one page of them: `GET /rooms` (Telnyx API
 * reference, *View a list of rooms*). {@linkcode allRooms} has every page.
 *
 * Like `getRoom`, it touches nothing but `fetchFn`, timers and the clock, leaves
 * nothing behind, and resolves to the page as it came, unknown fields included,
 * or rejects with an error that says where it is wrong.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts What to ask for, where, how long and how often.
 * @returns The page. Whether a page past the last one is empty or an error is
 * not documented.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 * @throws {ApiError} If the response's status is not 200, redirects included.
 * @throws {NetworkError} If no response came, or it broke off.
 * @throws {TimeoutError} If the response took too long.
 * @throws {InvalidResponseError} If the response is not a page as documented.
 * @throws {ResponseTooLargeError} If the response is too large.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example The second page of the rooms that were made in a month
 * ```ts
 * import { listRooms } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const rooms = ["01", "14", "28"].map((day) => ({
 *   id: `7b61621f-62e0-4aad-ab11-9fd19e272e${day}`,
 *   created_at: `2026-02-${day}T09:46:20.954863Z`,
 * }));
 * const { fetch } = fakeRooms({ rooms });
 *
 * const { data, meta } = await listRooms(fetch, "any", {
 *   createdAt: { gte: "2026-02-01", lte: "2026-02-28" },
 *   pageNumber: 2,
 *   pageSize: 2,
 * });
 * assertEquals(data.map(({ id }) => id), [rooms[2]?.id]);
 * assertEquals(meta.total_results, 3);
 * ```
 */
export async function listRooms(
  fetchFn: FetchFn,
  token: string,
  opts: ListRoomsOptions = {},
): Promise<Page<Room>> {
  return await call(fetchFn, token, listRoomsOperation, {}, opts);
}

/**
 * Yields every room of an account, page after page. A page is fetched when its
 * first room is asked for, so to `break` out of the loop costs no request.
 *
 * It ends after the page that the last response has for the last one, at an
 * empty page, or at a page past the end. So each request but the last brings
 * at least one room. A list that has doubled its pages while it is read, and
 * still has no end, is an error; and so is another page than the one asked
 * for, since rooms would be missing.
 *
 * Pages are counted, so rooms that are made or removed meanwhile move the
 * others: one can come twice, which its `id` tells, or be passed over. Large
 * pages make that rarer, and requests fewer: hence 250 rooms on each, unless
 * `pageSize` says otherwise.
 *
 * Time-outs, retries and bounds hold for each page by itself, and `onAttempt`
 * counts from 1 on each. A failure ends it: start anew, or from that page with
 * `pageNumber`.
 *
 * @param fetchFn What sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts What to ask for, where, how long and how often.
 * @returns A generator of the rooms. It throws what {@linkcode listRooms}
 * throws, also of the arguments, when the next room is asked for; and the
 * signal's reason once `opts.signal` has aborted.
 *
 * @example Who is in session?
 * ```ts
 * import { allRooms } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const rooms = [{ id, unique_name: "Standup", active_session_id: id }];
 * const { fetch } = fakeRooms({ rooms });
 *
 * const names: unknown[] = [];
 * for await (const room of allRooms(fetch, "any")) {
 *   if (room.active_session_id) names.push(room.unique_name);
 * }
 * assertEquals(names, ["Standup"]);
 * ```
 */
export function allRooms(
  fetchFn: FetchFn,
  token: string,
  opts: ListRoomsOptions = {},
): AsyncGenerator<Room, void, undefined> {
  return paginate(fetchFn, token, listRoomsOperation, {}, opts);
}

/**
 * Creates a room: `POST /rooms` (Telnyx API reference, *Create a room*).
 *
 * It is not repeatable, since the API has no idempotency key and a second
 * request would make a second room. So it is sent again only after a response
 * that says that nothing was done: a 429, or a 503 with `Retry-After`. Any other
 * failure after the request was sent says that the room may have been made: look
 * for it, by its name, before you call again.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param room What the room is made with; `{}` for the defaults.
 * @param opts Where to send it, how long it may take, how often to try.
 * @returns The room: the `data` of the response's body.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 * @throws {ApiError} If the response's status is not 201, redirects included.
 * @throws {NetworkError} If no response came, or it broke off.
 * @throws {TimeoutError} If the response took too long.
 * @throws {InvalidResponseError} If the response is not a room as documented.
 * @throws {ResponseTooLargeError} If the response is too large.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example
 * ```ts
 * import { createRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = fakeRooms();
 * const room = await createRoom(fetch, "any", {
 *   unique_name: "Standup",
 *   max_participants: 8,
 * });
 * assertEquals(room.max_participants, 8);
 * ```
 */
export async function createRoom(
  fetchFn: FetchFn,
  token: string,
  room: RoomFields,
  opts: CallOptions = {},
): Promise<Room> {
  const calling = call(fetchFn, token, createRoomOperation, {}, opts, room);
  return (await notRepeatable(calling)).data;
}

/**
 * Changes a room: `PATCH /rooms/{room_id}` (Telnyx API reference, *Update a
 * room*). By all appearances, a field that is left out stays as it is; the
 * provider documents neither that nor what null does.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param changes The fields to change.
 * @param opts Where to send it, how long it may take, how often to try.
 * @returns The room as it is now: the `data` of the response's body.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 * @throws {ApiError} If the response's status is not 200, redirects included.
 * @throws {NetworkError} If no response came, or it broke off.
 * @throws {TimeoutError} If the response took too long.
 * @throws {InvalidResponseError} If the response is not a room as documented.
 * @throws {ResponseTooLargeError} If the response is too large.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example
 * ```ts
 * import { updateRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const { fetch } = fakeRooms({ rooms: [{ id, max_participants: 8 }] });
 *
 * const room = await updateRoom(fetch, "any", id, { enable_recording: true });
 * assertEquals([room.enable_recording, room.max_participants], [true, 8]);
 * ```
 */
export async function updateRoom(
  fetchFn: FetchFn,
  token: string,
  id: string,
  changes: RoomFields,
  opts: CallOptions = {},
): Promise<Room> {
  const ids = { id };
  const operation = updateRoomOperation;
  return (await call(fetchFn, token, operation, ids, opts, changes)).data;
}

/**
 * Deletes a room: `DELETE /rooms/{room_id}` (Telnyx API reference, *Delete a
 * room*). Whoever is in it is put out, and nobody can join it any more.
 *
 * If an attempt fails after the request was sent, and the next one meets a 404,
 * the room is gone as it should be, and the call succeeds.
 *
 * @param fetchFn What sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param opts Where to send it, how long it may take, how often to try.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 * @throws {ApiError} If the response's status is not 204, redirects included.
 * @throws {NetworkError} If no response came, or it broke off.
 * @throws {TimeoutError} If the response took too long.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example
 * ```ts
 * import { ApiError, deleteRoom, getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const { fetch } = fakeRooms({ rooms: [{ id }] });
 *
 * await deleteRoom(fetch, "any", id);
 * const error = await assertRejects(() => getRoom(fetch, "any", id), ApiError);
 * assertEquals(error.status, 404);
 * ```
 */
export async function deleteRoom(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<void> {
  await call(fetchFn, token, deleteRoomOperation, { id }, opts);
}
