import { checkType } from "./arguments.ts";
import type { FetchFn } from "./attempt.ts";
import { roomRequest, type RoomRequestOptions } from "./request.ts";
import { roomBody } from "./response.ts";
import type { Room } from "./room.ts";
import { type CallOptions, send } from "./send.ts";

/**
 * Everything that can be said of a look-up. All of it is optional.
 *
 * @example Options for every call of an endpoint
 * ```ts
 * import { getRoom, type GetRoomOptions } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const quick: GetRoomOptions = { timeoutMs: 2000, retry: false };
 *
 * const { fetch } = fakeRooms({ rooms: [{ id }] });
 * assertEquals((await getRoom(fetch, "any", id, quick)).id, id);
 * ```
 */
export interface GetRoomOptions extends RoomRequestOptions, CallOptions {}

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
 * @returns The room: the `data` of the answer's body.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 * @throws {ApiError} If the answer's status is not 200, redirects included.
 * @throws {NetworkError} If no answer came, or it broke off.
 * @throws {TimeoutError} If the answer took too long.
 * @throws {InvalidResponseError} If the answer is not a room as documented.
 * @throws {ResponseTooLargeError} If the answer is too large.
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
  checkType("opts", "object", opts);
  const request = roomRequest(token, id, opts);
  return (await send(fetchFn, request, token, roomBody, opts)).data;
}
