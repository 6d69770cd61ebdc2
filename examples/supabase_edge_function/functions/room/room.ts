/**
 * Answers `supabase.functions.invoke("room", { body: { room_id } })`: is the
 * room in session, and how many people are in it?
 */
import {
  type FetchFn,
  getRoom,
  responseInit,
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

/** What supabase-js sends from a page of another origin has to be allowed. */
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

/** What to tell whoever asked; what they can't fix is in the log. */
function failure(error: unknown): Response {
  const { status, headers } = responseInit(error);
  if (status >= 500) console.error(error); // it never holds the token
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
    const people = session?.participants?.filter(({ left_at }) => !left_at);
    return json(200, { live: Boolean(session), people: people?.length ?? 0 });
  } catch (error) {
    return failure(error);
  }
}
