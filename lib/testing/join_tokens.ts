import * as core from "../core/mod.ts";
import { refusal } from "./refusal.ts";
import { existing, type Route, route } from "./route.ts";
import type { Grant, State } from "./state.ts";

/** Text as base64url, as in a JSON Web Token (RFC 7515). */
function base64url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_")
    .replaceAll("=", "");
}

const seconds = (ms: number) => Math.floor(ms / 1000);

/** A token in Telnyx's format, but not signed: the fake looks it up. */
function mint(
  state: State,
  type: Grant["type"],
  roomId: string,
  ttlSecs: number,
): [token: string, expiresAt: string] {
  const iat = seconds(state.now());
  const jti = state.newId();
  const claims = {
    aud: "telnyx_access_token",
    exp: iat + ttlSecs,
    grants: [{
      actions: ["join"],
      resources: [`telnyx:video:rooms:${roomId}`],
      subjects: [`telnyx:users:${jti}`],
    }],
    grants_version: "1.0.0",
    iat,
    iss: "telnyx_access_token",
    jti,
    nbf: iat - 1,
    sub: "null",
    typ: type,
  };
  const token = [
    JSON.stringify({ alg: "Ed25519", typ: "JWT" }),
    JSON.stringify(claims),
    `not signed ${jti}`,
  ]
    .map(base64url).join(".");
  const expiresMs = (iat + ttlSecs) * 1000;
  state.grants.set(token, { type, roomId: roomId.toLowerCase(), expiresMs });
  return [token, new Date(expiresMs).toISOString().replace(".000", "")];
}

/** Why a token is not valid for a room; undefined if it is. */
export function tokenProblem(
  { grants, now }: State,
  token: string,
  type: Grant["type"],
  roomId: string,
): string | undefined {
  const grant = grants.get(token);
  if (grant?.type !== type) return "is unknown";
  if (grant.roomId !== roomId.toLowerCase()) return "is for another room";
  return grant.expiresMs <= now() ? "has expired" : undefined;
}

export const joinTokens: Route[] = [
  route(core.createJoinTokenOperation, (state, { ids, opts }) => {
    const { id } = existing(state.rooms, ids.roomId);
    const { tokenTtlSecs = 600, refreshTokenTtlSecs = 3600 } = opts;
    const [token, token_expires_at] = mint(state, "access", id, tokenTtlSecs);
    const [refresh_token, refresh_token_expires_at] = mint(
      state,
      "refresh",
      id,
      refreshTokenTtlSecs,
    );
    return {
      data: {
        token,
        token_expires_at,
        refresh_token,
        refresh_token_expires_at,
      },
    };
  }),
  route(core.refreshJoinTokenOperation, (state, { ids, opts, payload }) => {
    const { id } = existing(state.rooms, ids.roomId);
    const problem = tokenProblem(state, payload, "refresh", id);
    if (problem) throw refusal(403, `The refresh token ${problem}.`);
    const { tokenTtlSecs = 600 } = opts;
    const [token, token_expires_at] = mint(state, "access", id, tokenTtlSecs);
    return { data: { token, token_expires_at } };
  }),
];
