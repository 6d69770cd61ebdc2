// Join tokens: types, shapes, operations and functions.
import { inRange, visibleText } from "./arguments.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { call, type CallOptions } from "./call.ts";
import { type Data, dataOf, type Get } from "./data.ts";
import { type Decoder, object, string } from "./decode.ts";
import { jsonBody } from "./json_body.ts";
import type { Operation } from "./operation.ts";

/**
 * A token for joining a room, with field names as on the wire. Unlisted fields
 * are kept. This module treats tokens as opaque.
 */
export interface RefreshedJoinToken {
  /** The token, for the person's client. A secret, like the API key. */
  token: string;
  /** When the token expires, ISO 8601. */
  token_expires_at?: string | null;
}

/** A token for joining a room, with a refresh token to get new ones. */
export interface JoinToken extends RefreshedJoinToken {
  /** The token for {@linkcode refreshJoinToken}. A secret, like the API key. */
  refresh_token: string;
  /** When the refresh token expires, ISO 8601. */
  refresh_token_expires_at?: string | null;
}

const refreshedJoinToken: Decoder<RefreshedJoinToken> = /* @__PURE__ */ object<
  RefreshedJoinToken
>({
  token: [string, "required"],
  token_expires_at: string,
});

const joinToken: Decoder<JoinToken> = /* @__PURE__ */ object<JoinToken>({
  token: [string, "required"],
  token_expires_at: string,
  refresh_token: [string, "required"],
  refresh_token_expires_at: string,
});

/** Query options for `refreshJoinToken`. */
export interface RefreshJoinTokenQuery {
  /** Lifetime of the token in seconds, 10 to 3600. Default: 600. */
  tokenTtlSecs?: number | undefined;
}

/** Query options for `createJoinToken`. */
export interface CreateJoinTokenQuery extends RefreshJoinTokenQuery {
  /** Lifetime of the refresh token in seconds, 60 to 86 400. Default: 3600. */
  refreshTokenTtlSecs?: number | undefined;
}

const ttl = /* @__PURE__ */ inRange("integer", 10, 3600);

/**
 * `POST /rooms/{room_id}/actions/generate_join_client_token`, for the functions
 * of `./core`. It may be repeated, since a token that nobody received does
 * no harm.
 */
export const createJoinTokenOperation: Get<
  "/rooms/{roomId}/actions/generate_join_client_token",
  JoinToken,
  CreateJoinTokenQuery
> = {
  method: "POST",
  path: "/rooms/{roomId}/actions/generate_join_client_token",
  body: /* @__PURE__ */ jsonBody<never>(),
  options: {
    tokenTtlSecs: ["token_ttl_secs", ttl],
    refreshTokenTtlSecs: [
      "refresh_token_ttl_secs",
      /* @__PURE__ */ inRange("integer", 60, 86_400),
    ],
  },
  status: 201,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(joinToken),
};

/**
 * `POST /rooms/{room_id}/actions/refresh_client_token`, for the functions of
 * `./core`. It may be repeated, since the refresh token stays valid.
 */
export const refreshJoinTokenOperation: Operation<
  "/rooms/{roomId}/actions/refresh_client_token",
  RefreshJoinTokenQuery,
  string,
  Data<RefreshedJoinToken>
> = {
  method: "POST",
  path: "/rooms/{roomId}/actions/refresh_client_token",
  options: { tokenTtlSecs: ["token_ttl_secs", ttl] },
  body: /* @__PURE__ */ jsonBody("refreshToken", visibleText, "refresh_token"),
  isSecret: true,
  status: 201,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(refreshedJoinToken),
};

/** Options for `createJoinToken`. */
export interface CreateJoinTokenOptions
  extends CreateJoinTokenQuery, CallOptions {}

/** Options for `refreshJoinToken`. */
export interface RefreshJoinTokenOptions
  extends RefreshJoinTokenQuery, CallOptions {}

/**
 * Creates a token for joining a room, for one person's client: `POST
 * /rooms/{room_id}/actions/generate_join_client_token` (Telnyx API reference,
 * *Create Client Token to join a room*).
 *
 * The token admits its bearer to the room until it expires and can't be
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
  const ids = { roomId };
  return (await call(fetchFn, token, createJoinTokenOperation, ids, opts)).data;
}

/**
 * Creates a new token for joining a room from a refresh token: `POST
 * /rooms/{room_id}/actions/refresh_client_token` (Telnyx API reference,
 * *Refresh Client Token to join a room*). The refresh token stays the same.
 *
 * The reference page does not require the API key; this function sends it, as
 * the provider's SDK does. No error contains it or the refresh token.
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
  const ids = { roomId };
  const operation = refreshJoinTokenOperation;
  return (await call(fetchFn, token, operation, ids, opts, refreshToken)).data;
}
