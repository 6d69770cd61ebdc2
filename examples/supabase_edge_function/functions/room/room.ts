/**
 * Answers `supabase.functions.invoke("room", { body: { room_id } })` with whether
 * the room is in session and how many people are in it.
 */
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

/** Allows the headers that supabase-js sends from another origin. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers":
    "authorization, x-client-info, apikey, content-type",
  "access-control-expose-headers": "retry-after",
};

function json(status: number, body: unknown, more: HeadersInit = {}): Response {
  const headers = new Headers(more);
  for (const [name, value] of Object.entries(cors)) headers.set(name, value);
  return Response.json(body, { status, headers });
}

/** The response to an error; what the client can't fix goes to the log. */
function failure(error: unknown): Response {
  const { status, headers } = responseInit(error);
  if (status >= 500) console.error(error); // contains no token
  const code = error instanceof RoomsError ? error.code : "internal";
  return json(status, { error: code }, headers);
}

/** Answers one request. */
export async function answer(
  request: Request,
  { fetch, token, baseUrl }: Deps,
): Promise<Response> {
  if (request.method === "OPTIONS") {
    return new Response(null, { headers: cors });
  }
  const body = await request.json().catch(() => undefined);
  try {
    const room = await getRoom(fetch, token, body?.room_id, {
      baseUrl,
      includeSessions: true,
      timeoutMs: 5000,
    });
    const session = room.sessions?.find(({ active }) => active);
    const people = presentParticipants(room);
    return json(200, { live: Boolean(session), people: people.length });
  } catch (error) {
    return failure(error);
  }
}
