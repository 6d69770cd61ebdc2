/**
 * `GET /rooms/{id}` says whether a room is in session and who is in it: as a
 * page for browsers, as JSON for other clients.
 */
import {
  type FetchFn,
  getRoom,
  presentParticipants,
  responseInit,
  type Room,
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

/** What the dashboard shows of a room. */
interface Dashboard {
  name: string;
  live: boolean;
  people: { name: string; since: string }[];
}

function dashboardOf(room: Room): Dashboard {
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

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for HTML: guests choose their own names. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}

function page({ name, live, people }: Dashboard): string {
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
export async function dashboard(
  request: Request,
  { fetch, token, baseUrl }: Deps,
): Promise<Response> {
  // A client can send a Host header that no URL may have
  if (!URL.canParse(request.url)) return new Response(null, { status: 400 });
  const { pathname } = new URL(request.url);
  const id = /^\/rooms\/([^/]+)$/.exec(pathname)?.[1];
  if (id === undefined) {
    return Response.json({ error: "Ask for /rooms/{id}" }, { status: 404 });
  }
  try {
    const room = await getRoom(fetch, token, id, {
      baseUrl,
      includeSessions: true,
      timeoutMs: 5000, // someone is waiting
    });
    const headers = {
      // Names must not end up in a shared cache
      "cache-control": "private, max-age=5",
      "vary": "accept",
    };
    const state = dashboardOf(room);
    const html = request.headers.get("accept")?.includes("text/html");
    return html
      ? new Response(page(state), {
        headers: { ...headers, "content-type": "text/html; charset=utf-8" },
      })
      : Response.json(state, { headers });
  } catch (error) {
    return failure(error);
  }
}
