/**
 * The pure pieces of a look-up and a listing, for use with another HTTP client:
 * they know no clock, no network and no randomness.
 *
 * @example Look a room up with a client of your own
 * ```ts
 * import { parseRoom, roomRequest } from "@videorooms/telnyx/core";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const client = fakeRooms({ rooms: [{ id }] }).fetch;
 *
 * const { url, ...init } = roomRequest("any", id);
 * const response = await client(url, init);
 * const room = parseRoom(
 *   response.status,
 *   response.headers,
 *   await response.text(),
 * );
 * assertEquals(room.id, id);
 * ```
 *
 * @module
 */
export {
  type RoomRequest,
  roomRequest,
  type RoomRequestOptions,
} from "./request.ts";
export { parseRoom } from "./response.ts";
export {
  type DateFilter,
  type PageMeta,
  parseRooms,
  type RoomPage,
  roomsRequest,
  type RoomsRequestOptions,
} from "./list_rooms.ts";
export type { ResponseHeaders } from "./rate_limit.ts";
export { retryDelay, type RetryPolicy, type RetryState } from "./retry.ts";
export type { Room, RoomParticipant, RoomSession } from "./room.ts";
export {
  ApiError,
  type ApiErrorCode,
  type ApiErrorContext,
  type ApiErrorDetail,
  InvalidArgumentError,
  InvalidResponseError,
  NetworkError,
  type RateLimit,
  ResponseTooLargeError,
  RoomsError,
  type RoomsErrorCode,
  TimeoutError,
} from "./errors.ts";
