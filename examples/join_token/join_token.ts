/**
 * `POST /rooms/{id}/join_token` issues a token to join a room with, but only
 * when whoever asks may join, the room exists, and there is a place left.
 */
import { ApiError, getRoom, type Room, RoomsError } from "@videorooms/telnyx";

/** The outside world, handed in. */
export interface Deps {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The account's API key. */
  token: string;
  /** The API's address; undefined is the real one. */
  baseUrl?: string | undefined;
  /** Your own sign-in: may whoever sent this request join this room? */
  mayJoin(request: Request, id: string): boolean | Promise<boolean>;
}

/** How long the provider may take for each of the two calls. */
const timeoutMs = 5000;

function answer(
  status: number,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Response {
  return Response.json(body, {
    status,
    headers: { "cache-control": "no-store", ...headers },
  });
}

function peopleIn(room: Room): number {
  const session = room.sessions?.find(({ active }) => active);
  return session?.participants?.filter(({ left_at }) => !left_at).length ?? 0;
}

/**
 * Has the provider issue a token. From the provider's reference, *Create Client
 * Token to join a room*:
 *
 * - `POST /rooms/{room_id}/actions/generate_join_client_token`
 * - the body may say `token_ttl_secs` (seconds, 10 to 3600, 600 if left out)
 *   and `refresh_token_ttl_secs` (seconds, 60 to 86400, 3600 if left out)
 * - the answer is 201, `{ data: { token, token_expires_at, refresh_token,
 *   refresh_token_expires_at } }`
 *
 * It is sent once: a second attempt might issue a second token.
 */
async function issueToken(
  id: string,
  { fetch, token, baseUrl = "https://api.telnyx.com/v2" }: Deps,
): Promise<Response> {
  const response = await fetch(
    `${
      baseUrl.replace(/\/$/, "")
    }/rooms/${id}/actions/generate_join_client_token`,
    {
      method: "POST",
      headers: {
        "accept": "application/json",
        "authorization": `Bearer ${token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        token_ttl_secs: 600,
        refresh_token_ttl_secs: 3600,
      }),
      redirect: "manual", // the API key goes to no other address
      signal: AbortSignal.timeout(timeoutMs),
    },
  );
  if (response.status !== 201) {
    await response.body?.cancel();
    if (response.status === 404) return answer(404, { error: "not_found" });
    if (response.status === 429) {
      const seconds = response.headers.get("retry-after");
      const headers = seconds === null ? undefined : { "retry-after": seconds };
      return answer(429, { error: "rate_limited" }, headers);
    }
    console.error(`No token was issued: status ${response.status}`);
    return answer(502, { error: "no_token" });
  }
  const { data } = await response.json();
  if (typeof data?.token !== "string") throw new TypeError("There is no token");
  // The refresh token stays here: it would renew the other without this check
  return answer(201, {
    token: data.token,
    token_expires_at: data.token_expires_at,
  });
}

function failure(error: unknown): Response {
  if (error instanceof ApiError && error.code === "rate_limited") {
    const seconds = Math.ceil((error.retryAfterMs ?? 1000) / 1000);
    const headers = { "retry-after": String(seconds) };
    return answer(429, { error: error.code }, headers);
  }
  if (error instanceof RoomsError && error.code === "not_found") {
    return answer(404, { error: error.code });
  }
  const { name, message } = error as Error;
  console.error(`${name}: ${message}`);
  // The name is the same whether getRoom or AbortSignal.timeout() gave up
  return name === "TimeoutError"
    ? answer(504, { error: "timeout" })
    : answer(502, { error: "provider_failed" });
}

/** Answers one request. */
export async function joinToken(
  request: Request,
  deps: Deps,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const id =
    /^\/rooms\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\/join_token$/i
      .exec(pathname)?.[1];
  if (id === undefined) return answer(404, { error: "not_found" });
  if (request.method !== "POST") {
    return answer(405, { error: "method_not_allowed" }, { allow: "POST" });
  }
  if (!await deps.mayJoin(request, id)) {
    return answer(403, { error: "forbidden" });
  }
  const { fetch, token, baseUrl } = deps;
  try {
    const room = await getRoom(fetch, token, id, {
      baseUrl,
      includeSessions: true,
      timeoutMs,
    });
    const people = peopleIn(room);
    const max_participants = room.max_participants ?? Infinity;
    // Someone may come in just after this: the last word is the provider's
    if (people >= max_participants) {
      return answer(409, { error: "room_full", people, max_participants });
    }
    return await issueToken(id, deps);
  } catch (error) {
    return failure(error);
  }
}
