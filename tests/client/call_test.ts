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
  type FetchFn,
  getRoom,
  type GetRoomOptions,
  InvalidArgumentError,
  InvalidResponseError,
  NetworkError,
  ResponseTooLargeError,
  RoomsError,
  TimeoutError,
} from "../../mod.ts";
import { fakeRooms, type Fault } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { test } from "../support/virtual_time.ts";

/** Calls `getRoom` on a fake with these faults. */
async function lookUp(faults: Fault[], opts: GetRoomOptions = {}) {
  const fake = fakeRooms({ rooms: [{ id }] });
  for (const fault of faults) fake.fault(fault);
  const events: AttemptEvent[] = [];
  const began = performance.now();
  const outcome = await getRoom(fake.fetch, "any", id, {
    retry: { baseDelayMs: 1 },
    onAttempt: (event) => events.push(event),
    ...opts,
  }).catch((error: unknown) => error);
  return {
    outcome,
    events,
    requests: fake.requests.length,
    ms: performance.now() - began,
  };
}

const respond = (body: BodyInit | null, init?: ResponseInit): FetchFn => () =>
  Promise.resolve(new Response(body, init));

const transient: [name: string, Fault][] = [
  ["a status that is temporary", { status: 503 }],
  ["a connection that broke", { disconnect: "before-response" }],
  ["a body that broke off", { disconnect: "in-body" }],
];

for (const [name, fault] of transient) {
  test(`getRoom() retries after ${name}`, async () => {
    const { outcome, events } = await lookUp([fault]);
    assertEquals((outcome as { id: string }).id, id);
    assertEquals(events.map(({ attempt }) => attempt), [1, 2]);
    assertEquals(events[0]?.status, fault.status);
    assert(events[0]?.error instanceof RoomsError);
    assert((events[0].waitMs ?? -1) >= 0);
    assertEquals(events[1]?.status, 200);
    assertEquals(events[1]?.error, undefined);
    assertEquals(events[1]?.waitMs, undefined);
  });
}

for (const status of [404, 204, 301]) {
  test(`getRoom() does not retry after a ${status}`, async () => {
    const { outcome, requests } = await lookUp([{ status }]);
    assert(outcome instanceof ApiError);
    assertEquals([outcome.status, outcome.attempts], [status, 1]);
    assertEquals(requests, 1);
  });
}

test("getRoom() does not retry after an invalid or oversized body", async () => {
  const wrong = await lookUp([{ body: { data: { id: 7 } } }]);
  assert(wrong.outcome instanceof InvalidResponseError);
  assertEquals(wrong.outcome.pointer, "/data/id");
  assertEquals(wrong.events.map(({ status }) => status), [200]);
  const large = await lookUp([], { maxBodyBytes: 10 });
  assert(large.outcome instanceof ResponseTooLargeError);
  assertEquals([wrong.requests, large.requests], [1, 1]);
});

test("getRoom() rejects with an ApiError when a retry gets a 404", async () => {
  const { outcome } = await lookUp([{ status: 503 }, { status: 404 }]);
  assert(outcome instanceof ApiError, String(outcome));
  assertEquals([outcome.status, outcome.attempts], [404, 2]);
});

test("getRoom() rejects with the last error after maxAttempts attempts", async () => {
  const { outcome, requests } = await lookUp(
    [{ status: 500 }, { disconnect: "in-body" }, { status: 503 }],
  );
  assert(outcome instanceof ApiError);
  assertEquals([outcome.status, outcome.attempts, requests], [503, 3, 3]);
});

test("getRoom() makes one attempt with retry: false", async () => {
  const { outcome, requests } = await lookUp([{ status: 503 }], {
    retry: false,
  });
  assert(outcome instanceof ApiError);
  assertEquals(requests, 1);
});

test("getRoom() waits for as long as Retry-After says", async () => {
  const { outcome, events, ms } = await lookUp([
    { status: 429, headers: { "retry-after": "0.05" } },
  ]);
  assertEquals((outcome as { id: string }).id, id);
  assertEquals([events[0]?.waitMs, ms], [50, 50]);
});

test("getRoom() does not start a wait that would pass the deadline", async () => {
  const { outcome, requests, ms } = await lookUp([
    { status: 429, headers: { "x-ratelimit-reset": "86400" } },
  ]);
  assert(outcome instanceof ApiError);
  assertEquals(outcome.code, "rate_limited");
  assertEquals(outcome.retryAfterMs, 86_400_000);
  assertEquals([requests, ms], [1, 0]);
});

test("getRoom() counts the attempt that failed in the time that is left for a wait", async () => {
  const busy = { status: 503, delayMs: 600, headers: { "retry-after": "0.5" } };
  const { outcome, requests, ms } = await lookUp([busy], { timeoutMs: 1000 });
  assert(outcome instanceof ApiError);
  assertEquals([requests, ms], [1, 600]);
});

test("getRoom() ends an attempt after attemptTimeoutMs, and retries", async () => {
  const { outcome, events } = await lookUp([{ delayMs: Infinity }], {
    attemptTimeoutMs: 20,
  });
  assertEquals((outcome as { id: string }).id, id);
  const { error } = events[0] as AttemptEvent;
  assert(error instanceof TimeoutError);
  assertEquals([error.timeoutMs, error.waitingFor], [20, "response"]);
  assertStringIncludes(error.message, "(attemptTimeoutMs)");
});

test("getRoom() rejects after timeoutMs, even in the middle of an attempt", async () => {
  const stalled = { bodyDelayMs: Infinity };
  const { outcome, requests, ms } = await lookUp([stalled, stalled], {
    timeoutMs: 50,
  });
  assert(outcome instanceof TimeoutError);
  assertEquals([outcome.timeoutMs, outcome.waitingFor], [50, "body"]);
  assertStringIncludes(outcome.message, "(timeoutMs)");
  assertEquals([outcome.attempts, requests, ms], [1, 1, 50]);
});

test("getRoom() names attemptTimeoutMs when timeoutMs is the same", async () => {
  const { now } = performance;
  performance.now = () => 0; // as in workers, whose clock does not advance
  try {
    const error = await assertRejects(
      () =>
        getRoom(() => new Promise(() => {}), "any", id, {
          timeoutMs: 10,
          attemptTimeoutMs: 10,
          retry: false,
        }),
      TimeoutError,
    );
    assertStringIncludes(error.message, "(attemptTimeoutMs)");
  } finally {
    performance.now = now;
  }
});

test("getRoom() has one deadline for all attempts and waits", async () => {
  const { outcome, ms } = await lookUp(Array(50).fill({ delayMs: Infinity }), {
    timeoutMs: 100,
    attemptTimeoutMs: 15,
    retry: { maxAttempts: 50, baseDelayMs: 5, maxDelayMs: 5 },
  });
  assert(outcome instanceof TimeoutError);
  assert(outcome.attempts > 4 && outcome.attempts < 8);
  // A wait that does not fit into the rest ends the call
  assert(ms > 95 && ms <= 100, `${ms}`);
});

test("getRoom() reports the status of an error whose body stalls or breaks off", async () => {
  const stalled = await lookUp([{ status: 404, bodyDelayMs: Infinity }], {
    attemptTimeoutMs: 20,
  });
  const broken = await lookUp([{ status: 404, disconnect: "in-body" }]);
  for (const { outcome, requests } of [stalled, broken]) {
    assert(outcome instanceof ApiError);
    assertEquals([outcome.code, outcome.details], ["not_found", []]);
    assertEquals(requests, 1);
  }
});

test("getRoom() ignores an error body over 64 KiB", async () => {
  const { outcome } = await lookUp([
    { status: 403, body: { code: "1", title: "x".repeat(70_000) } },
  ]);
  assert(outcome instanceof ApiError);
  assertEquals([outcome.code, outcome.details], ["forbidden", []]);
});

test("getRoom() ignores an error body over maxBodyBytes", async () => {
  const { outcome } = await lookUp([{ status: 404 }], { maxBodyBytes: 10 });
  assert(outcome instanceof ApiError);
  assertEquals([outcome.code, outcome.details], ["not_found", []]);
});

Deno.test("getRoom() aborts the request when an error body breaks off", async () => {
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

test("getRoom() settles when fetchFn ignores its signal, and cancels a late response", async () => {
  let canceled = 0;
  let respondLate = (_: Response) => {};
  const ignoring: FetchFn = () =>
    new Promise((resolve) => respondLate = resolve);
  await assertRejects(
    () => getRoom(ignoring, "any", id, { timeoutMs: 10 }),
    TimeoutError,
  );
  respondLate(
    new Response(new ReadableStream({ cancel: () => void canceled++ })),
  );
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(canceled, 1);
});

test("getRoom() cancels a stalled body that ignores the signal", async () => {
  let canceled = 0;
  const stalled = new ReadableStream({ cancel: () => void canceled++ });
  await assertRejects(
    () => getRoom(respond(stalled), "any", id, { timeoutMs: 10 }),
    TimeoutError,
  );
  assertEquals(canceled, 1);
});

test("getRoom() follows no redirect, and cancels the body of one", async (clock) => {
  let canceled = 0;
  const body = new ReadableStream({ cancel: () => void canceled++ });
  const headers = { location: "https://evil.example/" };
  const fetchFn = respond(body, { status: 307, headers });
  const began = clock.now;
  const error = await assertRejects(
    () => getRoom(fetchFn, "any", id),
    ApiError,
    "redirect",
  );
  assertEquals([error.code, error.status], ["unexpected_status", 307]);
  assertEquals(clock.now, began, "it waited for the body");
  assertEquals(canceled, 1);
});

Deno.test("getRoom() rejects with an ApiError for an opaque redirect", async () => {
  const opaque = () => Promise.resolve(Response.error()); // status 0, no body
  const error = await assertRejects(
    () => getRoom(opaque, "any", id),
    ApiError,
    "redirect",
  );
  assertEquals(error.status, 0);
});

const moments: [string, Fault[], number][] = [
  ["before the headers", [{ delayMs: Infinity }], 1],
  ["in the body", [{ bodyDelayMs: Infinity }], 1],
  ["in the body of an error", [{ status: 404, bodyDelayMs: Infinity }], 1],
  ["during a wait", [{ status: 503, headers: { "retry-after": "20" } }], 1],
];

for (const [moment, faults, requests] of moments) {
  test(`getRoom() rejects with the abort reason, ${moment}`, async () => {
    const reason = { because: "enough" };
    const { signal, abort, listeners } = countedSignal();
    setTimeout(() => abort(reason), 15);
    const call = await lookUp(faults, { signal });
    assertStrictEquals(call.outcome, reason);
    assertEquals([call.requests, listeners(), call.ms], [requests, 0, 15]);
  });
}

test("getRoom() sends nothing when the signal is already aborted", async () => {
  const reason = new Error("enough");
  const call = await lookUp([], { signal: AbortSignal.abort(reason) });
  assertStrictEquals(call.outcome, reason);
  assertEquals(call.requests, 0);
});

test("getRoom() rejects at once when fetchFn aborts the signal before it returns", async (clock) => {
  const late = Promise.withResolvers<Response>();
  let canceled = 0;
  const answers = [
    () => late.promise,
    () => Promise.reject(new TypeError("broke")),
  ];
  for (const answer of answers) {
    const controller = new AbortController();
    const reason = new Error("enough");
    const fetchFn: FetchFn = () => {
      controller.abort(reason);
      return answer();
    };
    const { signal } = controller;
    const opts = { signal, timeoutMs: 500, retry: false } as const;
    const began = clock.now;
    const error = await assertRejects(() => getRoom(fetchFn, "any", id, opts));
    assertStrictEquals(error, reason);
    assertEquals(clock.now, began);
  }
  late.resolve(
    new Response(new ReadableStream({ cancel: () => void canceled++ })),
  );
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(canceled, 1);
});

Deno.test("getRoom() reads 32 MiB by default, and no more", async () => {
  const mebibyte = new Uint8Array(2 ** 20).fill(32);
  const codes: string[] = [];
  for (const last of [new Uint8Array(0), new Uint8Array(1)]) {
    let left = 32;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        if (left-- > 0) return controller.enqueue(mebibyte);
        if (last.length > 0) controller.enqueue(last);
        controller.close();
      },
    });
    const error = await assertRejects(
      () => getRoom(respond(body), "any", id),
      RoomsError,
    );
    codes.push(error.code);
  }
  assertEquals(codes, ["invalid_response", "response_too_large"]);
});

test("getRoom() rejects when onAttempt aborts the signal", async () => {
  const controller = new AbortController();
  const call = await lookUp([{ status: 503 }], {
    signal: controller.signal,
    onAttempt: () => controller.abort("enough"),
  });
  assertEquals([call.outcome, call.requests], ["enough", 1]);
});

test("getRoom() does not retry after an abort whose reason is a NetworkError", async () => {
  const reason = new NetworkError("The visitor left");
  const controller = new AbortController();
  const events: AttemptEvent[] = [];
  setTimeout(() => controller.abort(reason), 5);
  const { outcome, requests } = await lookUp([{ delayMs: Infinity }], {
    signal: controller.signal,
    onAttempt: (event) => events.push(event),
  });
  assertStrictEquals(outcome, reason);
  assertEquals([requests, events], [1, []]);
});

test("getRoom() sends nothing when aborted between a wait and an attempt", async () => {
  const controller = new AbortController();
  const { now } = performance;
  let afterWait = false;
  performance.now = () => {
    if (afterWait) controller.abort("enough");
    return now.call(performance);
  };
  try {
    const { outcome, requests } = await lookUp([{ status: 503 }], {
      signal: controller.signal,
      onAttempt: () => setTimeout(() => afterWait = true),
      retry: { baseDelayMs: 40 },
    });
    assertEquals([outcome, requests], ["enough", 1]);
  } finally {
    performance.now = now;
  }
});

test("getRoom() makes no attempt after the deadline, however long onAttempt takes", async (clock) => {
  const { outcome, requests } = await lookUp([{ status: 503 }], {
    timeoutMs: 40,
    retry: { baseDelayMs: 0 },
    onAttempt: () => void clock.tick(50),
  });
  assert(outcome instanceof ApiError, String(outcome));
  assertEquals(requests, 1);
});

test("getRoom() limits an attempt to the time left until the deadline", async () => {
  const { outcome, ms } = await lookUp(
    [{ status: 503, delayMs: 60 }, { delayMs: Infinity }],
    { timeoutMs: 100, retry: { baseDelayMs: 0 } },
  );
  assert(outcome instanceof TimeoutError);
  assertEquals(ms, 100);
});

test("onAttempt receives the duration of the attempt, not of the call", async () => {
  const { events } = await lookUp([{ status: 503, delayMs: 60 }], {
    retry: { baseDelayMs: 0 },
  });
  assertEquals(events.map(({ durationMs }) => durationMs), [60, 0]);
});

test("getRoom() rejects with the reason of the first of two signals", async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([first.signal, second.signal]);
  setTimeout(() => {
    second.abort("second");
    first.abort("first");
  }, 10);
  const call = await lookUp([{ delayMs: Infinity }], { signal });
  assertEquals([call.outcome, call.requests], ["second", 1]);
});

test("getRoom() leaves no listener on the signal", async () => {
  const outcomes: Fault[][] = [
    [],
    [{ status: 404 }],
    [{ status: 503 }],
    [{ body: "" }],
    Array(3).fill({ disconnect: "in-body" }),
  ];
  for (const faults of outcomes) {
    const { signal, listeners } = countedSignal();
    await lookUp(faults, { signal });
    assertEquals(listeners(), 0);
  }
});

/** A callback that fails at once, soon, or while the call waits. */
const failures: Record<string, (reason: Error) => unknown> = {
  "throws": (reason) => {
    throw reason;
  },
  "rejects": (reason) => Promise.reject(reason),
  "rejects later": async (reason) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw reason;
  },
};

/** Runs a look-up, and collects what is warned of, soon after it as well. */
async function withWarnings(run: () => ReturnType<typeof lookUp>) {
  const { warn } = console;
  const warned: unknown[] = [];
  console.warn = (...args: unknown[]) => void warned.push(...args);
  try {
    const { outcome } = await run();
    await new Promise((resolve) => setTimeout(resolve, 10));
    return { outcome, warned };
  } finally {
    console.warn = warn;
  }
}

for (const [fails, onAttempt] of Object.entries(failures)) {
  test(`getRoom() rejects with the error of an onAttempt that ${fails} after a failed attempt`, async () => {
    const reason = new Error("My own mistake");
    const busy = { status: 503, headers: { "retry-after": "1" } };
    const { outcome, requests } = await lookUp([busy], {
      onAttempt: () => onAttempt(reason),
    });
    assertStrictEquals(outcome, reason);
    assertEquals(requests, 1);
  });

  test(`getRoom() keeps its result when onAttempt ${fails} after a success, and reports the error`, async () => {
    const reason = new Error("My own mistake");
    const { outcome, warned } = await withWarnings(() =>
      lookUp([], { onAttempt: () => onAttempt(reason) })
    );
    assertEquals((outcome as { id: string }).id, id);
    assert(warned.includes(reason));
  });
}

test("getRoom() keeps its result when onAttempt fails only after the next attempt, and reports the error", async () => {
  const reason = new Error("My own mistake");
  const busy = { status: 503, headers: { "retry-after": "0.001" } };
  const { outcome, warned } = await withWarnings(() =>
    lookUp([busy], {
      onAttempt: ({ error }) => error && failures["rejects later"]?.(reason),
    })
  );
  assertEquals((outcome as { id: string }).id, id);
  assert(warned.includes(reason));
});

test("getRoom() rejects with the last failure, whatever an async onAttempt does", async () => {
  const { outcome } = await lookUp([{ status: 404 }], {
    onAttempt: () => new Promise(() => {}),
  });
  assert(outcome instanceof ApiError);
});

Deno.test("getRoom() reports why the connection failed", async () => {
  const fetchFn: FetchFn = () => {
    const cause = Object.assign(new Error("connect ECONNREFUSED"), {
      code: "ECONNREFUSED",
    });
    return Promise.reject(new TypeError("fetch failed", { cause }));
  };
  const error = await assertRejects(
    () => getRoom(fetchFn, "any", id, { retry: false }),
    NetworkError,
    "(connect ECONNREFUSED)",
  );
  const cause = error.cause as Error;
  assertEquals(cause.name, "TypeError");
  assertEquals((cause.cause as Error & { code: string }).code, "ECONNREFUSED");
});

const notResponses: [string, unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["a string", "room"],
  ["an empty object", {}],
  ["parsed JSON", { data: { id } }],
  ["a response with another kind of body", {
    status: 200,
    headers: new Headers(),
    body: {},
  }],
  ...[
    ["no status", undefined],
    ["the status 99", 99],
    ["a status that throws", {
      toString() {
        throw new TypeError("No text");
      },
    }],
  ].map(([name, status]): [string, unknown] => [
    `a response with ${name}`,
    Object.defineProperty(new Response("{}"), "status", { value: status }),
  ]),
];

for (const [name, value] of notResponses) {
  Deno.test(`getRoom() rejects a fetchFn that resolves to ${name}`, async () => {
    const fetchFn = (() => Promise.resolve(value)) as FetchFn;
    const error = await assertRejects(
      () => getRoom(fetchFn, "any", id),
      InvalidArgumentError,
      "'fetchFn' must be like fetch: wrap it (it gave no unread web Response)",
    );
    assertEquals([error.argument, error.attempts], ["fetchFn", 1]);
  });
}

Deno.test("getRoom() rejects a response whose body is read or locked", async () => {
  const read = new Response("{}");
  await read.text();
  const locked = new Response("{}");
  locked.body?.getReader();
  for (const response of [read, locked]) {
    await assertRejects(
      () => getRoom(() => Promise.resolve(response), "any", id),
      InvalidArgumentError,
      "it gave no unread web Response",
    );
  }
});

Deno.test("getRoom() rejects a fetchFn that throws for an HTTP status, without a retry", async () => {
  const thrown = Object.assign(new Error("Request failed: 404"), {
    name: "HTTPError",
    response: new Response("{}", { status: 404 }),
  });
  const error = await assertRejects(
    () => getRoom(() => Promise.reject(thrown), "any", id),
    InvalidArgumentError,
    "'fetchFn' must be like fetch: wrap it (Request failed: 404)",
  );
  assertEquals([error.argument, error.attempts], ["fetchFn", 1]);
});

Deno.test("getRoom() rejects a fetchFn without manual redirects, without a retry", async () => {
  const thrown = new TypeError("request.redirect not supported: manual");
  const error = await assertRejects(
    () => getRoom(() => Promise.reject(thrown), "any", id),
    InvalidArgumentError,
    "wrap it (request.redirect not supported: manual)",
  );
  assertEquals([error.argument, error.attempts], ["fetchFn", 1]);
});

Deno.test("getRoom() rejects a fetchFn whose body is not a web stream, without a retry", async () => {
  const { headers } = new Response("{}");
  const body = { pipe() {}, on() {} }; // as in node-fetch
  const response = {
    ok: true,
    status: 200,
    url: "",
    headers,
    body,
    bodyUsed: false,
  };
  const error = await assertRejects(
    () => getRoom((() => Promise.resolve(response)) as never, "any", id),
    InvalidArgumentError,
    "it gave no unread web Response",
  );
  assertEquals([error.argument, error.attempts], ["fetchFn", 1]);
});

test("getRoom() waits at most a second for the body of an error", async (clock) => {
  const fake = fakeRooms();
  fake.fault({ status: 404, bodyDelayMs: Infinity });
  const began = clock.now;
  const error = await assertRejects(
    () => getRoom(fake.fetch, "any", id),
    ApiError,
  );
  assertEquals(clock.now - began, 1000);
  assertEquals([error.status, error.details], [404, []]);
});

test("getRoom() treats a fetchFn that throws as one that rejects", async () => {
  await assertRejects(
    () =>
      getRoom(
        () => {
          throw new Error("not even a promise");
        },
        "any",
        id,
        { retry: false },
      ),
    NetworkError,
    "not even a promise",
  );
});

const wrong: [string, unknown][] = [
  ["opts", null],
  ["opts", 7],
  ["signal", { signal: null }],
  ["signal", { signal: {} }],
  ["onAttempt", { onAttempt: {} }],
  ["timeoutMs", { timeoutMs: 0 }],
  ["timeoutMs", { timeoutMs: -1 }],
  ["timeoutMs", { timeoutMs: NaN }],
  ["timeoutMs", { timeoutMs: Infinity }],
  ["timeoutMs", { timeoutMs: 2 ** 31 }],
  ["timeoutMs", { timeoutMs: "30" }],
  ["timeoutMs", { timeoutMs: null }],
  ["attemptTimeoutMs", { attemptTimeoutMs: 0 }],
  ["attemptTimeoutMs", { attemptTimeoutMs: 2 ** 31 }],
  ["maxBodyBytes", { maxBodyBytes: 0 }],
  ["maxBodyBytes", { maxBodyBytes: 1.5 }],
  ["maxBodyBytes", { maxBodyBytes: null }],
  ["retry.maxAttempts", { retry: { maxAttempts: 0 } }],
  ["includeSessions", { includeSessions: 1 }],
];

for (const [argument, opts] of wrong) {
  const shown = JSON.stringify(
    opts,
    (_, value) => typeof value === "number" ? String(value) : value,
  );
  Deno.test(`getRoom() rejects ${argument} in ${shown}, and sends nothing`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    const error = await assertRejects(
      () => getRoom(fake.fetch, "any", id, opts as GetRoomOptions),
      InvalidArgumentError,
    );
    assertEquals(error.argument, argument);
    assertEquals(fake.requests, []);
  });
}

test("getRoom() reads each option once, so that what was checked is what is used", async () => {
  const valid = {
    timeoutMs: 1000,
    attemptTimeoutMs: 1000,
    maxBodyBytes: 1000,
    onAttempt: () => {},
    signal: new AbortController().signal,
    baseUrl: "http://127.0.0.1",
    includeSessions: true,
  };
  const reads: Record<string, number> = {};
  /** An object with getters that count how often each is read. */
  const counting = (values: object) =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, {
          enumerable: true,
          get() {
            reads[name] = (reads[name] ?? 0) + 1;
            return value;
          },
        }]),
      ),
    );
  const retry = counting({ maxAttempts: 2, baseDelayMs: 0, maxDelayMs: 0 });
  let requests = 0;
  const fetchFn: FetchFn = () => {
    requests++;
    return Promise.reject(new TypeError("broke"));
  };
  const opts = counting({ ...valid, retry });
  await assertRejects(() => getRoom(fetchFn, "any", id, opts), NetworkError);
  assertEquals(requests, 2);
  const names = ["retry", "maxAttempts", "baseDelayMs", "maxDelayMs"];
  for (const name of [...Object.keys(valid), ...names]) {
    assertEquals([name, reads[name]], [name, 1]);
  }
});

/** Readers of bodies that are like those of a stream only by half. */
const halfReaders: [name: string, reader: unknown][] = [
  ["no functions", {}],
  ["no cancel()", { read: () => new Promise(() => {}) }],
  ["a cancel() that gives nothing", {
    read: () => new Promise(() => {}),
    cancel() {},
  }],
  ["a cancel() that throws", {
    read: () => new Promise(() => {}),
    cancel() {
      throw new Error("KEY0123456789");
    },
  }],
  ["a cancel() that rejects", {
    read: () => new Promise(() => {}),
    cancel: () => Promise.reject(new Error("KEY0123456789")),
  }],
];

for (const [name, reader] of halfReaders) {
  test(`getRoom() ends with an error, and leaves none behind, if a reader has ${name}`, async () => {
    for (const status of [200, 302, 500]) {
      const body = { locked: false, getReader: () => reader };
      const response = {
        status,
        headers: new Headers(),
        bodyUsed: false,
        body,
      };
      const error = await getRoom(
        () => Promise.resolve(response as unknown as Response),
        "KEY0123456789",
        id,
        { timeoutMs: 20, retry: false },
      ).catch((error: unknown) => error);
      assertInstanceOf(error, RoomsError);
      assert(!`${error.stack}`.includes("KEY0123456789"));
      // What nobody catches would fail the test
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
}
