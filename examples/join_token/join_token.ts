/**
 * `POST /rooms/{id}/join_token` mints a token to join a room with, if the user
 * may join, the room exists, and it is not full.
 * `POST /rooms/{id}/join_token/refresh` renews the token, if the user still may
 * join.
 */
import {
  createJoinToken,
  type FetchFn,
  getRoom,
  presentParticipants,
  refreshJoinToken,
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
  /** Your own sign-in: may the sender of this request join the room? */
  mayJoin(request: Request, id: string): boolean | Promise<boolean>;
}

function answer(status: number, body: unknown, headers = {}): Response {
  const noStore = { "cache-control": "no-store" };
  return Response.json(body, { status, headers: { ...noStore, ...headers } });
}

function failure(error: unknown): Response {
  const { status, headers } = responseInit(error);
  if (status >= 500) console.error(error); // contains no token
  const code = error instanceof RoomsError ? error.code : "internal";
  return answer(status, { error: code }, headers);
}

async function mint(id: string, deps: Deps): Promise<Response> {
  const { fetch, token, baseUrl } = deps;
  const opts = { baseUrl, timeoutMs: 5000 }; // a user is waiting
  const withSessions = { ...opts, includeSessions: true };
  const room = await getRoom(fetch, token, id, withSessions);
  const people = presentParticipants(room).length;
  const max_participants = room.max_participants ?? Infinity;
  // Someone may still join first: the provider enforces the limit
  if (people >= max_participants) {
    return answer(409, { error: "room_full", people, max_participants });
  }
  return answer(201, await createJoinToken(fetch, token, id, opts));
}

async function refresh(
  request: Request,
  id: string,
  { fetch, token, baseUrl }: Deps,
): Promise<Response> {
  const body = await request.json().catch(() => undefined);
  const opts = { baseUrl, timeoutMs: 5000 };
  const call = refreshJoinToken(fetch, token, id, body?.refresh_token, opts);
  return await call.then((tokens) => answer(201, tokens), (error) => {
    if (error.code !== "forbidden") throw error;
    // It has expired or is for another room: the user can ask for a new token
    return answer(403, { error: "refresh_token_refused" });
  });
}

/** Answers one request. */
export async function joinToken(
  request: Request,
  deps: Deps,
): Promise<Response> {
  // A client can send a Host header that no URL may have
  if (!URL.canParse(request.url)) return answer(400, { error: "bad_request" });
  const { pathname } = new URL(request.url);
  const [, id, isRefresh] =
    /^\/rooms\/([^/]+)\/join_token(\/refresh)?$/.exec(pathname) ?? [];
  if (id === undefined) return answer(404, { error: "not_found" });
  if (request.method !== "POST") {
    return answer(405, { error: "method_not_allowed" }, { allow: "POST" });
  }
  if (!await deps.mayJoin(request, id)) {
    return answer(403, { error: "forbidden" });
  }
  return await (isRefresh ? refresh(request, id, deps) : mint(id, deps))
    .catch(failure);
}
