/** `GET /rooms/{id}` says who is in a room, on Node's own HTTP server. */
// @ts-check
import { createServer } from "node:http";
import {
  getRoom,
  presentParticipants,
  responseInit,
  RoomsError,
} from "@videorooms/telnyx";

/**
 * @typedef {object} Deps What the server needs from outside.
 * @property {import("@videorooms/telnyx").FetchFn} fetch
 * @property {string} token The account's API key.
 * @property {string | undefined} [baseUrl] The API's address; undefined for
 * the real one.
 */

/**
 * A status, a body for JSON, and headers.
 *
 * @typedef {[number, unknown, Record<string, string>?]} Answer
 */

/** @type {(error: unknown) => Answer} */
function failure(error) {
  const { status, headers } = responseInit(error);
  if (status >= 500) console.error(error); // contains no token
  const code = error instanceof RoomsError ? error.code : "internal";
  return [status, { error: code }, headers];
}

/** @type {(path: string, deps: Deps, signal: AbortSignal) => Promise<Answer>} */
async function answer(path, { fetch, token, baseUrl }, signal) {
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
    const people = presentParticipants(room);
    return [200, {
      live: session !== undefined,
      people: people.map(({ context }) => context ?? "someone"),
    }];
  } catch (error) {
    if (signal.aborted) return [499, { error: "aborted" }]; // nobody reads it
    return failure(error);
  }
}

/**
 * Creates the server; `listen()` starts it.
 *
 * @param {Deps} deps
 */
export function roomServer(deps) {
  return createServer(async (request, response) => {
    const controller = new AbortController();
    response.on("close", () => controller.abort()); // the client may leave
    const path = request.url ?? "/";
    const result = await answer(path, deps, controller.signal);
    const [status, body, headers] = result;
    if (response.destroyed) return;
    response.writeHead(status, {
      "content-type": "application/json",
      "cache-control": "no-store",
      ...headers,
    }).end(JSON.stringify(body));
  });
}
