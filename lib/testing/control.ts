// The routes below `/_fake/`: what happens in rooms, faults, the clock and the log,
// as plain JSON for a page, a script or a test in any language.
import { InvalidArgumentError } from "../core/errors.ts";
import { isRecord } from "../core/redact.ts";
import type { Room } from "../core/rooms.ts";
import { controlPath, controlProblem } from "./control_access.ts";
import { shownRoom, shownState } from "./control_state.ts";
import { eventStream } from "./event_stream.ts";
import { type Fault, faultNames } from "./faults.ts";
import { settle } from "./due.ts";
import { baseOf } from "./files.ts";
import type { FakeRequest } from "./log.ts";
import type { Parts } from "./parts.ts";
import { Refusal } from "./refusal.ts";
import { respond } from "./routes.ts";
import { theRoom } from "./seed.ts";
import { startSimulation } from "./simulation.ts";
import { addStartingRooms } from "./starting_rooms.ts";
import { find, type RoomRecord, type State } from "./state.ts";
import type { WebhookFault } from "./webhooks.ts";
import { wholeBody } from "./bodies.ts";

/** A refusal of a route, told in a sentence. */
class ControlError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** What a route is given. */
interface Given {
  parts: Parts;
  /** The id or the name in the path. */
  id: string;
  body: Record<string, unknown>;
  query: URLSearchParams;
  signal: AbortSignal | undefined;
}

/** A route: what it does, and what `curl` sends in its example. */
interface ControlRoute {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  about: string;
  /** A body for an example. */
  example?: Record<string, unknown>;
  /** Returns what is sent as JSON, or a whole response. */
  act(given: Given): unknown;
}

/** The room with this id or name. */
function roomOf({ parts: { state }, id }: Given): RoomRecord {
  const room = find(state.rooms, id) ??
    [...state.rooms.values()].find(({ unique_name }) => unique_name === id);
  if (room) return room;
  throw new ControlError(404, `There is no room '${id.slice(0, 100)}'.`);
}

/** A room as it is after a change. */
const shown = (state: State, { id }: RoomRecord) =>
  shownRoom(state, theRoom(state, id));

/** Runs what a method of the fake does; its error is a 409, or a 422. */
function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const status = error instanceof InvalidArgumentError ? 422 : 409;
    throw new ControlError(status, `${error.message}.`.replace("?.", "?"));
  }
}

/** Reads fields of the body; each throws if it has another type. */
const fieldOf =
  <T>(type: string, isIt: (value: unknown) => value is T) =>
  (body: Record<string, unknown>, name: string): T | undefined => {
    const value = body[name];
    if (value === undefined || isIt(value)) return value;
    throw new ControlError(422, `'${name}' must be a ${type}.`);
  };
const text = fieldOf("string", (value) => typeof value === "string");
const numberIn = fieldOf("number", (value) => typeof value === "number");
const boolean = fieldOf("boolean", (value) => typeof value === "boolean");

/** How many requests a fault is for: a number, or `"always"`. */
function timesOf(body: Record<string, unknown>): number {
  if (body.times === "always") return Infinity;
  const times = numberIn(body, "times") ?? 1;
  if (Number.isInteger(times) && times >= 1) return times;
  throw new ControlError(
    422,
    "'times' must be an integer from 1, or \"always\".",
  );
}

/** A fault in a body; `"forever"` is a delay without an end. */
function faultOf({ times: _, ...fields }: Record<string, unknown>): Fault {
  if (Object.keys(fields).length === 0) {
    const names = faultNames.join(", ");
    throw new ControlError(422, `A fault has ${names} and times.`);
  }
  for (const name of ["delayMs", "bodyDelayMs"]) {
    if (fields[name] === "forever") fields[name] = Infinity;
    numberIn(fields, name);
  }
  numberIn(fields, "status");
  text(fields, "disconnect");
  return fields;
}

/** How many compositions of a room there can be at once is not limited. */
function compose({ state }: Parts, room: RoomRecord): unknown {
  const session = state.sessions.of(room.id).at(-1);
  if (!session) {
    throw new ControlError(409, "The room has had no session to compose.");
  }
  const { status, body } = respond(state, {
    method: "POST",
    url: "http://localhost/v2/room_compositions",
    body: JSON.stringify({ session_id: session.id }),
  });
  if (status >= 400) throw new ControlError(status, JSON.stringify(body));
  return isRecord(body) ? body.data : body;
}

/** Every route, in the order of the docs. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: "GET",
    path: "health",
    about: "whether it runs, and its time",
    act: ({ parts: { state } }) => ({
      status: "ok",
      rooms: state.rooms.size,
      now: new Date(state.now()).toISOString(),
    }),
  },
  {
    method: "GET",
    path: "state",
    about:
      "the rooms with their sessions, people and files (at most 100 rooms; " +
      "`?search=`), and the faults to come",
    act({ parts, query }) {
      settle(parts.state);
      const now = parts.state.now();
      return { now, ...shownState(parts, query.get("search") ?? "") };
    },
  },
  {
    method: "GET",
    path: "log",
    about:
      "the newest 500 requests and webhooks, the oldest first (`?limit=`, " +
      "`?kind=request` or `webhook`)",
    act({ parts, query }) {
      const kind = query.get("kind");
      const limit = Number(query.get("limit") ?? 500);
      if (!Number.isInteger(limit) || limit < 1) {
        throw new ControlError(422, "'limit' must be an integer from 1.");
      }
      const { entries } = parts.activity();
      return {
        entries: entries.filter((entry) => kind === null || entry.kind === kind)
          .slice(-limit),
      };
    },
  },
  {
    method: "GET",
    path: "events",
    about: "both as they change, as server-sent events",
    act: ({ parts, signal }) =>
      new Response(eventStream(parts, signal), {
        headers: {
          "content-type": "text/event-stream",
          "cache-control": "no-store",
        },
      }),
  },
  {
    method: "POST",
    path: "rooms",
    about: "adds a room: any of its fields",
    example: { unique_name: "retro", max_participants: 4 },
    act({ parts: { fake, state }, body }) {
      const id = text(body, "id") ?? state.newId();
      const room: Room = {
        unique_name: null,
        max_participants: 10,
        created_at: new Date(state.now()).toISOString(),
        updated_at: new Date(state.now()).toISOString(),
        ...body,
        id,
      };
      attempt(() => fake.addRoom(room));
      return shownRoom(state, theRoom(state, id));
    },
  },
  {
    method: "PATCH",
    path: "rooms/{room}",
    about: "changes fields of a room",
    example: { max_participants: 12 },
    act(given) {
      const { parts: { fake, state }, body } = given;
      const room = roomOf(given);
      attempt(() => fake.changeRoom(room.id, body));
      return shown(state, room);
    },
  },
  {
    method: "POST",
    path: "rooms/{room}/join",
    about: "somebody joins, as `context`, with a join `token` or without",
    example: { context: "Ann" },
    act(given) {
      const { parts: { fake }, body } = given;
      const options = {
        context: text(body, "context"),
        token: text(body, "token"),
      };
      const room = roomOf(given);
      return attempt(() => fake.join(room.id, options));
    },
  },
  {
    method: "POST",
    path: "participants/{participant}/leave",
    about: "somebody leaves",
    act({ parts: { fake }, id }) {
      attempt(() => fake.leave(id));
      return { left: id };
    },
  },
  {
    method: "POST",
    path: "rooms/{room}/record",
    about:
      "turns recording on or, with `on: false`, off, also of those present",
    example: { on: true },
    act(given) {
      const { parts: { fake, state }, body } = given;
      const room = roomOf(given);
      const isOn = boolean(body, "on") ?? true;
      attempt(() => fake.record(room.id, isOn));
      return shown(state, room);
    },
  },
  {
    method: "POST",
    path: "rooms/{room}/end",
    about: "ends the session",
    act(given) {
      const room = roomOf(given);
      attempt(() => given.parts.fake.endSession(room.id));
      return shown(given.parts.state, room);
    },
  },
  {
    method: "POST",
    path: "rooms/{room}/start",
    about: "starts a session with nobody in it",
    act(given) {
      const room = roomOf(given);
      return attempt(() => given.parts.fake.startSession(room.id));
    },
  },
  {
    method: "POST",
    path: "rooms/{room}/compose",
    about: "composes the last session",
    act: (given) => compose(given.parts, roomOf(given)),
  },
  {
    method: "POST",
    path: "rooms/{room}/complete",
    about: "completes its ended recordings and its compositions now",
    act(given) {
      const room = roomOf(given);
      return { completed: attempt(() => given.parts.fake.complete(room.id)) };
    },
  },
  {
    method: "POST",
    path: "faults",
    about:
      'a fault for the next `times` requests (1; or `"always"`): `status`, ' +
      '`delayMs`, `bodyDelayMs` (or `"forever"`), `disconnect`, `headers`, `body`',
    example: { status: 503, times: 1 },
    act({ parts, body }) {
      const times = timesOf(body);
      const fault = faultOf(body);
      attempt(() => parts.fake.fault(fault, times));
      return { faults: shownState(parts).faults };
    },
  },
  {
    method: "POST",
    path: "webhook-faults",
    about:
      "`duplicate` sends the next webhook twice, `reorder` after the one that " +
      "follows it",
    example: { fault: "duplicate" },
    act({ parts, body }) {
      const fault = text(body, "fault");
      const times = timesOf(body);
      attempt(() => parts.fake.webhookFault(fault as WebhookFault, times));
      return { webhookFaults: parts.outbox.faults };
    },
  },
  {
    method: "DELETE",
    path: "faults",
    about: "forgets all faults to come",
    act({ parts }) {
      parts.log.faults.length = 0;
      parts.outbox.clearFaults();
      return { faults: [] };
    },
  },
  {
    method: "POST",
    path: "clock",
    about: "moves the fake's clock forward, by `seconds`",
    example: { seconds: 60 },
    act({ parts: { fake, state }, body }) {
      const seconds = numberIn(body, "seconds");
      if (seconds === undefined) {
        throw new ControlError(422, "'seconds' is missing.");
      }
      attempt(() => fake.forward(seconds * 1000));
      return { now: new Date(state.now()).toISOString() };
    },
  },
  {
    method: "GET",
    path: "webhooks",
    about: "the newest 1000 events, their URLs and attempts, the oldest first",
    act: ({ parts }) => ({ webhooks: parts.outbox.sent }),
  },
  {
    method: "POST",
    path: "webhooks/{event}/redeliver",
    about: "sends a webhook again, with the same event id",
    act({ parts, id }) {
      if (!parts.outbox.sent.some(({ event }) => event.id === id)) {
        throw new ControlError(404, `There is no event '${id.slice(0, 100)}'.`);
      }
      attempt(() => parts.fake.redeliver(id));
      return { redelivered: id };
    },
  },
  {
    method: "POST",
    path: "simulation",
    about:
      "people come and go by themselves: `on`, and a `seed` that repeats it",
    example: { on: false },
    act({ parts, body }) {
      const seed = numberIn(body, "seed") ?? 1;
      const everyMs = numberIn(body, "everyMs") ?? 1500;
      if (!(everyMs >= 10)) {
        throw new ControlError(422, "'everyMs' must be 10 or more.");
      }
      parts.simulation?.stop();
      if (boolean(body, "on") ?? true) startSimulation(parts, seed, everyMs);
      return { simulation: shownState(parts).simulation };
    },
  },
  {
    method: "POST",
    path: "examples",
    about: "adds the rooms that `serve` starts with, those that are not there",
    act({ parts }) {
      addStartingRooms(parts);
      return { rooms: parts.state.rooms.size };
    },
  },
  {
    method: "DELETE",
    path: "rooms/{room}",
    about: "removes a room",
    act(given) {
      const { id } = roomOf(given);
      given.parts.fake.removeRoom(id);
      return { removed: id };
    },
  },
  {
    method: "POST",
    path: "reset",
    about: "makes it as it was at first",
    act({ parts }) {
      parts.fake.reset();
      return { rooms: parts.state.rooms.size };
    },
  },
];

const jsonHeaders = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** A response with JSON. */
function json(status: number, body: unknown): Response {
  return new Response(wholeBody(`${JSON.stringify(body)}\n`), {
    status,
    headers: jsonHeaders,
  });
}

/** The id in a path, if the path is that of a route. */
function idIn(path: string, pattern: string): string | undefined {
  const [before = "", after] = pattern.split(/\{\w+\}/);
  if (after === undefined) return path === pattern ? "" : undefined;
  const isIt = path.startsWith(before) && path.endsWith(after) &&
    path.length > before.length + after.length;
  if (!isIt) return undefined;
  const id = path.slice(before.length, path.length - after.length);
  return id.includes("/") ? undefined : id;
}

/** The body as an object; one that is not there is empty. */
function bodyOf(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body) && !Array.isArray(body)) return body;
  } catch {
    // It is told below
  }
  throw new ControlError(400, "The body must be a JSON object.");
}

/** The path decoded; a wrong one is as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Carries out the route of a request. */
async function carryOut(
  parts: Parts,
  { method, url, body }: FakeRequest,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.slice(controlPath.length);
  const allowed: string[] = [];
  for (const route of controlRoutes) {
    const id = idIn(path, route.path);
    if (id === undefined) continue;
    allowed.push(route.method);
    const isRight = route.method === method ||
      (method === "HEAD" && route.method === "GET");
    if (!isRight) continue;
    const result = route.act({
      parts,
      id: decoded(id),
      body: bodyOf(body),
      query: searchParams,
      signal,
    });
    parts.activity().changed();
    return result;
  }
  if (allowed.length > 0) {
    throw new ControlError(405, `This takes ${allowed.join(" or ")}.`);
  }
  const isPage = method === "GET" || method === "HEAD";
  // Loaded only when it is asked for
  const { pageFile } = await import("./page.ts");
  const file = isPage ? pageFile(path) : undefined;
  if (file) return file;
  const known = controlRoutes.map(({ method, path }) => `${method} ${path}`);
  throw new ControlError(
    404,
    `There is nothing at this address; below ${controlPath} there are the page ` +
      `and ${known.join(", ")}.`,
  );
}

/** Responds to a request for a control route or for the page. */
export async function respondToControl(
  parts: Parts,
  request: FakeRequest,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const problem = controlProblem(request);
  if (problem !== undefined) return json(403, { error: problem });
  if (new URL(request.url).pathname === "/_fake") {
    return new Response(null, {
      status: 308,
      headers: { location: controlPath },
    });
  }
  parts.state.files.base = baseOf(request.url);
  try {
    const result = await carryOut(parts, request, signal);
    return result instanceof Response ? result : json(200, result);
  } catch (error) {
    if (error instanceof ControlError) {
      return json(error.status, { error: error.message });
    }
    if (error instanceof Refusal) return json(error.status, error.body);
    throw error;
  }
}
