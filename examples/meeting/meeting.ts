/**
 * A meeting server: finds or creates a room by name, mints join tokens, shows who
 * is in it, ends the session, and plays its recordings. The API key stays on the
 * server.
 */
import { readFile } from "node:fs/promises";
import {
  createJoinToken,
  endSession,
  type FetchFn,
  findOrCreateRoom,
  getRecording,
  getRoom,
  listRecordings,
  presentParticipants,
  refreshJoinToken,
  responseInit,
  type Room,
  type RoomRecording,
  RoomsError,
} from "@videorooms/telnyx";
import type { FakeRooms } from "@videorooms/telnyx/testing";

/** What the handler needs from outside. */
export interface Deps {
  fetch: FetchFn;
  /** The account's API key. */
  token: string;
  /** The API's address; undefined for the real one. */
  baseUrl?: string | undefined;
  /** Your own sign-in: may the sender of this request use the server? */
  mayUse(request: Request): boolean | Promise<boolean>;
  /** A fake provider, which the page can join without a camera. */
  fake?: Pick<FakeRooms, "join" | "leave"> | undefined;
}

/** Handles a request, by the id in its path and its JSON body. */
type Route = (id: string, body: Record<string, string>) => unknown;

/** The files of the page, and their types. */
const files = new Map([
  ["page.html", "text/html; charset=utf-8"],
  ["page.css", "text/css; charset=utf-8"],
  ["page.js", "text/javascript; charset=utf-8"],
  ["camera.js", "text/javascript; charset=utf-8"],
]);

/**
 * What the page may load: files of this server, and recordings, which are on hosts
 * of Telnyx or of the fake. No other page may frame it.
 */
function policy(baseUrl: string | undefined): string {
  const fakeHost = baseUrl?.startsWith("http:") ? new URL(baseUrl).origin : "";
  return "default-src 'self'; img-src data:; frame-ancestors 'none'; " +
    `media-src 'self' https: ${fakeHost}`;
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

/** The fields of a JSON body that are texts: no others are read. */
async function textsOf(request: Request): Promise<Record<string, string>> {
  const body: unknown = await request.json().catch(() => undefined);
  const texts = Object.entries(body ?? {})
    .filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts);
}

/** Passes what the fake refuses, such as joining a full room, on to the page. */
function inFake(action: () => unknown): unknown {
  try {
    return action() ?? {};
  } catch (error) {
    return answer(409, { error: (error as Error).message });
  }
}

/** A room as the page shows it. */
function shownRoom(room: Room) {
  const session = room.sessions?.find(({ active }) => active);
  return {
    startedAt: session?.created_at ?? null,
    isRecorded: session !== undefined && room.enable_recording === true,
    people: presentParticipants(room).map(({ id, context, joined_at }) => ({
      id,
      name: context || "Someone",
      since: joined_at ?? null,
    })),
  };
}

/** What was recorded in a room, with the names of those who were. */
function shownRecordings(room: Room, recordings: RoomRecording[]) {
  const names = new Map(
    room.sessions?.flatMap(({ participants }) => participants ?? [])
      .map(({ id, context }) => [id, context]),
  );
  return recordings.filter(({ ended_at }) => ended_at).map((recording) => ({
    id: recording.id,
    who: names.get(recording.participant_id ?? "") || "Someone",
    type: recording.type,
    seconds: recording.duration_secs,
    megabytes: recording.size_mb,
    isReady: recording.status === "completed",
  }));
}

/** Creates the request handler. */
export function meeting(deps: Deps): (request: Request) => Promise<Response> {
  const { fetch, token, baseUrl, fake } = deps;
  const opts = { baseUrl, timeoutMs: 5000 }; // a user is waiting

  const running = new Map<string, Promise<Room>>();
  /** Lets concurrent requests for the same room share one call. */
  function share(key: string, call: () => Promise<Room>): Promise<Room> {
    const promise = running.get(key) ??
      call().finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  }
  const roomWithSessions = (id: string) =>
    share(
      `id ${id}`,
      () => getRoom(fetch, token, id, { ...opts, includeSessions: true }),
    );

  // What the texts say is not checked here: the module checks its arguments
  const routes: Record<string, Route> = {
    "POST /rooms": async (_, { name = "" }) => {
      const fields = { unique_name: name, enable_recording: true };
      const call = () => findOrCreateRoom(fetch, token, fields, opts);
      const { id } = await share(`name ${name}`, call);
      if (!fake) return { id, fake: false };
      const page = baseUrl && new URL(`/_fake/#room=${id}`, baseUrl).href;
      return { id, fake: true, page };
    },
    "GET /rooms/id": async (id) => shownRoom(await roomWithSessions(id)),
    "POST /rooms/id/token": async (id, { participant }) => {
      const room = await roomWithSessions(id);
      const others = presentParticipants(room)
        .filter(({ id }) => id !== participant);
      // Someone may still join first: the provider enforces the limit
      if (others.length >= (room.max_participants ?? Infinity)) {
        return answer(409, { error: "room_full" });
      }
      return createJoinToken(fetch, token, id, opts);
    },
    "POST /rooms/id/refresh": (id, { refresh_token = "" }) =>
      refreshJoinToken(fetch, token, id, refresh_token, opts).catch((error) => {
        if (error.code !== "forbidden") throw error;
        // It has expired; the page then asks for a new one
        return answer(403, { error: error.code });
      }),
    "POST /rooms/id/end": async (id) => {
      const { active_session_id } = await getRoom(fetch, token, id, opts);
      if (!active_session_id) return { ended: false };
      await endSession(fetch, token, active_session_id, opts);
      return { ended: true };
    },
    "GET /rooms/id/recordings": async (id) => {
      const ofRoom = { ...opts, roomId: id, pageSize: 100 };
      const [room, { data }] = await Promise.all([
        roomWithSessions(id),
        listRecordings(fetch, token, ofRoom),
      ]);
      return shownRecordings(room, data);
    },
    // The link is signed for an hour, so that it is asked for when it is followed
    "GET /recordings/id": async (id) => {
      const { download_url } = await getRecording(fetch, token, id, opts);
      if (!download_url) return answer(409, { error: "not_ready" });
      const headers = { location: download_url, "cache-control": "no-store" };
      return new Response(null, { status: 302, headers });
    },
    ...fake && {
      "POST /rooms/id/join": (id, { name = "", token = "" }) =>
        inFake(() => fake.join(id, { context: name, token })),
      "POST /rooms/id/leave": (_, { participant = "" }) =>
        inFake(() => fake.leave(participant)),
    } satisfies Record<string, Route>,
  };

  async function respond(request: Request): Promise<Response> {
    const { method, headers, url } = request;
    // A client can send a Host header that no URL may have
    if (!URL.canParse(url)) return answer(400, { error: "bad_request" });
    const { pathname } = new URL(url);
    if (!await deps.mayUse(request)) {
      const challenge = { "www-authenticate": "Basic" };
      return answer(401, { error: "unauthorized" }, challenge);
    }
    const name = pathname === "/" ? "page.html" : pathname.slice(1);
    const type = files.get(name);
    if (type !== undefined && method === "GET") {
      const file = await readFile(new URL(name, import.meta.url), "utf8");
      const headers = {
        "content-type": type,
        "content-security-policy": policy(baseUrl),
      };
      return new Response(file, { headers });
    }
    const [, kind, id = "", action = ""] =
      /^\/(rooms|recordings)\/([^/]+)(\/\w+)?$/.exec(pathname) ?? [];
    const route = routes[`${method} ${id ? `/${kind}/id${action}` : pathname}`];
    if (!route) return answer(404, { error: "not_found" });
    // JSON only: other origins cannot send it without a CORS preflight
    const isPost = method === "POST";
    if (isPost && headers.get("content-type") !== "application/json") {
      return answer(415, { error: "unsupported_media_type" });
    }
    const result = await route(id, isPost ? await textsOf(request) : {});
    return result instanceof Response ? result : answer(200, result);
  }

  return async (request) => {
    const response = await respond(request).catch(failure);
    // No answer is read as another type than its own
    response.headers.set("x-content-type-options", "nosniff");
    return response;
  };
}
