/** Starts the server: `deno run --allow-net --allow-env main.ts` */
import { joinToken } from "./join_token.ts";

const token = Deno.env.get("TELNYX_API_KEY") ?? "";
const baseUrl = Deno.env.get("TELNYX_BASE_URL"); // undefined for the real API
const appKey = Deno.env.get("APP_KEY");

/** Put your own sign-in here; this one accepts `APP_KEY` as bearer token. */
function mayJoin(request: Request): boolean {
  const authorization = request.headers.get("authorization");
  return Boolean(appKey) && authorization === `Bearer ${appKey}`;
}

Deno.serve((request) => joinToken(request, { fetch, token, baseUrl, mayJoin }));
