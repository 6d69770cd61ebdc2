import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  ApiError,
  type AttemptEvent,
  call,
  type CallOptions,
  type FetchFn,
  getRoom,
  type GetRoomOptions,
  InvalidArgumentError,
  NetworkError,
  type Operation,
  RoomsError,
  TimeoutError,
} from "../../mod.ts";
import { fakeRooms, type Fault } from "../../lib/testing/fake_rooms.ts";
import { example, id } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { test } from "../support/virtual_time.ts";

const retry = { baseDelayMs: 0 };

/** Calls `getRoom` on a fake with these faults; no listener is left. */
async function lookUp(
  faults: Fault[],
  opts: GetRoomOptions = {},
  { signal, listeners } = countedSignal(),
) {
  const fake = fakeRooms({ rooms: [{ id }] });
  for (const fault of faults) fake.fault(fault);
  const events: AttemptEvent[] = [];
  const began = performance.now();
  const outcome: unknown = await getRoom(fake.fetch, "any", id, {
    retry,
    signal,
    onAttempt: (event) => events.push(event),
    ...opts,
  }).catch((error: unknown) => error);
  assertEquals(listeners(), 0);
  const ms = performance.now() - began;
  return { outcome, events, requests: fake.requests.length, ms };
}

/** A `fetchFn` that gives something, a response or not. */
const giving = (value: unknown): FetchFn => () =>
  Promise.resolve(value as Response);

/** A body that never comes, and how often it was canceled. */
function stalledBody() {
  const counts = { canceled: 0 };
  const cancel = () => void counts.canceled++;
  return { body: new ReadableStream({ cancel }), counts };
}

/** Asserts that an object has these properties, among others. */
function assertHas(value: unknown, properties: object) {
  assert(typeof value === "object" && value !== null);
  for (const [name, expected] of Object.entries(properties)) {
    assertEquals(Reflect.get(value, name), expected, name);
  }
}

/** Lets go on what goes on at once. */
const soon = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

const transient: [name: string, fault: Fault, waitMs: number][] = [
  ["a status that is temporary", { status: 503 }, 0],
  ["a connection that broke", { disconnect: "before-response" }, 0],
  ["a body that broke off", { disconnect: "in-body" }, 0],
  [
    "as long as Retry-After says",
    { status: 429, headers: { "retry-after": "0.05" } },
    50,
  ],
  [
    "until the time that Retry-After says",
    {
      status: 429,
      headers: { "retry-after": "Thu, 01 Jan 2026 00:00:20 GMT" },
    },
    19_940,
  ],
];

for (const [name, fault, waitMs] of transient) {
  test(`getRoom() retries after ${name}`, async () => {
    const { outcome, events } = await lookUp([{ ...fault, delayMs: 60 }]);
    assertHas(outcome, { id });
    const [first, second] = events;
    assertInstanceOf(first?.error, RoomsError);
    assertEquals(
      [first.attempt, first.status, first.waitMs, first.durationMs],
      [1, fault.status, waitMs, 60],
    );
    assertEquals(
      [second?.attempt, second?.status, second?.error, second?.waitMs],
      [2, 200, undefined, undefined],
    );
    assertEquals([events.length, second?.durationMs], [2, 0]);
  });
}

const busy = { status: 503, headers: { "retry-after": "0.5" } };
const large = { status: 403, body: { title: "x".repeat(70_000) } };
const never = { delayMs: Infinity };
const stalls = { bodyDelayMs: Infinity };

/** What ends a call: its error, after how many attempts and milliseconds. */
interface End {
  ms?: number;
  attempts?: number;
  [property: string]: unknown;
}

const ends: Record<string, [Fault[], End, GetRoomOptions?]> = {
  "a 404": [[{ status: 404 }], { code: "not_found" }],
  "a 204": [[{ status: 204 }], { status: 204 }],
  "a 301": [[{ status: 301 }], { status: 301 }],
  "an invalid body": [[{ body: { data: { id: 7 } } }], { pointer: "/data/id" }],
  "a body over maxBodyBytes": [
    [],
    { code: "response_too_large" },
    { maxBodyBytes: 10 },
  ],
  "a 404 after a 503": [
    [{ status: 503 }, { status: 404 }],
    { attempts: 2, status: 404 },
  ],
  "the last of maxAttempts failures": [
    [{ status: 500 }, { disconnect: "in-body" }, { status: 503 }],
    { attempts: 3, status: 503 },
  ],
  "a wait that would pass the deadline": [
    [{ status: 429, headers: { "x-ratelimit-reset": "86400" } }],
    { code: "rate_limited", retryAfterMs: 86_400_000 },
  ],
  "an attempt that left no time for the wait": [
    [{ ...busy, delayMs: 600 }],
    { ms: 600, status: 503 },
    { timeoutMs: 1000 },
  ],
  "attemptTimeoutMs": [
    [never],
    { ms: 20, timeoutMs: 20, waitingFor: "response" },
    { attemptTimeoutMs: 20, retry: false },
  ],
  "timeoutMs, even in the middle of an attempt": [
    [stalls],
    { ms: 50, timeoutMs: 50, waitingFor: "body" },
    { timeoutMs: 50 },
  ],
  "timeoutMs, which limits the last attempt": [
    [{ status: 503, delayMs: 60 }, never],
    { attempts: 2, ms: 100, timeoutMs: 100 },
    { timeoutMs: 100 },
  ],
  "attempts of 10 s, and 30 s in all, by default": [
    [never, never, never],
    { attempts: 3, ms: 30_000, timeoutMs: 10_000 },
    { retry: { ...retry, maxAttempts: 9 } },
  ],
  "a 404 whose body stalls, after attemptTimeoutMs": [
    [{ ...stalls, status: 404 }],
    { ms: 20, status: 404, details: [] },
    { attemptTimeoutMs: 20 },
  ],
  "a 404 whose body stalls, after a second": [
    [{ ...stalls, status: 404 }],
    { ms: 1000, status: 404, details: [] },
  ],
  "a 404 whose body breaks off": [
    [{ status: 404, disconnect: "in-body" }],
    { status: 404, details: [] },
  ],
  "a 403 with a body over 64 KiB": [[large], { status: 403, details: [] }],
  "a 404 with a body over maxBodyBytes": [
    [{ status: 404 }],
    { status: 404, details: [] },
    { maxBodyBytes: 10 },
  ],
};

for (const [name, [faults, end, opts]] of Object.entries(ends)) {
  test(`getRoom() ends with ${name}`, async () => {
    const { ms: expectedMs = 0, ...error } = { attempts: 1, ...end };
    const { outcome, requests, ms } = await lookUp(faults, opts);
    assertInstanceOf(outcome, RoomsError);
    assertHas(outcome, error);
    assertEquals([requests, ms], [error.attempts, expectedMs]);
    if (!(outcome instanceof TimeoutError)) return;
    const option = outcome.timeoutMs === opts?.timeoutMs
      ? "(timeoutMs)"
      : "(attemptTimeoutMs)";
    assertStringIncludes(outcome.message, option);
  });
}

test("getRoom() names attemptTimeoutMs when timeoutMs is the same", async (clock) => {
  clock.performance.now = () => 0; // as in workers, whose clock does not advance
  const opts = { timeoutMs: 10, attemptTimeoutMs: 10, retry: false } as const;
  await assertRejects(
    () => getRoom(() => new Promise(() => {}), "any", id, opts),
    TimeoutError,
    "(attemptTimeoutMs)",
  );
});

test("getRoom() makes no attempt after the deadline, however long onAttempt takes", async (clock) => {
  const { outcome, requests } = await lookUp([{ status: 503 }], {
    timeoutMs: 40,
    onAttempt: () => void clock.tick(50),
  });
  assertInstanceOf(outcome, ApiError);
  assertEquals(requests, 1);
});

test("getRoom() does not count the time before fetchFn returns, as that of a permission prompt", async (clock) => {
  const fetchFn: FetchFn = () => {
    clock.tick(60); // a prompt blocks the process
    return Promise.resolve(Response.json(example));
  };
  const opts = { attemptTimeoutMs: 30, retry: false } as const;
  assertEquals((await getRoom(fetchFn, "any", id, opts)).id, id);
});

test("getRoom() aborts the request when an error body breaks off", async () => {
  let aborted = false;
  const breaking: FetchFn = (_, { signal }) => {
    signal?.addEventListener("abort", () => aborted = true);
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error("It broke")),
    });
    return Promise.resolve(new Response(body, { status: 403 }));
  };
  await assertRejects(() => getRoom(breaking, "any", id), ApiError);
  assert(aborted);
});

test("getRoom() cancels a response that is late or stalls, though fetchFn ignores its signal", async () => {
  const { body, counts } = stalledBody();
  const late = stalledBody();
  const response = Promise.withResolvers<Response>();
  for (const fetchFn of [giving(new Response(body)), () => response.promise]) {
    const call = getRoom(fetchFn, "any", id, { timeoutMs: 10 });
    await assertRejects(() => call, TimeoutError);
  }
  response.resolve(new Response(late.body));
  await soon();
  assertEquals([counts.canceled, late.counts.canceled], [1, 1]);
});

const { body: redirected, counts: redirectedCounts } = stalledBody();
const headers = { location: "https://evil.example/" };

/** Responses that are no success, though they have no error's status. */
const unexpected: [name: string, Response, says: string | RegExp][] = [
  [
    "a redirect, whose body it cancels",
    new Response(redirected, { status: 307, headers }),
    /redirect/,
  ],
  ["an opaque redirect", Response.error(), /redirect/], // status 0, no body
  ["a 304", new Response(null, { status: 304 }), /^(?!.*redirect).*HTTP 304/],
];

for (const [name, response, says] of unexpected) {
  test(`getRoom() rejects at once with ${name}`, async (clock) => {
    const began = clock.now;
    const call = getRoom(giving(response), "any", id);
    const error = await assertRejects(() => call, ApiError);
    assertEquals(error.code, "unexpected_status");
    assertEquals([error.status, clock.now], [response.status, began]);
    assert(new RegExp(says).test(error.message), error.message);
    if (response.body) assertEquals(redirectedCounts.canceled, 1);
  });
}

/** When the caller aborts: how many requests were made, and attempts ended. */
const moments: [name: string, Fault[], atMs: number, ...ended: number[]][] = [
  ["before the call", [], 0, 0, 0],
  ["before the headers", [never], 15, 1, 0],
  ["in the body", [stalls], 15, 1, 0],
  ["in the body of an error", [{ ...stalls, status: 404 }], 15, 1, 0],
  ["during a wait", [busy], 15, 1, 1],
];

for (const [moment, faults, atMs, ...ended] of moments) {
  test(`getRoom() rejects with the abort reason, ${moment}`, async () => {
    // It is not retried either, though another of its kind would be
    const reason = new NetworkError("The visitor left");
    const counted = countedSignal();
    if (atMs === 0) counted.abort(reason);
    else setTimeout(() => counted.abort(reason), atMs);
    const { outcome, requests, events, ms } = await lookUp(faults, {}, counted);
    assertStrictEquals(outcome, reason);
    assertEquals([requests, events.length, ms], [...ended, atMs]);
  });
}

test("getRoom() rejects at once when fetchFn aborts the signal before it returns", async (clock) => {
  const late = Promise.withResolvers<Response>();
  const broken = () => Promise.reject(new TypeError("broke"));
  for (const answer of [() => late.promise, broken]) {
    const { signal, abort } = countedSignal();
    const reason = new Error("enough");
    const fetchFn: FetchFn = () => {
      abort(reason);
      return answer();
    };
    const opts = { signal, timeoutMs: 500, retry: false } as const;
    const began = clock.now;
    const error = await assertRejects(() => getRoom(fetchFn, "any", id, opts));
    assertStrictEquals(error, reason);
    assertEquals([clock.now, clock.countTimers()], [began, 0]);
  }
  const { body, counts } = stalledBody();
  late.resolve(new Response(body));
  await soon();
  assertEquals(counts.canceled, 1);
});

test("getRoom() sends nothing more when onAttempt aborts", async () => {
  const { signal, abort } = countedSignal();
  const { outcome, requests, ms } = await lookUp([busy], {
    signal,
    onAttempt: () => abort("enough"),
  });
  assertEquals([outcome, requests, ms], ["enough", 1, 0]);

  // What it throws then is reported, and does not end the process
  const failing = countedSignal();
  const reason = new Error("My own mistake");
  await assertWarns(reason, async () => {
    const { outcome } = await lookUp([busy], {
      signal: failing.signal,
      onAttempt: () => {
        failing.abort("enough");
        return Promise.reject(reason);
      },
    });
    assertEquals(outcome, "enough");
  });
});

test("getRoom() sends nothing more when it is aborted between a wait and an attempt", async (clock) => {
  const { signal, abort } = countedSignal();
  const now = clock.performance.now.bind(clock.performance);
  let isAfterWait = false;
  clock.performance.now = () => {
    if (isAfterWait) abort("enough");
    return now();
  };
  const { outcome, requests } = await lookUp([busy], {
    signal,
    onAttempt: () => void setTimeout(() => isAfterWait = true),
  });
  assertEquals([outcome, requests], ["enough", 1]);
});

Deno.test("getRoom() reads 32 MiB by default, and no more", async () => {
  const mebibyte = new Uint8Array(2 ** 20).fill(32);
  const codes: string[] = [];
  for (const last of [[], [new Uint8Array(1)]]) {
    const pieces = [...Array<Uint8Array>(32).fill(mebibyte), ...last];
    const body = ReadableStream.from(pieces);
    const call = getRoom(giving(new Response(body)), "any", id);
    codes.push((await assertRejects(() => call, RoomsError)).code);
  }
  assertEquals(codes, ["invalid_response", "response_too_large"]);
});

/** A callback that fails at once, soon, or while the call waits. */
const failures: Record<string, (reason: Error) => unknown> = {
  "throws": (reason) => {
    throw reason;
  },
  "rejects": (reason) => Promise.reject(reason),
  "rejects later": async (reason) => {
    await soon(5);
    throw reason;
  },
};

/** Asserts that an error is warned of meanwhile, or soon after. */
async function assertWarns(error: Error, run: () => Promise<void>) {
  const { warn } = console;
  const warned: unknown[] = [];
  console.warn = (...args: unknown[]) => void warned.push(...args);
  try {
    await run();
    await soon(10);
    assert(warned.includes(error));
  } finally {
    console.warn = warn;
  }
}

for (const [fails, onAttempt] of Object.entries(failures)) {
  test(`getRoom() rejects with the error of an onAttempt that ${fails} after a failure, but only reports it after a success`, async () => {
    const reason = new Error("My own mistake");
    const failing = () => onAttempt(reason);
    const { outcome, requests } = await lookUp([busy], { onAttempt: failing });
    assertStrictEquals(outcome, reason);
    assertEquals(requests, 1);
    await assertWarns(reason, async () => {
      const { outcome } = await lookUp([], { onAttempt: failing });
      assertHas(outcome, { id });
    });
  });
}

test("getRoom() reports an onAttempt that fails only after the next attempt, and does not wait for one", async () => {
  const reason = new Error("My own mistake");
  const briefly = { status: 503, headers: { "retry-after": "0.001" } };
  await assertWarns(reason, async () => {
    const { outcome } = await lookUp([briefly], {
      onAttempt: ({ error }) => error && failures["rejects later"]?.(reason),
    });
    assertHas(outcome, { id });
  });
  await assertWarns(reason, async () => {
    const onAttempt = () => Promise.reject(reason);
    const { outcome } = await lookUp([{ status: 404 }], { onAttempt });
    assertInstanceOf(outcome, ApiError);
  });
  const { outcome } = await lookUp([{ status: 404 }], {
    onAttempt: () => new Promise(() => {}),
  });
  assertInstanceOf(outcome, ApiError);
});

test("getRoom() waits for a random share of half a second, and then of a second", async () => {
  const { random } = Math;
  Math.random = () => 0.25;
  try {
    const { events, ms } = await lookUp([{ status: 503 }, { status: 503 }], {
      retry: undefined,
    });
    const waits = events.map(({ waitMs }) => waitMs);
    assertEquals([waits, ms], [[125, 250, undefined], 375]);
  } finally {
    Math.random = random;
  }
});

test("onAttempt is told the operation, request id and rate limit, of failures and successes", async () => {
  const rateLimit = { limit: 10, windowMs: 1000 };
  const fake = fakeRooms({ rooms: [{ id }], rateLimit, now: () => 0 });
  const reset = `${Date.now() / 1000 + 10}`; // as Unix time
  fake.fault({ status: 503, headers: { "x-ratelimit-reset": reset } });
  fake.fault({ disconnect: "before-response" });
  const events: AttemptEvent[] = [];
  await getRoom(fake.fetch, "any", id, {
    retry,
    onAttempt: (event) => events.push(event),
  });
  const told = events.map(({ operation, requestId, rateLimit }) => [
    operation,
    requestId?.slice(-1),
    rateLimit?.limit,
    rateLimit?.resetMs,
  ]);
  assertEquals(told, [
    ["GET /rooms/{id}", "1", 10, 10_000],
    ["GET /rooms/{id}", undefined, undefined, undefined],
    ["GET /rooms/{id}", "3", 10, 1000],
  ]);
  const { 1: broken = {} } = events;
  assert(!("requestId" in broken) && !("rateLimit" in broken));
});

const other = { status: 200, headers: new Headers(), body: {} };
const withStatus = (status: unknown) =>
  Object.defineProperty(new Response("{}"), "status", { value: status });
const throwing = {
  toString() {
    throw new TypeError("No text");
  },
};
const read = new Response("{}");
await read.text();
const locked = new Response("{}");
locked.body?.getReader();

const unlike = "it returned no Response, or one that was read";
const rejecting = (error: Error): FetchFn => () => Promise.reject(error);
const httpError = Object.assign(new Error("Request failed: 404"), {
  name: "HTTPError",
  response: new Response("{}", { status: 404 }),
});
const noManual = new TypeError("request.redirect not supported: manual");

/** Functions that are not like `fetch`, and what the error says of them. */
const unlikeFetch: [name: string, FetchFn, says: string][] = [
  ["resolves to undefined", giving(undefined), unlike],
  ["resolves to null", giving(null), unlike],
  ["resolves to a string", giving("room"), unlike],
  ["resolves to an empty object", giving({}), unlike],
  ["resolves to parsed JSON", giving({ data: { id } }), unlike],
  ["resolves to a body that is no web stream", giving(other), unlike],
  ["resolves to no status", giving(withStatus(undefined)), unlike],
  ["resolves to the status 99", giving(withStatus(99)), unlike],
  ["resolves to a status that throws", giving(withStatus(throwing)), unlike],
  ["resolves to a body that was read", giving(read), unlike],
  ["resolves to a locked body", giving(locked), unlike],
  ["throws for an HTTP status", rejecting(httpError), "Request failed: 404"],
  ["takes no manual redirects", rejecting(noManual), noManual.message],
];

for (const [name, fetchFn, says] of unlikeFetch) {
  Deno.test(`getRoom() rejects a fetchFn that ${name}, without a retry`, async () => {
    const error = await assertRejects(
      () => getRoom(fetchFn, "any", id),
      InvalidArgumentError,
      `'fetchFn' must be like fetch: wrap it (${says})`,
    );
    assertEquals([error.argument, error.attempts], ["fetchFn", 1]);
  });
}

test("getRoom() treats a fetchFn that throws as one that rejects", async () => {
  const throwing: FetchFn = () => {
    throw new Error("not even a promise");
  };
  const call = getRoom(throwing, "any", id, { retry: false });
  await assertRejects(() => call, NetworkError, "not even a promise");
});

test("getRoom() reads each option once, so that what was checked is what is used", async () => {
  const reads: string[] = [];
  const counting = <T extends object>(values: T) =>
    new Proxy(values, {
      get(target, name) {
        reads.push(String(name));
        return Reflect.get(target, name);
      },
    });
  const policy = { maxAttempts: 2, baseDelayMs: 0, maxDelayMs: 0 };
  const opts = {
    timeoutMs: 1000,
    attemptTimeoutMs: 1000,
    maxBodyBytes: 1000,
    onAttempt: () => {},
    signal: new AbortController().signal,
    baseUrl: "http://127.0.0.1",
    includeSessions: true,
    retry: counting(policy),
  };
  const broken = () => Promise.reject(new TypeError("broke"));
  const call = getRoom(broken, "any", id, counting(opts));
  const { attempts } = await assertRejects(() => call, NetworkError);
  assertEquals(attempts, 2);
  assertEquals(reads.sort(), Object.keys({ ...opts, ...policy }).sort());
});

/** What the reader of a body may lack of one of a stream. */
const halfReaders: Record<string, (() => unknown) | undefined> = {
  "no cancel()": undefined,
  "a cancel() that gives nothing": () => {},
  "a cancel() that throws": () => {
    throw new Error("KEY0123456789");
  },
  "a cancel() that rejects": () => Promise.reject(new Error("KEY0123456789")),
};

for (const [name, cancel] of Object.entries(halfReaders)) {
  test(`getRoom() ends with an error, and leaves none behind, if a reader has ${name}`, async () => {
    for (const read of [() => new Promise(() => {}), undefined]) {
      for (const status of [200, 302, 500]) {
        const body = { locked: false, getReader: () => ({ read, cancel }) };
        const response = { ...other, status, bodyUsed: false, body };
        const opts = { timeoutMs: 20, retry: false } as const;
        const call = getRoom(giving(response), "KEY0123456789", id, opts);
        const error = await assertRejects(() => call, RoomsError);
        assert(!`${error.stack}`.includes("KEY0123456789"));
        await soon(5); // what nobody catches would fail the test
      }
    }
  });
}

const deliveries: Operation<
  "/webhook_deliveries/{id}",
  CallOptions,
  undefined,
  { data: unknown }
> = {
  method: "GET",
  path: "/webhook_deliveries/{id}",
  status: 200,
  repeatable: true,
  result: () => undefined,
};

Deno.test("call() carries out an operation of one's own, with checks and retries", async () => {
  const urls: string[] = [];
  const fetchFn: FetchFn = (url) => {
    const status = urls.push(url) === 1 ? 503 : 200;
    return Promise.resolve(Response.json({ data: 1 }, { status }));
  };
  const args = { ids: { id } };
  const result = await call(fetchFn, "any", deliveries, args, { retry });
  assertEquals(result, { data: 1 });
  const url = `https://api.telnyx.com/v2/webhook_deliveries/${id}`;
  assertEquals(urls, [url, url]);
  const refused = call(fetchFn, "any", deliveries, { ids: { id: "x" } });
  const error = await assertRejects(() => refused, InvalidArgumentError);
  assertEquals([error.argument, urls.length], ["id", 2]);
});

test("call() takes no 404 as done, waits for no body that it does not read, and rejects with what a decoder throws", async () => {
  const args = { ids: { id } };
  const { result: _, ...remove } = { ...deliveries, method: "DELETE" as const };
  const statuses = [503, 404];
  const fetchFn: FetchFn = () =>
    Promise.resolve(new Response(null, { status: statuses.shift() ?? 500 }));
  const gone = call(fetchFn, "any", remove, args, { retry });
  await assertRejects(() => gone, ApiError, "404");

  const { body, counts } = stalledBody();
  await call(giving(new Response(body)), "any", remove, args);
  assertEquals(counts.canceled, 1);

  const own = "My own mistake"; // which takes no properties
  const result = () => {
    throw own;
  };
  const wrong = { ...deliveries, result };
  const events: unknown[] = [];
  const outcome = await call(giving(Response.json({})), "any", wrong, args, {
    onAttempt: (event) => events.push(event),
  }).catch((error) => error);
  assertStrictEquals(outcome, own);
  assertEquals(events, []);
});
