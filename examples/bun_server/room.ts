/** Who is in a room: a handler for a route of `Bun.serve`. */
import {
  type FetchFn,
  getRoom,
  presentParticipants,
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
    const people = presentParticipants(room);
    return Response.json({
      live: session !== undefined,
      people: people.map(({ context }) => context ?? "someone"),
    });
  } catch (error) {
    if (signal.aborted) return new Response(null, { status: 499 });
    return failure(error);
  }
}
