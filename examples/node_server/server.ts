/** `GET /rooms/{id}` tells who is in a room, on Node's own HTTP server. */
import { createServer, type Server } from "node:http";
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

/** A status, a body for JSON, and headers. */
type Answer = [
  status: number,
  body: unknown,
  headers?: Record<string, string>,
];

function failure(error: unknown): Answer {
  if (!(error instanceof RoomsError)) {
    console.error(error);
    return [500, { error: "internal" }];
  }
  const body = { error: error.code };
  if (error instanceof InvalidArgumentError && error.argument === "id") {
    return [400, body];
  }
  if (error.code === "not_found") return [404, body];
  if (error instanceof ApiError && error.code === "rate_limited") {
    const seconds = Math.ceil((error.retryAfterMs ?? 1000) / 1000);
    return [429, body, { "retry-after": String(seconds) }];
  }
  console.error(`${error.name}: ${error.message}`); // it never holds the token
  return [error.code === "timeout" ? 504 : 502, body];
}

async function answer(
  path: string,
  { fetch, token, baseUrl }: Deps,
  signal: AbortSignal,
): Promise<Answer> {
  const id = /^\/rooms\/([^/?]+)$/.exec(path)?.[1];
  if (id === undefined) return [404, { error: "Ask for /rooms/{id}" }];
  try {
    const room = await getRoom(fetch, token, id, {
      baseUrl,
      includeSessions: true,
      timeoutMs: 5000,
      signal,
    });
    const session = room.sessions?.find(({ active }) => active);
    const people = session?.participants?.filter(({ left_at }) => !left_at);
    return [200, {
      live: session !== undefined,
      people: people?.map(({ context }) => context ?? "someone") ?? [],
    }];
  } catch (error) {
    return failure(error);
  }
}

/** The server, not yet listening. */
export function roomServer(deps: Deps): Server {
  return createServer(async (request, response) => {
    const gone = new AbortController();
    response.on("close", () => gone.abort()); // ends a look-up that nobody awaits
    const told = await answer(request.url ?? "/", deps, gone.signal);
    const [status, body, headers] = told;
    if (response.destroyed) return;
    response.writeHead(status, {
      "content-type": "application/json",
      "cache-control": "no-store",
      ...headers,
    }).end(JSON.stringify(body));
  });
}
