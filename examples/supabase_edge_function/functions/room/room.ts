/**
 * Answers `supabase.functions.invoke("room", { body: { room_id } })`: is the
 * room in session, and how many people are in it?
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

function failure(error: RoomsError): Response {
  if (error instanceof InvalidArgumentError && error.argument === "id") {
    return json(400, { error: "room_id must be a UUID" });
  }
  if (error.code === "not_found") return json(404, { error: error.code });
  if (error instanceof ApiError && error.code === "rate_limited") {
    const seconds = Math.ceil((error.retryAfterMs ?? 1000) / 1000);
    const headers = { "retry-after": String(seconds) };
    return json(429, { error: error.code }, headers);
  }
  console.error(error.message); // to the function's logs, without the token
  return json(error.code === "timeout" ? 504 : 502, { error: error.code });
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
    if (error instanceof RoomsError) return failure(error);
    throw error;
  }
}
