// Join tokens: types, shapes and operations.
import { integerInRange, visibleText } from "./arguments.ts";
import type { CallOptions } from "./call_options.ts";
import { type Decoder, object, string } from "./decode.ts";
import { type Data, dataOf, jsonBody, type Operation } from "./operation.ts";

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

/** Options for `refreshJoinToken`. */
export interface RefreshJoinTokenOptions extends CallOptions {
  /**
   * Lifetime of the token in seconds, 10 to 3600.
   *
   * @default {600}
   */
  tokenTtlSecs?: number | undefined;
}

/** Options for `createJoinToken`. */
export interface CreateJoinTokenOptions extends RefreshJoinTokenOptions {
  /**
   * Lifetime of the refresh token in seconds, 60 to 86_400.
   *
   * @default {3600}
   */
  refreshTokenTtlSecs?: number | undefined;
}

const ttl = /* @__PURE__ */ integerInRange(10, 3600);

/**
 * `POST /rooms/{room_id}/actions/generate_join_client_token`. It may be repeated,
 * since a token that nobody received does no harm.
 */
export const createJoinTokenOperation: Operation<
  "/rooms/{roomId}/actions/generate_join_client_token",
  CreateJoinTokenOptions,
  undefined,
  Data<JoinToken>
> = {
  method: "POST",
  path: "/rooms/{roomId}/actions/generate_join_client_token",
  body: /* @__PURE__ */ jsonBody<undefined>(),
  options: {
    tokenTtlSecs: ["token_ttl_secs", ttl],
    refreshTokenTtlSecs: [
      "refresh_token_ttl_secs",
      /* @__PURE__ */ integerInRange(60, 86_400),
    ],
  },
  status: 201,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(joinToken),
};

/**
 * `POST /rooms/{room_id}/actions/refresh_client_token`. It may be repeated, since
 * the refresh token stays valid.
 */
export const refreshJoinTokenOperation: Operation<
  "/rooms/{roomId}/actions/refresh_client_token",
  RefreshJoinTokenOptions,
  string,
  Data<RefreshedJoinToken>
> = {
  method: "POST",
  path: "/rooms/{roomId}/actions/refresh_client_token",
  options: { tokenTtlSecs: ["token_ttl_secs", ttl] },
  body: /* @__PURE__ */ jsonBody("refreshToken", visibleText, {
    field: "refresh_token",
  }),
  isSecret: true,
  status: 201,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(refreshedJoinToken),
};
