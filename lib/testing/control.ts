// The routes below `/_fake/`: what happens in rooms, faults, the clock and the log,
// as plain JSON for a page, a script or a test in any language.
import { InvalidArgumentError } from "../core/errors.ts";
import {
  boolean,
  type Decoder,
  number,
  string,
  withArticle,
} from "../core/decode.ts";
import { matchPath } from "../core/path.ts";
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
import { compose } from "./file_routes.ts";
import { theRoom } from "./seed.ts";
import { startSimulation } from "./simulation.ts";
import { addStartingRooms } from "./starting_rooms.ts";
import type { RoomRecord, State } from "./state.ts";
import type { WebhookFault } from "./webhooks.ts";
import { wholeBody } from "./bodies.ts";

/** A refusal of a route, told in a sentence. */
class ControlError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

interface Given extends Parts {
  parts: Parts;
  /** What is in the path; of a room its id, also if its name was there. */
  id: string;
  body: Record<string, unknown>;
  query: URLSearchParams;
  signal: AbortSignal | undefined;
}

/** A route: what it does, and what `curl` sends in its example. */
interface ControlRoute {
  method: string;
  path: string;
  about: string;
  example?: Record<string, unknown>;
  /**
   * Returns what is sent as JSON, or a whole response; nothing for the room in the
   * path as it is then. An error of the fake is a 409, or a 422.
   */
  act(given: Given): unknown;
}

function roomOf(state: State, id: string): RoomRecord {
  const room = state.rooms.get(id) ??
    state.rooms.of().find(({ unique_name }) => unique_name === id);
  if (room) return room;
  throw new ControlError(404, `There is no room '${id.slice(0, 100)}'.`);
}

/** Reads fields of the body; each throws if it has another type. */
const fieldOf =
  <T>(decoder: Decoder<T>) =>
  (body: Record<string, unknown>, name: string): T | undefined => {
    const value = body[name];
    const mismatch = value === undefined ? undefined : decoder(value);
    if (!mismatch) return value as T | undefined;
    const expected = withArticle(mismatch.expected);
    throw new ControlError(422, `'${name}' must be ${expected}.`);
  };
const textIn = fieldOf(string);
const numberIn = fieldOf(number);
const booleanIn = fieldOf(boolean);

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
  for (const name of ["status", "delayMs", "bodyDelayMs"]) {
    if (fields[name] === "forever") fields[name] = Infinity;
    numberIn(fields, name);
  }
  textIn(fields, "disconnect");
  return fields;
}

/** Every route by its request, in the order of the docs. */
const table: Record<string, Omit<ControlRoute, "method" | "path">> = {
  "GET health": {
    about: "whether it runs, and its time",
    act: ({ state }) => ({
      status: "ok",
      rooms: state.rooms.size,
      now: new Date(state.now()).toISOString(),
    }),
  },
  "GET state": {
    about:
      "the rooms with their sessions, people and files (at most 100 rooms; " +
      "`?search=`), and the faults to come",
    act({ parts, state, query }) {
      settle(state);
      const now = state.now();
      return { now, ...shownState(parts, query.get("search") ?? "") };
    },
  },
  "GET log": {
    about:
      "the newest 500 requests and webhooks, the oldest first (`?limit=`, " +
      "`?kind=request` or `webhook`)",
    act({ parts, query }) {
      const kind = query.get("kind");
      const limit = Number(query.get("limit") ?? 500);
      if (!Number.isInteger(limit) || limit < 1) {
        throw new ControlError(422, "'limit' must be an integer from 1.");
      }
      const entries = parts.activity.entries()
        .filter((entry) => kind === null || entry.kind === kind);
      return { entries: entries.slice(-limit) };
    },
  },
  "GET events": {
    about: "both as they change, as server-sent events",
    act: ({ parts, signal }) =>
      new Response(eventStream(parts, signal), {
        headers: {
          "content-type": "text/event-stream",
          "cache-control": "no-store",
        },
      }),
  },
  "POST rooms": {
    about: "adds a room: any of its fields",
    example: { unique_name: "retro", max_participants: 4 },
    act({ fake, state, body }) {
      const id = textIn(body, "id") ?? state.newId();
      const now = new Date(state.now()).toISOString();
      const room: Room = {
        unique_name: null,
        max_participants: 10,
        created_at: now,
        updated_at: now,
        ...body,
        id,
      };
      fake.addRoom(room);
      return shownRoom(state, theRoom(state, id));
    },
  },
  "PATCH rooms/{room}": {
    about: "changes fields of a room",
    example: { max_participants: 12 },
    act: ({ fake, id, body }) => fake.changeRoom(id, body),
  },
  "POST rooms/{room}/join": {
    about: "somebody joins, as `context`, with a join `token` or without",
    example: { context: "Ann" },
    act({ fake, id, body }) {
      const context = textIn(body, "context");
      const token = textIn(body, "token");
      return fake.join(id, { context, token });
    },
  },
  "POST participants/{participant}/leave": {
    about: "somebody leaves",
    act({ fake, id }) {
      fake.leave(id);
      return { left: id };
    },
  },
  "POST rooms/{room}/record": {
    about:
      "turns recording on or, with `on: false`, off, also of those present",
    example: { on: true },
    act: ({ fake, id, body }) => fake.record(id, booleanIn(body, "on")),
  },
  "POST rooms/{room}/end": {
    about: "ends the session",
    act: ({ fake, id }) => fake.endSession(id),
  },
  "POST rooms/{room}/start": {
    about: "starts a session with nobody in it",
    act: ({ fake, id }) => fake.startSession(id),
  },
  "POST rooms/{room}/compose": {
    about: "composes the last session",
    act({ state, id }) {
      const session = state.sessions.of(id).at(-1);
      if (session) return compose(state, { session_id: session.id });
      throw new ControlError(409, "The room has had no session to compose.");
    },
  },
  "POST rooms/{room}/complete": {
    about: "completes its ended recordings and its compositions now",
    act: ({ fake, id }) => ({ completed: fake.complete(id) }),
  },
  "POST faults": {
    about:
      'a fault for the next `times` requests (1; or `"always"`): `status`, ' +
      '`delayMs`, `bodyDelayMs` (or `"forever"`), `disconnect`, `headers`, `body`',
    example: { status: 503, times: 1 },
    act({ parts, fake, body }) {
      const times = timesOf(body);
      fake.fault(faultOf(body), times);
      return { faults: shownState(parts).faults };
    },
  },
  "POST webhook-faults": {
    about:
      "`duplicate` sends the next webhook twice, `reorder` after the one that " +
      "follows it",
    example: { fault: "duplicate" },
    act({ parts, fake, body }) {
      const fault = textIn(body, "fault");
      fake.webhookFault(fault as WebhookFault, timesOf(body));
      return { webhookFaults: parts.outbox.faults };
    },
  },
  "DELETE faults": {
    about: "forgets all faults to come",
    act({ parts }) {
      parts.log.faults.length = 0;
      parts.outbox.faults.length = 0;
      return { faults: [] };
    },
  },
  "POST clock": {
    about: "moves the fake's clock forward, by `seconds`",
    example: { seconds: 60 },
    act({ fake, state, body }) {
      const seconds = numberIn(body, "seconds");
      if (seconds === undefined) {
        throw new ControlError(422, "'seconds' is missing.");
      }
      fake.forward(seconds * 1000);
      return { now: new Date(state.now()).toISOString() };
    },
  },
  "GET webhooks": {
    about: "the newest 1000 events, their URLs and attempts, the oldest first",
    act: ({ parts }) => ({ webhooks: parts.outbox.sent }),
  },
  "POST webhooks/{event}/redeliver": {
    about: "sends a webhook again, with the same event id",
    act({ parts, fake, id }) {
      if (!parts.outbox.sent.some(({ event }) => event.id === id)) {
        throw new ControlError(404, `There is no event '${id.slice(0, 100)}'.`);
      }
      fake.redeliver(id);
      return { redelivered: id };
    },
  },
  "POST simulation": {
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
      if (booleanIn(body, "on") ?? true) startSimulation(parts, seed, everyMs);
      return { simulation: shownState(parts).simulation };
    },
  },
  "POST examples": {
    about: "adds the rooms that `serve` starts with, those that are not there",
    act({ parts, state }) {
      addStartingRooms(parts);
      return { rooms: state.rooms.size };
    },
  },
  "DELETE rooms/{room}": {
    about: "removes a room",
    act({ fake, id }) {
      fake.removeRoom(id);
      return { removed: id };
    },
  },
  "POST reset": {
    about: "makes it as it was at first",
    act({ fake, state }) {
      fake.reset();
      return { rooms: state.rooms.size };
    },
  },
};

export const controlRoutes: readonly ControlRoute[] = Object.entries(table)
  .map(([request, route]) => {
    const [method = "", path = ""] = request.split(" ");
    return { method, path, ...route };
  });

const jsonHeaders = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

function json(status: number, body: unknown): Response {
  return new Response(wholeBody(`${JSON.stringify(body)}\n`), {
    status,
    headers: jsonHeaders,
  });
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

/** Does what a route does; an error of the fake is a 409, or a 422. */
function act(route: ControlRoute, given: Given): unknown {
  const { state, id, activity } = given;
  try {
    const result = route.act(given);
    activity.changed();
    return result ?? shownRoom(state, theRoom(state, id));
  } catch (error) {
    if (!(error instanceof Error) || error instanceof ControlError) throw error;
    const status = error instanceof InvalidArgumentError ? 422 : 409;
    throw new ControlError(status, `${error.message}.`.replace("?.", "?"));
  }
}

/** Carries out the route of a request. */
async function carryOut(
  parts: Parts,
  { method, url, body }: FakeRequest,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { pathname, searchParams: query } = new URL(url);
  const wanted = method === "HEAD" ? "GET" : method;
  const here = controlRoutes.flatMap((route) => {
    const ids = matchPath(controlPath + route.path, pathname);
    return ids ? [{ route, ids }] : [];
  });
  const found = here.find(({ route }) => route.method === wanted);
  if (found) {
    const { room, participant, event } = found.ids;
    const id = room !== undefined
      ? roomOf(parts.state, decoded(room)).id
      : decoded(participant ?? event ?? "");
    const given = { ...parts, parts, id, query, signal, body: bodyOf(body) };
    return act(found.route, given);
  }
  if (here.length > 0) {
    const allowed = here.map(({ route }) => route.method).join(" or ");
    throw new ControlError(405, `This takes ${allowed}.`);
  }
  // Loaded only when it is asked for
  const { pageFile } = await import("./page.ts");
  const path = pathname.slice(controlPath.length);
  const file = wanted === "GET" ? pageFile(path) : undefined;
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
  parts.state.fileBase = baseOf(request.url);
  try {
    const result = await carryOut(parts, request, signal);
    return result instanceof Response ? result : json(200, result);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return json(error.status, { error: error.message });
  }
}
