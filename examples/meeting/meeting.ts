/**
 * A meeting server: rooms by name, tokens to join with, who is there, an end to
 * it, recordings. The API key stays here; a page in the browser does the rest.
 */
import { readFile } from "node:fs/promises";
import {
  allRooms,
  createJoinToken,
  createRoom,
  endSession,
  type FetchFn,
  getRoom,
  listRecordings,
  refreshJoinToken,
  responseInit,
  type Room,
  RoomsError,
} from "@videorooms/telnyx";
import type { FakeRooms } from "@videorooms/telnyx/testing";

/** The outside world, handed in. */
export interface Deps {
  fetch: FetchFn;
  /** The account's API key. */
  token: string;
  /** The API's address; undefined is the real one. */
  baseUrl?: string | undefined;
  /** Your own sign-in: may whoever sent this request hold meetings? */
  mayUse(request: Request): boolean | Promise<boolean>;
  /** A fake provider, in which the page joins without a camera. */
  fake?: Pick<FakeRooms, "join" | "leave"> | undefined;
}

/** Does what a request asks for: of the room in its path, with its body. */
type Route = (id: string, body: Record<string, string>) => unknown;

const files: Record<string, [name: string, type: string]> = {
  "/": ["page.html", "text/html; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
};
const csp = "default-src 'self'; img-src data:; style-src 'unsafe-inline'";

function answer(status: number, body: unknown, headers = {}): Response {
  const noStore = { "cache-control": "no-store" };
  return Response.json(body, { status, headers: { ...noStore, ...headers } });
}

function failure(error: unknown): Response {
  const { status, headers } = responseInit(error);
  if (status >= 500) console.error(error); // it never holds a token
  const code = error instanceof RoomsError ? error.code : "internal";
  return answer(status, { error: code }, headers);
}

/** A refresh token that has ended: the page asks for another token then. */
function refused(error: unknown): Response {
  if (!(error instanceof RoomsError && error.code === "forbidden")) throw error;
  return answer(403, { error: error.code });
}

/** What the fake refuses, such as a full room, is for the page to show. */
function inFake(act: () => unknown): unknown {
  try {
    return act() ?? {};
  } catch (error) {
    return answer(409, { error: (error as Error).message });
  }
}

/** Who is in a room now. */
function peopleIn({ sessions }: Room): string[] {
  const session = sessions?.find(({ active }) => active);
  const people = session?.participants?.filter(({ left_at }) => !left_at) ?? [];
  return people.map(({ context }) => context || "someone");
}

/** Makes the handler of every request. */
export function meeting(deps: Deps): (request: Request) => Promise<Response> {
  const { fetch, token, baseUrl, fake } = deps;
  const opts = { baseUrl, timeoutMs: 5000 }; // someone is waiting

  const running = new Map<string, Promise<Room>>();
  /** Has all who ask for the same thing at the same time share one answer. */
  function share(key: string, make: () => Promise<Room>): Promise<Room> {
    const promise = running.get(key) ??
      make().finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  }

  async function find(name: string): Promise<Room | undefined> {
    const rooms = allRooms(fetch, token, { ...opts, uniqueName: name });
    for await (const room of rooms) {
      if (room.unique_name === name) return room;
    }
  }

  async function findOrCreate(name: string): Promise<Room> {
    const found = await find(name);
    if (found) return found;
    const fields = { unique_name: name, enable_recording: true };
    try {
      return await createRoom(fetch, token, fields, opts);
    } catch (error) {
      // Another server was faster, or the room was made and the response lost
      const made = await find(name).catch(() => undefined);
      if (made) return made;
      throw error;
    }
  }

  // What comes in a body is not checked here: the module does, before it sends
  const routes: Record<string, Route> = {
    "POST /rooms": async (_, { name = "" }) => {
      const { id } = await share(`name ${name}`, () => findOrCreate(name));
      return { id, fake: fake !== undefined };
    },
    "GET /rooms/id": async (id) => {
      const all = { ...opts, includeSessions: true };
      const look = () => getRoom(fetch, token, id, all);
      return peopleIn(await share(`id ${id}`, look));
    },
    "POST /rooms/id/token": (id) => createJoinToken(fetch, token, id, opts),
    "POST /rooms/id/refresh": (id, { refresh_token = "" }) =>
      refreshJoinToken(fetch, token, id, refresh_token, opts).catch(refused),
    "POST /rooms/id/end": async (id) => {
      const { active_session_id } = await getRoom(fetch, token, id, opts);
      if (!active_session_id) return { ended: false };
      await endSession(fetch, token, active_session_id, opts);
      return { ended: true };
    },
    "GET /rooms/id/recordings": async (id) =>
      (await listRecordings(fetch, token, { ...opts, roomId: id })).data,
    ...fake && {
      "POST /rooms/id/join": (id, { name = "", token = "" }) =>
        inFake(() => fake.join(id, { context: name, token })),
      "POST /rooms/id/leave": (_, { participant = "" }) =>
        inFake(() => fake.leave(participant)),
    } satisfies Record<string, Route>,
  };

  return async (request) => {
    const { method, headers, url } = request;
    const { pathname } = new URL(url);
    if (!await deps.mayUse(request)) {
      const challenge = { "www-authenticate": "Basic" };
      return answer(401, { error: "unauthorized" }, challenge);
    }
    const [name, type] = files[pathname] ?? [];
    if (name && type && method === "GET") {
      const file = await readFile(new URL(name, import.meta.url), "utf8");
      const headers = { "content-type": type, "content-security-policy": csp };
      return new Response(file, { headers });
    }
    const [, id = "", action = ""] =
      /^\/rooms\/([^/]+)(\/\w+)?$/.exec(pathname) ?? [];
    const route = routes[`${method} ${id ? `/rooms/id${action}` : pathname}`];
    if (!route) return answer(404, { error: "not_found" });
    // JSON alone: a page of another origin can't send that unasked
    const isPost = method === "POST";
    if (isPost && headers.get("content-type") !== "application/json") {
      return answer(415, { error: "unsupported_media_type" });
    }
    try {
      const body = isPost && await request.json().catch(() => undefined);
      const told = await route(id, body || {});
      return told instanceof Response ? told : answer(200, told);
    } catch (error) {
      return failure(error);
    }
  };
}
