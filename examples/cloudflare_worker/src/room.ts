/**
 * `GET /rooms/{id}` says whether a room is in session: for a badge on a public
 * page, so it names nobody, and may be cached by anyone.
 */
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
  const headers = new Headers({ "cache-control": "no-store" });
  const answer = (status: number) =>
    Response.json({ error: error.code }, { status, headers });

  if (error instanceof InvalidArgumentError && error.argument === "id") {
    return answer(400);
  }
  if (error.code === "not_found") return answer(404);
  if (error instanceof ApiError && error.code === "rate_limited") {
    if (error.retryAfterMs !== undefined) {
      headers.set("retry-after", String(Math.ceil(error.retryAfterMs / 1000)));
    }
    return answer(429);
  }
  console.error(error.message); // to the Worker's logs, without the token
  return answer(error.code === "timeout" ? 504 : 502);
}

/** Answers one request. */
export async function answer(
  request: Request,
  { fetch, token, baseUrl }: Deps,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const id = /^\/rooms\/([^/]+)$/.exec(pathname)?.[1];
  if (id === undefined) return new Response(null, { status: 404 });
  try {
    const room = await getRoom(fetch, token, id, {
      baseUrl,
      timeoutMs: 5000,
      signal: request.signal, // ends the look-up when the visitor leaves
    });
    return Response.json({ live: Boolean(room.active_session_id) }, {
      headers: {
        "access-control-allow-origin": "*",
        "cache-control": "public, max-age=10",
      },
    });
  } catch (error) {
    if (error instanceof RoomsError) return failure(error);
    if (request.signal.aborted) return new Response(null, { status: 499 });
    throw error;
  }
}
