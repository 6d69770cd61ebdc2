import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import fc from "fast-check";
import {
  ApiError,
  type AttemptEvent,
  type FetchFn,
  getRooms,
  type GetRoomsOptions,
  InvalidArgumentError,
  type RoomResult,
} from "../../mod.ts";
import { defaultConcurrency } from "../../lib/client/get_rooms.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { countedSignal } from "../support/signals.ts";
import { inVirtualTime, test } from "../support/virtual_time.ts";

const idOf = (n: number) =>
  `7b61621f-62e0-4aad-ab11-${String(n).padStart(12, "0")}`;
const ids = Array.from({ length: 10 }, (_, n) => idOf(n));
const rooms = ids.map((id) => ({ id }));

async function all(results: AsyncIterable<RoomResult>): Promise<RoomResult[]> {
  const array: RoomResult[] = [];
  for await (const result of results) array.push(result);
  return array;
}

async function* lazily<T>(items: T[]): AsyncGenerator<T> {
  yield* items;
}

/** Wraps `fetchFn`, and counts its concurrent requests. */
function counting(fetchFn: FetchFn) {
  const counted = { now: 0, most: 0, fetch: fetchFn };
  counted.fetch = async (url, init) => {
    counted.most = Math.max(counted.most, ++counted.now);
    try {
      return await fetchFn(url, init);
    } finally {
      counted.now--;
    }
  };
  return counted;
}

Deno.test("getRooms() yields one result per id, in order, with at most `concurrency` look-ups at once", async () => {
  const outcome = fc.record({
    kind: fc.constantFrom("found", "gone", "not-an-id"),
    delayMs: fc.nat({ max: 50 }),
  });
  const scenario = fc.record({
    outcomes: fc.array(outcome, { maxLength: 30 }),
    concurrency: fc.integer({ min: 1, max: 8 }),
    lazy: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      scenario,
      ({ outcomes, concurrency, lazy }) =>
        inVirtualTime(async () => {
          const given = outcomes.map(({ kind }, n) =>
            kind === "not-an-id" ? kind : idOf(n)
          );
          const fake = fakeRooms({
            rooms: given.filter((_, n) => outcomes[n]?.kind === "found")
              .map((id) => ({ id })),
          });
          const counted = counting(async (url, init) => {
            const delayMs = outcomes[Number(url.slice(-12))]?.delayMs;
            await new Promise((resolve) => setTimeout(resolve, delayMs));
            return await fake.fetch(url, init);
          });
          const opts = { concurrency };
          const result = await all(
            getRooms(counted.fetch, "any", lazy ? lazily(given) : given, opts),
          );
          assertEquals(
            result.map(({ id, room, error }) => [
              id,
              room?.id ?? error?.code,
            ]),
            given.map((id, n) => {
              const { kind } = outcomes[n] ?? {};
              if (kind === "found") return [id, id];
              return [id, kind === "gone" ? "not_found" : "invalid_argument"];
            }),
          );
          assert(counted.most <= concurrency, `${counted.most} at once`);
        }),
    ),
  );
});

test("getRooms() looks four rooms up at once by default", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ delayMs: 5 }, ids.length);
  const counted = counting(fake.fetch);
  await all(getRooms(counted.fetch, "any", ids));
  assertEquals([counted.most, defaultConcurrency], [4, 4]);
});

Deno.test("getRooms() keeps no rooms in memory over 20,000 ids", async () => {
  let taken = 0;
  function* many() {
    for (; taken < 20_000; taken++) yield idOf(taken);
  }
  // All rooms together would take 200 MB
  const room = { id: ids[0], unique_name: "x".repeat(10_000) };
  const text = JSON.stringify({ data: room });
  const fetchFn = () => Promise.resolve(new Response(text));
  let [count, ahead, least] = [0, 0, Infinity];
  const before = Deno.memoryUsage().heapUsed;
  for await (const { room } of getRooms(fetchFn, "any", many())) {
    assert(room);
    ahead = Math.max(ahead, taken - count++);
    // Garbage is collected at any time: the minimum is what stays
    if (count % 10 === 0 && count > 14_000) {
      least = Math.min(least, Deno.memoryUsage().heapUsed);
    }
  }
  assertEquals(count, 20_000);
  assert(ahead <= 4, `${ahead} ids ahead`);
  const grown = (least - before) / 2 ** 20;
  assert(grown < 60, `memory grew by ${grown} MiB`);
});

test("getRooms() takes no id before its result is requested", async () => {
  let taken = 0;
  function* source() {
    for (const id of ids) {
      taken++;
      yield id;
    }
  }
  const fake = fakeRooms({ rooms });
  const results = getRooms(fake.fetch, "any", source(), { concurrency: 2 });
  assertEquals(taken, 0);
  await results.next();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals([taken, fake.requests.length], [2, 2]);
  await results.return();
});

Deno.test("getRooms() rejects at once when the token is refused", async () => {
  const fake = fakeRooms({ rooms, tokens: ["right"] });
  fake.fault({}, 1);
  fake.fault({ delayMs: Infinity }, ids.length);
  const error = await assertRejects(
    () => all(getRooms(fake.fetch, "wrong", ids)),
    ApiError,
  );
  assertEquals(error.code, "unauthorized");
  assert(fake.requests.length <= 4);
});

const ends: [string, (results: AsyncGenerator, abort: () => void) => void][] = [
  ["is aborted", (_, abort) => abort()],
  ["is left by break", (results) => void results.return(undefined)],
];

for (const [how, end] of ends) {
  Deno.test(`getRooms() leaves nothing behind when it ${how}`, async () => {
    const fake = fakeRooms({ rooms });
    fake.fault({}, 1);
    fake.fault({ delayMs: Infinity }, ids.length);
    const counted = counting(fake.fetch);
    let closed = false;
    function* source() {
      try {
        yield* ids;
      } finally {
        closed = true;
      }
    }
    const { signal, abort, listeners } = countedSignal();
    const results = getRooms(counted.fetch, "any", source(), { signal });
    await results.next();
    const reason = new Error("stopped");
    end(results, () => abort(reason));
    const rest = await all(results).catch((error) => error);
    if (how === "is aborted") assertStrictEquals(rest, reason);
    else assertEquals(rest, []);
    assertEquals([counted.now, listeners(), closed], [0, 0, true]);
    assert(fake.requests.length <= 5);
  });
}

test("getRooms() stops waiting for a rate limit when it is aborted", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ status: 429, headers: { "retry-after": "60" } }, ids.length);
  const controller = new AbortController();
  const { signal } = controller;
  setTimeout(() => controller.abort(new Error("stopped")), 20);
  await assertRejects(
    () => all(getRooms(fake.fetch, "any", ids, { signal })),
    Error,
    "stopped",
  );
});

test("getRooms() throws what the source of ids throws, after the results before it", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ delayMs: 5 }, 2);
  let returned = 0;
  const source: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => {
      const left = ids.slice(0, 2);
      return {
        next: () => {
          const value = left.shift();
          return value === undefined
            ? Promise.reject(new Error("no more"))
            : Promise.resolve({ done: false, value });
        },
        return: () => {
          returned++;
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  };
  const found: unknown[] = [];
  await assertRejects(
    async () => {
      for await (const { id } of getRooms(fake.fetch, "any", source)) {
        found.push(id);
      }
    },
    Error,
    "no more",
  );
  assertEquals(found, ids.slice(0, 2));
  assertEquals(returned, 0); // it has ended by itself
});

// Sources that are slow

/** A source that gives ids when it is told to. */
function slowSource() {
  const given: string[] = [];
  let wake = () => {};
  const source = {
    taken: 0,
    returned: 0,
    give: (id: string) => {
      given.push(id);
      wake();
    },
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        if (given.length === 0) {
          await new Promise<void>((resolve) => wake = resolve);
        }
        source.taken++;
        return { done: false as const, value: given.shift() as string };
      },
      return: () => {
        source.returned++;
        // As slow as the ids
        return new Promise<IteratorResult<string>>(() => {});
      },
    }),
  };
  return source;
}

const after = (ms: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What a promise results in, if it does without waiting for anything. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("It waits")), 1);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

test("getRooms() gives a result while the source is slow", async () => {
  const fake = fakeRooms({ rooms });
  const source = slowSource();
  const results = getRooms(fake.fetch, "any", source);
  for (const id of ids.slice(0, 6)) {
    const next = results.next();
    source.give(id);
    const { value } = await soon(next);
    assertEquals(value?.room?.id, id);
  }
  await results.return();
});

test("getRooms() is aborted at once although the source is slow", async () => {
  for (const given of [0, 1]) {
    const fake = fakeRooms({ rooms });
    fake.fault({ delayMs: Infinity });
    const source = slowSource();
    const { signal, abort, listeners } = countedSignal();
    for (const id of ids.slice(0, given)) source.give(id);
    const results = getRooms(fake.fetch, "any", source, { signal });
    const next = results.next().catch((error) => error);
    await after(5);
    const reason = new Error("stopped");
    abort(reason);
    assertStrictEquals(await soon(next), reason);
    assertEquals([source.returned, listeners()], [1, 0]);
    assertEquals(fake.requests.length, given);
  }
});

test("getRooms() calls the source's return() once after a break, an abort and an error", async () => {
  const left = {
    break: async (results: AsyncGenerator<RoomResult>) =>
      void await results.return(null),
    error: async (results: AsyncGenerator<RoomResult>) => {
      const error = await all(results).catch((error) => error);
      assertEquals(error.code, "unauthorized");
    },
    abort: async (results: AsyncGenerator<RoomResult>, abort: () => void) => {
      abort();
      await assertRejects(() => results.next());
    },
  };
  for (const end of Object.values(left)) {
    const fake = fakeRooms({ rooms });
    const source = slowSource();
    const controller = new AbortController();
    source.give(ids[0] as string);
    source.give(ids[1] as string);
    const results = getRooms(fake.fetch, "any", source, {
      signal: controller.signal,
    });
    await results.next();
    fake.fault({ status: 401 }, ids.length);
    source.give(ids[2] as string);
    source.give(ids[3] as string);
    const ended = end(results, () => controller.abort());
    await soon(ended);
    assertEquals(source.returned, 1);
  }
});

test("getRooms() waits for the clean-up of its source after a break", async () => {
  const fake = fakeRooms({ rooms });
  let cleaned = false;
  async function* source() {
    try {
      yield* ids;
    } finally {
      await after(5);
      cleaned = true;
    }
  }
  for await (
    const _ of getRooms(fake.fetch, "any", source(), { concurrency: 1 })
  ) break;
  assert(cleaned);
});

Deno.test("getRooms() reads at most `concurrency` ids ahead, for any speed of ids, look-ups and reader", async () => {
  const delay = fc.nat({ max: 20 });
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 5 }),
    fc.array(fc.tuple(delay, delay, delay), { maxLength: 20 }),
    (concurrency, delays) =>
      inVirtualTime(async () => {
        let [taken, received, ahead] = [0, 0, 0];
        const source = async function* () {
          for (const [n, [ms]] of delays.entries()) {
            await after(ms);
            taken++;
            ahead = Math.max(ahead, taken - received);
            yield idOf(n);
          }
        };
        const fetchFn: FetchFn = async (url) => {
          const n = Number(url.slice(-12));
          await after(delays[n]?.[1] ?? 0);
          return Response.json({ data: { id: idOf(n) } });
        };
        const found: unknown[] = [];
        const opts = { concurrency };
        for await (
          const { room } of getRooms(fetchFn, "any", source(), opts)
        ) {
          found.push(room?.id);
          received++;
          await after(delays[received - 1]?.[2] ?? 0);
        }
        assertEquals(found, delays.map((_, n) => idOf(n)));
        assert(ahead <= concurrency, `${ahead} ids ahead`);
      }),
  ));
});

test("getRooms() starts no look-up while a rate limit lasts", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ delayMs: 10 });
  fake.fault({ status: 429, headers: { "retry-after": "0.3" } });
  const results = all(
    getRooms(fake.fetch, "any", ids.slice(0, 4), { concurrency: 2 }),
  );
  await after(299);
  assertEquals(fake.requests.length, 2);
  assertEquals((await results).map(({ room }) => room?.id), ids.slice(0, 4));
  assertEquals(fake.requests.length, 5);
});

test("getRooms() continues after a rate limit, and no look-up fails", async () => {
  // A window admits fewer look-ups than run at once
  const some = ids.slice(0, 5);
  const fake = fakeRooms({
    rooms,
    rateLimit: { limit: 1, windowMs: 20 },
  });
  const found = await all(getRooms(fake.fetch, "any", some));
  assertEquals(found.map(({ room }) => room?.id), some);
});

test("getRooms() sends nothing more when a rate limit outlasts timeoutMs", async () => {
  const fake = fakeRooms({ rooms });
  const headers = { "retry-after": "60" };
  fake.fault({ status: 429, headers, delayMs: 5 }, ids.length);
  const found = await all(
    getRooms(fake.fetch, "any", ids, { timeoutMs: 5000 }),
  );
  const errors = found.map(({ error }) => error as ApiError);
  assertEquals(errors.map(({ code }) => code), ids.map(() => "rate_limited"));
  assertEquals(fake.requests.length, 4);
  const last = errors.at(-1);
  assertEquals([last?.attempts, last?.status], [0, 429]);
  assertEquals(last?.retryAfterMs, 60_000);
});

test("getRooms() continues when the wait for a rate limit ends after timeoutMs", async (clock) => {
  const fake = fakeRooms({ rooms });
  fake.fault({ status: 429, headers: { "retry-after": "0.03" } });
  const opts = { concurrency: 1, timeoutMs: 50, retry: { maxAttempts: 1 } };
  // A busy program: its timers are late
  const onAttempt = ({ status }: AttemptEvent) => {
    if (status !== 429) return;
    setTimeout(() => clock.tick(100), 10);
  };
  const found = await all(
    getRooms(fake.fetch, "any", ids, { ...opts, onAttempt }),
  );
  const error = found[0]?.error as ApiError;
  assertEquals([error.code, error.attempts], ["rate_limited", 1]);
  assertEquals(error.retryAfterMs, 0);
  assertEquals(found.filter(({ room }) => room).length, 9);
});

test("getRooms() continues with the next id after a look-up has failed", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ status: 503, headers: { "retry-after": "0" } }, 3);
  const opts = { concurrency: 1 };
  const found = await all(getRooms(fake.fetch, "any", ids, opts));
  assertEquals(found[0]?.error?.attempts, 3);
  assertEquals(found.filter(({ room }) => room).length, 9);
});

// Rate limits and failures

/** Responds with the given statuses, then with rooms; notes when it was asked. */
function scripted(
  script: { status: number; retryAfter?: string; delayMs?: number }[],
) {
  const times: number[] = [];
  const fetchFn: FetchFn = async (url) => {
    times.push(performance.now());
    const next = script.shift();
    if (!next) return Response.json({ data: { id: url.slice(-36) } });
    const { status, retryAfter, delayMs = 0 } = next;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    const headers = new Headers();
    if (retryAfter !== undefined) headers.set("retry-after", retryAfter);
    return new Response("{}", { status, headers });
  };
  return { fetchFn, times };
}

test("getRooms() retries a 429 without Retry-After as any call does: three requests", async () => {
  const { fetchFn, times } = scripted(Array(9).fill({ status: 429 }));
  const [result] = await all(getRooms(fetchFn, "any", ids.slice(0, 1)));
  assertEquals([result?.error?.code, times.length], ["rate_limited", 3]);
});

test("getRooms() sends one request with `retry: false`, also after a short rate limit", async () => {
  const { fetchFn, times } = scripted([{ status: 429, retryAfter: "0.05" }]);
  const [result] = await all(
    getRooms(fetchFn, "any", ids.slice(0, 1), { retry: false }),
  );
  assertEquals([result?.error?.code, times.length], ["rate_limited", 1]);
});

test("getRooms() waits for the longer of two rate limits", async () => {
  const { fetchFn, times } = scripted([
    { status: 429, retryAfter: "0.4" },
    { status: 429, retryAfter: "0.05", delayMs: 10 },
  ]);
  const found = await all(getRooms(fetchFn, "any", ids.slice(0, 3), {
    concurrency: 2,
    retry: { maxAttempts: 1 },
  }));
  assertEquals(found.map(({ room }) => room?.id), ids.slice(0, 3));
  const [first = NaN] = times;
  const early = times.slice(2).filter((time) => time - first < 400);
  assertEquals([times.length, early], [5, []]);
});

test("getRooms() yields nothing after an abort, though the result is ready", async () => {
  const fake = fakeRooms({ rooms });
  const { signal, abort } = countedSignal();
  const results = getRooms(fake.fetch, "any", ids, { signal });
  fake.fault({ delayMs: 5 });
  await results.next();
  await after(20); // the second is ready
  const reason = new Error("stopped");
  abort(reason);
  const rejected = await results.next().catch((error) => error);
  assertStrictEquals(rejected, reason);
});

test("getRooms() lets the others go on while one look-up waits for a 503", async () => {
  const { fetchFn, times } = scripted([{ status: 503, retryAfter: "10" }]);
  async function* source() {
    for (const id of ids.slice(0, 4)) {
      yield id;
      await after(10); // the next starts when the 503 is there
    }
  }
  const found = await all(
    getRooms(fetchFn, "any", source(), { concurrency: 4 }),
  );
  assertEquals(found.map(({ room }) => room?.id), ids.slice(0, 4));
  const [first = NaN] = times;
  const soonSent = times.filter((time) => time - first < 1000);
  assertEquals([soonSent.length, times.length], [4, 5]);
});

Deno.test("getRooms() continues after a 403: it may concern that room only", async () => {
  const { fetchFn } = scripted([{ status: 403 }]);
  const found = await all(
    getRooms(fetchFn, "any", ids.slice(0, 2), { concurrency: 1 }),
  );
  assertEquals(
    found.map(({ room, error }) => room?.id ?? error?.code),
    ["forbidden", ids[1]],
  );
});

for (const [seconds, code] of [[121, "rate_limited"], [119, undefined]]) {
  test(`getRooms() ${code ? "does not wait" : "waits"} for a rate limit of ${seconds} s by default`, async () => {
    const { fetchFn, times } = scripted([
      { status: 429, retryAfter: `${seconds}` },
    ]);
    const [result] = await all(getRooms(fetchFn, "any", ids.slice(0, 1)));
    assertEquals(
      [result?.error?.code, times.length],
      [code, code ? 1 : 2],
    );
  });
}

const wrong: [string, unknown, GetRoomsOptions, string?][] = [
  ["ids", "7b61621f-62e0-4aad-ab11-9fd19e272e73", {}],
  ["ids", 7, {}],
  ["concurrency", ids, { concurrency: 0 }],
  ["concurrency", ids, { concurrency: 1.5 }],
  ["timeoutMs", ids, { timeoutMs: 0 }],
  ["token", ids, {}, "two words"],
  ["concurency", [], { concurency: 2 } as GetRoomsOptions],
  ["roomId", [], { roomId: ids[0] } as GetRoomsOptions],
];

for (const [argument, given, opts, token = "any"] of wrong) {
  Deno.test(`getRooms() rejects ${argument} in ${JSON.stringify([token, opts])} of ${typeof given}, and sends nothing`, async () => {
    const fake = fakeRooms({ rooms });
    const error = await assertRejects(
      () => all(getRooms(fake.fetch, token, given as string[], opts)),
      InvalidArgumentError,
    );
    assertEquals([error.argument, fake.requests.length], [argument, 0]);
  });
}

test("getRooms() rejects when an async onAttempt fails while it waits", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ status: 503 }, 1);
  const own = new Error("The callback failed");
  const results = getRooms(fake.fetch, "any", ids.slice(0, 1), {
    onAttempt: async ({ error }) => {
      if (error) throw await Promise.resolve(own);
    },
  });
  assertStrictEquals(await all(results).catch((error) => error), own);
  assertEquals(fake.requests.length, 1);
});

test("getRooms() keeps a result though an async onAttempt fails after it", async () => {
  const warnings: unknown[] = [];
  const { warn } = console;
  console.warn = (_, error) => warnings.push(error);
  try {
    const fake = fakeRooms({ rooms });
    const own = new Error("The callback failed");
    const results = await all(getRooms(fake.fetch, "any", ids.slice(0, 2), {
      onAttempt: async () => {
        throw await Promise.resolve(own);
      },
    }));
    assertEquals(results.map(({ room }) => room?.id), ids.slice(0, 2));
    // A rejection of which nobody was told would fail the test
    await new Promise((resolve) => setTimeout(resolve));
    assertEquals(warnings, [own, own]);
  } finally {
    console.warn = warn;
  }
});
