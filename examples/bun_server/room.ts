/** Tells who is in a room, as a handler for a route of `Bun.serve`. */
import {
  ApiError,
  type FetchFn,
  getRoom,
  InvalidArgumentError,
  RoomsError,
} from "@videorooms/telnyx";

/** The outside world, handed in. */
export interface Deps {
  fetch: FetchFn;
  /** The account's API key. */
  token: string;
  /** The API's address; undefined is the real one. */
  baseUrl?: string | undefined;
}

function failure(error: RoomsError): Response {
  const answer = (status: number, headers: Record<string, string> = {}) =>
    Response.json({ error: error.code }, { status, headers });

  if (error instanceof InvalidArgumentError && error.argument === "id") {
    return answer(400);
  }
  if (error.code === "not_found") return answer(404);
  if (error instanceof ApiError && error.code === "rate_limited") {
    const seconds = Math.ceil((error.retryAfterMs ?? 1000) / 1000);
    return answer(429, { "retry-after": String(seconds) });
  }
  console.error(`${error.name}: ${error.message}`); // it never holds the token
  return answer(error.code === "timeout" ? 504 : 502);
}

/** Answers one request for a room. */
export async function answer(
  id: string,
  { fetch, token, baseUrl }: Deps,
  signal: AbortSignal,
): Promise<Response> {
  try {
    const room = await getRoom(fetch, token, id, {
      baseUrl,
      includeSessions: true,
      timeoutMs: 5000,
      signal,
    });
    const session = room.sessions?.find(({ active }) => active);
    const people = session?.participants?.filter(({ left_at }) => !left_at);
    return Response.json({
      live: session !== undefined,
      people: people?.map(({ context }) => context ?? "someone") ?? [],
    });
  } catch (error) {
    if (error instanceof RoomsError) return failure(error);
    if (signal.aborted) return new Response(null, { status: 499 });
    throw error;
  }
}
