// Rooms: the functions and their options.
import type { Page } from "../core/list.ts";
import {
  createRoomOperation,
  deleteRoomOperation,
  getRoomOperation,
  type GetRoomOptions,
  listRoomsOperation,
  type ListRoomsOptions,
  type Room,
  type RoomFields,
  updateRoomOperation,
} from "../core/rooms.ts";
import type { CallOptions } from "../core/call_options.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { type AllOptions, paginate } from "./paginate.ts";

/**
 * Gets a room: its name, its settings and whether it is in session. `GET
 * /rooms/{room_id}` (Telnyx API reference, *View a room*).
 *
 * The room is as received: field names are those on the wire, unknown fields are
 * kept, and a field of the wrong type is an error that names it. The returned
 * `id` is not checked against the requested one.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param opts Query and call options.
 * @returns The room: the `data` of the response's body.
 * @throws {InvalidArgumentError} If an argument is invalid.
 * @throws {ApiError} If the response's status is not 200, redirects included.
 * @throws {NetworkError} If no response arrives, or it breaks off.
 * @throws {TimeoutError} If the response takes too long.
 * @throws {InvalidResponseError} If the response is not a room as documented.
 * @throws {ResponseTooLargeError} If the response is too large.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example Look up a room
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
 * @example Include its sessions, within two seconds
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
  const args = { ids: { id } };
  return (await call(fetchFn, token, getRoomOperation, args, opts)).data;
}

/**
 * Lists an account's rooms, one page at a time: `GET /rooms` (Telnyx API
 * reference, *View a list of rooms*). {@linkcode allRooms} reads every page.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options: of what a user sent, pick the filters by
 * name, since the whole object could set `baseUrl`.
 * @returns The page. It is not documented whether a page past the last one is
 * empty or an error.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example The second page of the rooms created in a month
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
  const args = { ids: {} };
  return await call(fetchFn, token, listRoomsOperation, args, opts);
}

/**
 * Yields every room of an account, page by page. A page is fetched when its
 * first room is needed, so a `break` out of the loop costs no further request.
 *
 * It ends after the last page according to the latest response, at an empty
 * page, or at a page past the end; so each request but the last yields at least
 * one room. It is an error if the list has twice as many pages as at first and
 * still continues, after a million pages, if the same pages come again and again,
 * or if Telnyx sends another page than the requested one, since rooms would
 * be missing.
 *
 * Pages are numbered, so rooms that are created or deleted meanwhile shift the
 * others: a room can appear twice (compare its `id`) or be skipped. Large pages
 * make that rarer and need fewer requests: the default is 250 rooms each. Do not
 * delete rooms within the loop, since others would be skipped, such as 250 of 600:
 * collect their ids first.
 *
 * Timeouts, retries and limits apply to each page, and `onAttempt` counts from
 * 1 on each. It ends with the first error: start over, or continue from that
 * page with `pageNumber`.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns A generator of the rooms. Its `next()` rejects as
 * {@linkcode listRooms} does, also for invalid arguments, and with the signal's
 * reason once `opts.signal` has aborted.
 *
 * @example List the rooms in session
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
 *
 * @example Delete every room: collect their ids first
 * ```ts
 * import { allRooms, deleteRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const ids = ["72", "73", "74"].map((end) =>
 *   `7b61621f-62e0-4aad-ab11-9fd19e272e${end}`
 * );
 * const fake = fakeRooms({ rooms: ids.map((id) => ({ id })) });
 *
 * const found: string[] = [];
 * const opts = { pageSize: 1 };
 * for await (const { id } of allRooms(fake.fetch, "any", opts)) found.push(id);
 * for (const id of found) await deleteRoom(fake.fetch, "any", id);
 * assertEquals(fake.rooms, []);
 * ```
 */
export function allRooms(
  fetchFn: FetchFn,
  token: string,
  opts: ListRoomsOptions & AllOptions = {},
): AsyncGenerator<Room, void, undefined> {
  return paginate(fetchFn, token, listRoomsOperation, opts);
}

/**
 * Creates a room: `POST /rooms` (Telnyx API reference, *Create a room*).
 *
 * It is not idempotent: the API has no idempotency key, and a second request
 * would create a second room. So it is retried only when the response proves that
 * nothing was done: a 429, or a 503 with `Retry-After`. After any other error,
 * `mayHaveTakenEffect` says whether the room may exist: look for it by name
 * before you call again.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param room The room's fields; `{}` for the defaults.
 * @param opts Call options.
 * @returns The room: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
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
  const args = { ids: {}, payload: room };
  return (await call(fetchFn, token, createRoomOperation, args, opts)).data;
}

/**
 * Changes a room: `PATCH /rooms/{room_id}` (Telnyx API reference, *Update a
 * room*). A field that is left out apparently stays the same; Telnyx
 * documents neither that nor the effect of null.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param changes The fields to change.
 * @param opts Call options.
 * @returns The updated room: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
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
  const args = { ids: { id }, payload: changes };
  return (await call(fetchFn, token, updateRoomOperation, args, opts)).data;
}

/**
 * Deletes a room: `DELETE /rooms/{room_id}` (Telnyx API reference, *Delete a
 * room*). Everyone in it is removed, and nobody can join it any more.
 *
 * A 404 after a failed attempt is a success: that attempt may have deleted it.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param opts Call options.
 * @throws {RoomsError} As {@linkcode getRoom} does.
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
  const args = { ids: { id } };
  await call(fetchFn, token, deleteRoomOperation, args, opts);
}
