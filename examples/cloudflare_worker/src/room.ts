/**
 * `GET /rooms/{id}` says whether a room is in session. It is meant for a badge
 * on a public page, so it names nobody and any cache may keep it.
 */
import {
  type FetchFn,
  getRoom,
  responseInit,
  RoomsError,
} from "@videorooms/telnyx";

/** What the handler needs from outside. */
export interface Deps {
  fetch: FetchFn;
  /** The account's API key. */
  token: string;
  /** The API's address; undefined for the real one. */
  baseUrl?: string | undefined;
}

/** The response to an error; what the client can't fix goes to the log. */
function failure(error: unknown): Response {
  const { status, headers } = responseInit(error);
  if (status >= 500) console.error(error); // contains no token
  const code = error instanceof RoomsError ? error.code : "internal";
  return Response.json({ error: code }, {
    status,
    headers: { "cache-control": "no-store", ...headers },
  });
}

/** Answers one request. */
export async function answer(
  request: Request,
  { fetch, token, baseUrl }: Deps,
): Promise<Response> {
  // A client can send a Host header that no URL may have
  if (!URL.canParse(request.url)) return new Response(null, { status: 400 });
  const { pathname } = new URL(request.url);
  const id = /^\/rooms\/([^/]+)$/.exec(pathname)?.[1];
  if (id === undefined) return new Response(null, { status: 404 });
  try {
    const room = await getRoom(fetch, token, id, {
      baseUrl,
      timeoutMs: 5000,
      signal: request.signal, // cancels the call when the visitor leaves
    });
    return Response.json({ live: Boolean(room.active_session_id) }, {
      headers: {
        "access-control-allow-origin": "*",
        "cache-control": "public, max-age=10",
      },
    });
  } catch (error) {
    if (request.signal.aborted) return new Response(null, { status: 499 });
    return failure(error);
  }
}
