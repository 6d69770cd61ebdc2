// Join tokens: the functions and their options.
import {
  createJoinTokenOperation,
  type CreateJoinTokenOptions,
  type JoinToken,
  type RefreshedJoinToken,
  refreshJoinTokenOperation,
  type RefreshJoinTokenOptions,
} from "../core/join_tokens.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";

/**
 * Creates a token for joining a room, for one person's client: `POST
 * /rooms/{room_id}/actions/generate_join_client_token` (Telnyx API reference,
 * *Create Client Token to join a room*).
 *
 * The token admits its bearer to the room until it expires and cannot be
 * revoked: authenticate the person first, and keep it out of logs.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param roomId The room's UUID.
 * @param opts Lifetimes of the tokens, and call options.
 * @returns The token and its refresh token: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does; success is status 201.
 *
 * @example
 * ```ts
 * import { createJoinToken } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 *
 * const { token } = await createJoinToken(fake.fetch, "any", id, {
 *   tokenTtlSecs: 60,
 * });
 * const person = fake.join(id, { context: "Alice", token });
 * assertEquals(person.context, "Alice");
 * ```
 */
export async function createJoinToken(
  fetchFn: FetchFn,
  token: string,
  roomId: string,
  opts: CreateJoinTokenOptions = {},
): Promise<JoinToken> {
  const args = { ids: { roomId } };
  return (await call(fetchFn, token, createJoinTokenOperation, args, opts))
    .data;
}

/**
 * Creates a new token for joining a room from a refresh token: `POST
 * /rooms/{room_id}/actions/refresh_client_token` (Telnyx API reference,
 * *Refresh Client Token to join a room*). The refresh token stays the same.
 *
 * The reference page does not require the API key; this function sends it, as
 * Telnyx's SDK does. No error contains the refresh token.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param roomId The room's UUID.
 * @param refreshToken The `refresh_token` of {@linkcode createJoinToken}.
 * @param opts Lifetime of the token, and call options.
 * @returns The token: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does; success is status 201. An
 * expired refresh token is apparently a 403.
 *
 * @example
 * ```ts
 * import { createJoinToken, refreshJoinToken } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assert } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const { fetch } = fakeRooms({ rooms: [{ id }] });
 *
 * const { refresh_token } = await createJoinToken(fetch, "any", id);
 * const { token } = await refreshJoinToken(fetch, "any", id, refresh_token);
 * assert(token);
 * ```
 */
export async function refreshJoinToken(
  fetchFn: FetchFn,
  token: string,
  roomId: string,
  refreshToken: string,
  opts: RefreshJoinTokenOptions = {},
): Promise<RefreshedJoinToken> {
  const args = { ids: { roomId }, payload: refreshToken };
  return (await call(fetchFn, token, refreshJoinTokenOperation, args, opts))
    .data;
}
