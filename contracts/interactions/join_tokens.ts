import {
  createJoinTokenOperation,
  refreshJoinTokenOperation,
} from "../../lib/core/mod.ts";
import { errors, given, type Interaction } from "../interaction.ts";
import { examples } from "../names.ts";
import { MatchersV3 } from "../pact.ts";

const { like, regex, string } = MatchersV3;

/** A timestamp; the provider's examples have whole seconds. */
const time = (example: string) =>
  regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/, example);

const accessToken = {
  token: string("eyJhbGciOiJFZDI1NTE5In0.eyJ0eXAiOiJhY2Nlc3MifQ.c2ln"),
  token_expires_at: time("2021-04-22T12:24:55Z"),
};
const bothTokens = {
  ...accessToken,
  refresh_token: string(examples.refresh_token),
  refresh_token_expires_at: time("2021-04-22T12:15:05Z"),
};

const refresh = {
  operation: refreshJoinTokenOperation,
  description: "a request to refresh a join token",
  opts: { tokenTtlSecs: 60 },
  payload: examples.refresh_token,
  sent: { refresh_token: given.refresh_token, token_ttl_secs: 60 },
};

export const joinTokens: Interaction[] = [
  {
    operation: createJoinTokenOperation,
    state: "a room with a name and webhooks exists",
    description: "a request for a join token",
    sent: {},
    body: { data: bothTokens },
  },
  {
    operation: createJoinTokenOperation,
    state: "a room with a name and webhooks exists",
    description: "a request for a join token that lasts a minute",
    opts: { tokenTtlSecs: 60, refreshTokenTtlSecs: 120 },
    sent: { token_ttl_secs: 60, refresh_token_ttl_secs: 120 },
    body: { data: like({ token: "a.b.c", refresh_token: "d.e.f" }) },
  },
  {
    ...refresh,
    state: "a refresh token was made for the room",
    body: { data: accessToken },
  },
  {
    ...refresh,
    state: "the refresh token has expired",
    status: 403,
    body: errors("10010", "Authorization failed"),
  },
];
