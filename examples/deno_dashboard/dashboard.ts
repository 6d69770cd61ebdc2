/**
 * `GET /rooms/{id}` says whether a room is in session and who is in it: as a
 * page for a browser, as JSON for anyone else.
 */
import {
  type FetchFn,
  getRoom,
  responseInit,
  type Room,
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
    people: (session?.participants ?? [])
      .filter(({ left_at }) => !left_at)
      .map(({ context, joined_at }) => ({
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

/** Text that can stand in HTML: a guest chooses what they are called. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
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
<p>${live ? `In session, people there: ${people.length}` : "Idle"}</p>
<ul>${rows.join("")}</ul>
</html>
`;
}

/** What to tell whoever asked; what they can't fix is in the log. */
function failure(error: unknown): Response {
  const { status, headers } = responseInit(error);
  if (status >= 500) console.error(error); // it never holds the token
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
      // Who is in a room is no matter for a cache that others share
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
