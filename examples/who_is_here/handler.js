/**
 * Says who is in a room. `GET /rooms/{id}` is a page for browsers, and JSON for
 * others; `POST` has the id in its body, as supabase-js sends it.
 */
// @ts-check
import {
  getRoom,
  presentParticipants,
  responseInit,
  RoomsError,
} from "@videorooms/telnyx";

/**
 * @typedef {object} Deps What the handler needs from outside.
 * @property {import("@videorooms/telnyx").FetchFn} fetch
 * @property {string} token The account's API key.
 * @property {string | undefined} [baseUrl] The API's address; undefined for the
 * real one.
 * @property {boolean} [isPublic] Whether anybody may ask, from any page: then
 * nobody is named, and any cache may keep the answer. Default: false.
 * @property {AbortSignal | undefined} [signal] Cancels the call when the visitor
 * leaves; that of the request, where a server has one that means this.
 */

/** What pages of other origins need, and the headers that supabase-js sends. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers":
    "authorization, x-client-info, apikey, content-type",
  "access-control-expose-headers": "retry-after",
};

/**
 * Escapes text for HTML: guests choose their own names.
 *
 * @param {string} text
 */
const escape = (text) =>
  text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** @param {{ name: string, live: boolean, people: { name: string, since: string }[] }} status */
function page({ name, live, people }) {
  const rows = people.map(({ name, since }) =>
    `<li>${escape(name)}, since <time>${escape(since)}</time></li>`
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="10">
<title>${escape(name)}</title>
<h1>${escape(name)}</h1>
<p>${live ? `In session, people in the room: ${people.length}` : "Idle"}</p>
<ul>${rows.join("")}</ul>
</html>
`;
}

/** @param {import("@videorooms/telnyx").Room} room */
function statusOf(room) {
  const session = room.sessions?.find(({ active }) => active);
  return {
    name: room.unique_name ?? room.id,
    live: session !== undefined,
    people: presentParticipants(room).map(({ context, joined_at }) => ({
      name: context || "someone",
      since: joined_at ?? "",
    })),
  };
}

/**
 * @param {Request} request
 * @param {Deps} deps
 */
async function respond(request, deps) {
  const { fetch, token, baseUrl, signal, isPublic = false } = deps;
  // A client can send a Host header that no URL may have
  if (!URL.canParse(request.url)) return new Response(null, { status: 400 });
  const { pathname } = new URL(request.url);
  const [, inPath] = /^\/rooms\/([^/]+)$/.exec(pathname) ?? [];
  const isPost = request.method === "POST";
  if (inPath === undefined && !isPost) {
    return Response.json({ error: "Ask for /rooms/{id}" }, { status: 404 });
  }
  const body = isPost ? await request.json().catch(() => undefined) : undefined;
  try {
    const room = await getRoom(fetch, token, inPath ?? body?.room_id, {
      baseUrl,
      includeSessions: true,
      timeoutMs: 5000, // someone is waiting
      signal,
    });
    const { name, live, people } = statusOf(room);
    if (isPublic) {
      const headers = { "cache-control": "public, max-age=10" };
      return Response.json({ live, people: people.length }, { headers });
    }
    // Names must not end up in a shared cache
    const headers = { "cache-control": "private, max-age=5", "vary": "accept" };
    if (!request.headers.get("accept")?.includes("text/html")) {
      return Response.json({ name, live, people }, { headers });
    }
    const html = { ...headers, "content-type": "text/html; charset=utf-8" };
    return new Response(page({ name, live, people }), { headers: html });
  } catch (error) {
    if (signal?.aborted) return new Response(null, { status: 499 });
    const { status, headers } = responseInit(error);
    if (status >= 500) console.error(error); // contains no token
    const code = error instanceof RoomsError ? error.code : "internal";
    return Response.json({ error: code }, {
      status,
      headers: { "cache-control": "no-store", ...headers },
    });
  }
}

/**
 * Answers one request.
 *
 * @param {Request} request
 * @param {Deps} deps
 */
export async function whoIsHere(request, deps) {
  const isPreflight = request.method === "OPTIONS" && deps.isPublic;
  const response = isPreflight
    ? new Response(null)
    : await respond(request, deps);
  for (const [name, value] of Object.entries(deps.isPublic ? cors : {})) {
    response.headers.set(name, value);
  }
  return response;
}
