import {
  createJoinTokenOperation,
  refreshJoinTokenOperation,
} from "../core/join_tokens.ts";
import { mint, tokenProblem } from "./join_tokens.ts";
import { refusal } from "./refusal.ts";
import { existing, type Route, route } from "./route.ts";

export const joinTokens: Route[] = [
  route(createJoinTokenOperation, (state, { ids, opts }) => {
    const { id } = existing(state.rooms, ids.roomId);
    const { tokenTtlSecs = 600, refreshTokenTtlSecs = 3600 } = opts;
    const access = mint(state, "access", id, tokenTtlSecs);
    const refresh = mint(state, "refresh", id, refreshTokenTtlSecs);
    return {
      data: {
        token: access.token,
        token_expires_at: access.expiresAt,
        refresh_token: refresh.token,
        refresh_token_expires_at: refresh.expiresAt,
      },
    };
  }),
  route(refreshJoinTokenOperation, (state, { ids, opts, payload }) => {
    const { id } = existing(state.rooms, ids.roomId);
    const problem = tokenProblem(state, payload, "refresh", id);
    if (problem) throw refusal(403, `The refresh token ${problem}.`);
    const { tokenTtlSecs = 600 } = opts;
    const { token, expiresAt } = mint(state, "access", id, tokenTtlSecs);
    return { data: { token, token_expires_at: expiresAt } };
  }),
];
