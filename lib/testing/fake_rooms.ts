/**
 * A fake of the provider for your own tests: in memory, without a network.
 *
 * @example A whole test
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const rooms = [{ id, max_participants: 8 }];
 *
 * const room = await getRoom(fakeRooms({ rooms }).fetch, "any", id);
 * assertEquals(room.max_participants, 8);
 * ```
 *
 * @module
 */
import { alarm } from "../alarm.ts";
import { isDate, isUuid } from "../arguments.ts";
import type { ApiErrorDetail } from "../errors.ts";
import {
  type Room,
  room as roomDecoder,
  type RoomParticipant,
  type RoomSession,
} from "../room.ts";

export type { ApiErrorDetail, Room, RoomParticipant, RoomSession };

/**
 * What a fake provider starts with.
 *
 * @example Tokens that are refused, and one that may not look
 * ```ts
 * import { getRoom, type RoomsError } from "@videorooms/telnyx";
 * import { fakeRooms, type FakeRoomsOptions } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const opts: FakeRoomsOptions = { tokens: ["right"] };
 * const { fetch } = fakeRooms(opts);
 * const code = await getRoom(fetch, "wrong", id).catch((error: RoomsError) =>
 *   error.code
 * );
 * assertEquals(code, "unauthorized");
 * ```
 */
export interface FakeRoomsOptions {
  /** The rooms there are. Default: none. */
  rooms?: Iterable<Room>;
  /** The tokens that are accepted. Default: any that is not empty. */
  tokens?: Iterable<string>;
  /** Tokens that are known but may not see the rooms: 403. Default: none. */
  forbiddenTokens?: Iterable<string>;
  /** How many requests are answered in how long. Default: no limit. */
  rateLimit?: FakeRateLimit;
}

/**
 * A rate limit over fixed windows, the first of which a request begins.
 *
 * @example Two requests a minute
 * ```ts
 * import { getRoom, type RoomsError } from "@videorooms/telnyx";
 * import { fakeRooms, type FakeRateLimit } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const rateLimit: FakeRateLimit = { limit: 2, windowMs: 60_000 };
 * const { fetch } = fakeRooms({ rooms: [{ id }], rateLimit });
 * const call = () =>
 *   getRoom(fetch, "any", id, { timeoutMs: 1000 })
 *     .then(() => "room", (error: RoomsError) => error.code);
 * assertEquals([await call(), await call(), await call()], [
 *   "room",
 *   "room",
 *   "rate_limited",
 * ]);
 * ```
 */
export interface FakeRateLimit {
  /** Requests in a window. */
  limit: number;
  /** Length of a window, in milliseconds. */
  windowMs: number;
}

/**
 * Something for the next requests to go wrong with; the parts add up.
 *
 * @example A slow answer, and then a broken one
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms, type Fault } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const faults: Fault[] = [{ delayMs: 5 }, { status: 500, body: "<h1>" }];
 * const fake = fakeRooms({ rooms: [{ id }] });
 * for (const fault of faults) fake.fault(fault);
 *
 * await getRoom(fake.fetch, "any", id);
 * await getRoom(fake.fetch, "any", id, { retry: { baseDelayMs: 1 } });
 * assertEquals(fake.requests.map(({ status }) => status), [200, 500, 200]);
 * ```
 */
export interface Fault {
  /** Milliseconds before the answer; `Infinity` for none until an abort. */
  delayMs?: number;
  /** Answer with this HTTP status, 200 to 599, in place of the proper one. */
  status?: number;
  /** Headers to add to the answer, or to replace there. */
  headers?: Record<string, string>;
  /**
   * The body: a string as it is, anything else as JSON. Default: for a status
   * of 400 or more the general error body, otherwise the proper one.
   */
  body?: unknown;
  /** Milliseconds in the middle of the body; `Infinity` for a stalled body. */
  bodyDelayMs?: number;
  /** Break the connection before the answer, or in the middle of its body. */
  disconnect?: "before-answer" | "in-body";
}

/**
 * A request that the fake has seen.
 *
 * @example What your code has asked for
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms, type FakeRequest } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * await getRoom(fake.fetch, "any", id, { includeSessions: true });
 * const [request] = fake.requests as [FakeRequest];
 * assertEquals([request.method, request.status], ["GET", 200]);
 * ```
 */
export interface FakeRequest {
  /** The method, such as `"GET"`. */
  method: string;
  /** The absolute URL. */
  url: string;
  /** The headers, their names in lower case; the token is among them. */
  headers: Record<string, string>;
  /** The status it was answered with; absent when it got no answer. */
  status?: number;
}

/**
 * A fake provider and what a test does with it.
 *
 * @example Change a room while your code looks on
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms, type FakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake: FakeRooms = fakeRooms({ rooms: [{ id }] });
 * fake.changeRoom(id, { enable_recording: true });
 * const room = await getRoom(fake.fetch, "any", id);
 * assertEquals(room.enable_recording, true);
 * ```
 */
export interface FakeRooms {
  /** Answers as the provider does. Give it to the module in place of `fetch`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Every request so far, the oldest first. */
  readonly requests: readonly FakeRequest[];
  /** The rooms there are now, as they were given. */
  readonly rooms: readonly Room[];
  /**
   * Adds a room.
   *
   * @throws {TypeError} If it is no room, or there is one of that id already.
   */
  addRoom(room: Room): void;
  /**
   * Changes fields of a room; a field set to undefined goes.
   *
   * @throws {TypeError} If there is no such room, or it would be none then.
   */
  changeRoom(
    id: string,
    changes: { [K in keyof Room]?: Room[K] | undefined },
  ): void;
  /**
   * Removes a room.
   *
   * @throws {TypeError} If there is no such room.
   */
  removeRoom(id: string): void;
  /**
   * Orders a fault for the next `times` requests; several orders are served
   * one after the other.
   *
   * @throws {RangeError} If its status is not from 200 to 599.
   */
  fault(fault: Fault, times?: number): void;
}

/** The provider's error codes by status (Telnyx API reference, *Errors*). */
const documented: Record<number, [code: string, title: string]> = {
  400: ["10015", "Bad Request"],
  401: ["10009", "Authentication failed"],
  403: ["10010", "Authorization failed"],
  404: ["10005", "Resource not found"],
  408: ["10008", "Request timeout"],
  422: ["10004", "Missing required parameter"],
  429: ["10011", "Too many requests"],
};

interface FakeAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

function failure(
  status: number,
  detail: string,
  more: Partial<ApiErrorDetail> = {},
): FakeAnswer {
  const [code, title] = documented[status] ?? ["10007", "Unexpected error"];
  return { status, body: { errors: [{ code, title, detail, ...more }] } };
}

/** The seed, and after its own fields those that it leaves out. */
function fill<T extends object>(seed: T, defaults: Partial<T>): T {
  const missing = Object.entries(defaults).filter(([name]) =>
    !Object.hasOwn(seed, name)
  );
  return { ...seed, ...Object.fromEntries(missing) };
}

/** A room as an answer has it: what its seed leaves out is filled in. */
function complete(seed: Room, includeSessions: boolean): Room {
  const { sessions, ...rest } = seed;
  const room = fill<Room>(rest, {
    max_participants: 50,
    unique_name: `room-${seed.id.slice(0, 8)}`,
    created_at: "2021-04-16T09:46:20.954863Z",
    updated_at: "2021-04-16T10:24:55.962200Z",
    active_session_id: sessions?.find((session) => session.active)?.id ?? null,
    enable_recording: false,
    webhook_event_url: null,
    webhook_event_failover_url: "",
    webhook_timeout_secs: null,
    video_codecs: ["h264", "vp8"],
    record_type: "room",
  });
  if (!includeSessions) return room;
  room.sessions = (sessions ?? []).map((session) => ({
    ...fill(session, {
      room_id: seed.id,
      active: false,
      record_type: "room_session",
    }),
    participants: (session.participants ?? []).map((participant) =>
      fill(participant, {
        session_id: session.id,
        record_type: "room_participant",
      })
    ),
  }));
  return room;
}

/** A query parameter that is refused. */
function badParameter(parameter: string, expected: string): FakeAnswer {
  return failure(400, `${parameter} must be ${expected}.`, {
    source: { parameter },
  });
}

/** A query parameter that is a number; undefined for one out of its range. */
function numberIn(
  query: URLSearchParams,
  name: string,
  byDefault: number,
  max: number,
): number | undefined {
  const text = query.get(name) ?? `${byDefault}`;
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= max ? number : undefined;
}

/** Whether the day of a room's timestamp is as the filter says. */
function isWithin(
  timestamp: string | null | undefined,
  bound: string,
  day: string,
): boolean {
  if (!timestamp) return false;
  const at = timestamp.slice(0, day.length);
  return bound === "eq" ? at === day : bound === "gte" ? at >= day : at <= day;
}

/** The page of the rooms, in their order, that a query asks for. */
function listed(rooms: Iterable<Room>, query: URLSearchParams): FakeAnswer {
  const number = numberIn(query, "page[number]", 1, Number.MAX_SAFE_INTEGER);
  const size = numberIn(query, "page[size]", 20, 250);
  if (!number) return badParameter("page[number]", "a positive integer");
  if (!size) return badParameter("page[size]", "an integer from 1 to 250");

  const include = query.get("include_sessions") === "true";
  let found = Array.from(rooms, (room) => complete(room, include));
  const name = query.get("filter[unique_name]");
  if (name !== null) {
    found = found.filter(({ unique_name }) => unique_name === name);
  }
  for (const field of ["created_at", "updated_at"] as const) {
    for (const bound of ["eq", "gte", "lte"]) {
      const parameter = `filter[date_${field}][${bound}]`;
      const day = query.get(parameter);
      if (day === null) continue;
      if (!isDate(day)) return badParameter(parameter, "a day, as YYYY-MM-DD");
      found = found.filter((room) => isWithin(room[field], bound, day));
    }
  }
  return {
    status: 200,
    body: {
      data: found.slice((number - 1) * size, number * size),
      meta: {
        page_number: number,
        page_size: size,
        total_pages: Math.ceil(found.length / size),
        total_results: found.length,
      },
    },
  };
}

/** Waits in the way of a `fetch`: an abort rejects with its reason. */
function delay(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if (ms === Infinity) {
      signal?.addEventListener("abort", () => reject(signal.reason));
    } else alarm(ms, signal ?? undefined, resolve, reject);
  });
}

/** A body that comes in two halves, with something in between. */
function halves(
  text: string,
  { bodyDelayMs = 0, disconnect }: Fault,
  signal?: AbortSignal | null,
): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const middle = bytes.length >> 1;
  const gone = new AbortController();
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(bytes.subarray(0, middle));
      const either = signal
        ? AbortSignal.any([signal, gone.signal])
        : gone.signal;
      try {
        await delay(bodyDelayMs, either);
        if (disconnect === "in-body") {
          throw new TypeError("The connection broke in the body");
        }
        controller.enqueue(bytes.subarray(middle));
        controller.close();
      } catch (reason) {
        if (!gone.signal.aborted) controller.error(reason);
      }
    },
    cancel: () => gone.abort(),
  });
}

/**
 * Makes a fake provider. It answers `GET {any base}/rooms/{room_id}` and
 * `GET {any base}/rooms` as the provider's documentation says, from rooms in
 * memory.
 *
 * A room needs no more than its `id`: fields that a seed leaves out are filled
 * in (a field set to undefined stays out).
 *
 * Where the documentation is silent, this is what it chose:
 *
 * - Without `include_sessions=true`, `sessions` is absent. With it, a room
 *   that never had a session has an empty array.
 * - `active_session_id` is the id of the first active session, else null;
 *   `ended_at` and `left_at` are as they were given.
 * - A room without webhooks has null for its URL, `""` for the failover URL, and
 *   null seconds, as recorded answers have. A room that is given no name gets
 *   one; give it `unique_name: null` to have a room without.
 * - The 404 of an id that is not there is the bare error that the reference
 *   page shows; every other error is in the general form, `{"errors": […]}`.
 *   Order a fault with status 404 to see that in the general form as well.
 * - The list of rooms is in the order in which they were added. `unique_name`
 *   has to be the same, case included; of timestamps, the first ten characters
 *   are compared, which is the day in UTC; filters add up, and a room without
 *   the field meets none.
 * - A page past the last one is empty, and without any rooms there are 0 pages.
 * - An id that is no UUID is a 400 with code 10006; an `include_sessions` that
 *   is neither `true` nor `false`, a day that there is not, a `page[number]`
 *   below 1 and a `page[size]` not from 1 to 250 are a 400 with code 10015,
 *   which names the parameter; another path or method is a 404 with code 10003.
 *   Parameters that are not documented are not looked at.
 * - The token is checked before the rate limit, and only requests with a good
 *   token count. A 429 has no `Retry-After`.
 * - Every answer has an `x-request-id`, counted from
 *   `00000000-0000-4000-8000-000000000001`.
 *
 * @param options What there is, and who may see it.
 * @returns The fake.
 * @throws {TypeError} If one of the rooms is no room.
 *
 * @example A room that a test changes, and a fault that it orders
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 *
 * fake.changeRoom(id, { enable_recording: true });
 * fake.fault({ disconnect: "before-answer" }); // once; then as it should be
 *
 * const room = await getRoom(fake.fetch, "any", id, {
 *   retry: { baseDelayMs: 1 },
 * });
 * assertEquals(room.enable_recording, true);
 * assertEquals(fake.requests.length, 2);
 * ```
 */
export function fakeRooms(options: FakeRoomsOptions = {}): FakeRooms {
  const tokens = options.tokens && new Set(options.tokens);
  const forbidden = new Set(options.forbiddenTokens);
  const rooms = new Map<string, Room>();
  const requests: FakeRequest[] = [];
  const faults: Fault[] = [];
  let window = { end: -Infinity, used: 0 };

  function setRoom(room: Room): void {
    const wrong = roomDecoder(room);
    if (wrong) {
      throw new TypeError(
        `Cannot set the room as ${wrong.pointer || "it"} must be ` +
          `${wrong.expected}: received ${wrong.received}`,
      );
    }
    if (!isUuid(room.id)) {
      throw new TypeError("Cannot set the room as /id must be a UUID");
    }
    rooms.set(room.id.toLowerCase(), structuredClone(room));
  }

  function existing(id: string): Room {
    const room = rooms.get(id.toLowerCase());
    if (!room) throw new TypeError(`Cannot find room ${id}: add it first`);
    return room;
  }

  function addRoom(room: Room): void {
    if (rooms.has(String(room?.id).toLowerCase())) {
      throw new TypeError(
        `Cannot add room ${room.id} as it is there already: change it instead`,
      );
    }
    setRoom(room);
  }

  /** The headers of this answer; a 429 when the window's limit is used up. */
  function count({ limit, windowMs }: FakeRateLimit) {
    const now = Date.now();
    if (now >= window.end) window = { end: now + windowMs, used: 0 };
    window.used++;
    return {
      over: window.used > limit,
      headers: {
        "x-ratelimit-limit": `${limit}, ${limit};window=${windowMs / 1000}`,
        "x-ratelimit-remaining": String(Math.max(0, limit - window.used)),
        "x-ratelimit-reset": String(Math.ceil((window.end - now) / 1000)),
      },
    };
  }

  function find({ method, url }: FakeRequest): FakeAnswer {
    const { pathname, searchParams } = new URL(url);
    const [path, id] = /\/rooms(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (!path || method !== "GET") {
      return failure(404, "There is nothing at this address.", {
        code: "10003",
        title: "Invalid URL",
      });
    }
    if (id !== undefined && !isUuid(id)) {
      return failure(400, "The room's id is no UUID.", {
        code: "10006",
        title: "Invalid ID",
      });
    }
    const include = searchParams.get("include_sessions") ?? "false";
    if (include !== "true" && include !== "false") {
      return badParameter("include_sessions", "true or false");
    }
    if (id === undefined) return listed(rooms.values(), searchParams);
    const room = rooms.get(id.toLowerCase());
    if (room) {
      return {
        status: 200,
        body: { data: complete(room, include === "true") },
      };
    }
    const [code, title] = documented[404] as [string, string];
    const detail = "The requested resource or URL could not be found.";
    return { status: 404, body: { code, title, detail } };
  }

  function answer(request: FakeRequest): FakeAnswer {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")
      ?.[1];
    if (token !== undefined && forbidden.has(token)) {
      return failure(403, "This token may not see the rooms.");
    }
    if (token === undefined || (tokens && !tokens.has(token))) {
      return failure(401, "The token is missing or unknown.");
    }
    if (!options.rateLimit) return find(request);
    const { over, headers } = count(options.rateLimit);
    const found = over
      ? failure(
        429,
        "You have exceeded the maximum number of allowed requests.",
      )
      : find(request);
    return { ...found, headers };
  }

  async function fetch(
    input: string | URL | Request,
    init?: RequestInit,
  ): Promise<Response> {
    const { method, url, headers, signal } = new Request(input, init);
    const request: FakeRequest = {
      method,
      url,
      headers: Object.fromEntries(headers),
    };
    requests.push(request);
    const number = requests.length;
    const fault = faults.shift() ?? {};

    signal.throwIfAborted();
    if (fault.delayMs) await delay(fault.delayMs, signal);
    if (fault.disconnect === "before-answer") {
      throw new TypeError("The connection broke before the answer");
    }

    const proper = answer(request);
    const { status, body } = fault.status === undefined
      ? proper
      : fault.status < 400
      ? { status: fault.status, body: proper.body }
      : failure(fault.status, "This fault was ordered.");
    const given = fault.body === undefined ? body : fault.body;
    const text = typeof given === "string" ? given : JSON.stringify(given);
    const whole = fault.bodyDelayMs === undefined && !fault.disconnect;

    request.status = status;
    return new Response(
      [204, 205, 304].includes(status)
        ? null
        : whole
        ? text
        : halves(text, fault, signal),
      {
        status,
        headers: {
          "content-type": "application/json; charset=utf-8",
          "x-request-id": `00000000-0000-4000-8000-${
            String(number).padStart(12, "0")
          }`,
          ...proper.headers,
          ...fault.headers,
        },
      },
    );
  }

  for (const room of options.rooms ?? []) addRoom(room);

  return {
    fetch,
    requests,
    get rooms() {
      return [...rooms.values()];
    },
    addRoom,
    changeRoom: (id, changes) =>
      setRoom({ ...existing(id), ...changes } as Room),
    removeRoom: (id) => void rooms.delete(existing(id).id.toLowerCase()),
    fault(fault, times = 1) {
      const { status = 200 } = fault;
      if (!Number.isInteger(status) || status < 200 || status > 599) {
        throw new RangeError(
          `Cannot order the fault as 'status' must be an integer from 200 ` +
            `to 599: current value is ${status}`,
        );
      }
      for (let i = 0; i < times; i++) faults.push(fault);
    },
  };
}
