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
  type RoomResult,
} from "../../mod.ts";
import { defaultConcurrency } from "../../lib/client/get_rooms.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { idOf, someRooms } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { after, inVirtualTime, test } from "../support/virtual_time.ts";

const rooms = someRooms(10);
const ids = rooms.map(({ id }) => id);
const reason = new Error("stopped");

/** What was found of each id: it again, or the code of the error. */
const codes = (results: RoomResult[]) =>
  results.map(({ room, error }) => room?.id ?? error?.code);

const all = (
  fetchFn: FetchFn,
  given: Iterable<string> | AsyncIterable<string>,
  opts?: GetRoomsOptions,
) => Array.fromAsync(getRooms(fetchFn, "any", given, opts));

Deno.test("getRooms() yields one result per id, in order, with at most `concurrency` look-ups at once and ids ahead", async () => {
  const delayMs = fc.nat({ max: 20 });
  const given = fc.record({
    kind: fc.constantFrom("found", "gone", "not-an-id"),
    givenMs: delayMs,
    lookUpMs: delayMs,
    readMs: delayMs,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(given, { maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      (items, concurrency, isLazy) =>
        inVirtualTime(async () => {
          const ids = items.map(({ kind }, n) =>
            kind === "not-an-id" ? kind : idOf(n)
          );
          const fake = fakeRooms({
            rooms: ids.filter((_, n) => items[n]?.kind === "found")
              .map((id) => ({ id })),
          });
          let [taken, received, running] = [0, 0, 0];
          async function* source() {
            for (const [n, { givenMs }] of items.entries()) {
              await after(givenMs);
              taken++;
              assert(taken - received <= concurrency, "too many ids ahead");
              yield `${ids[n]}`;
            }
          }
          const fetchFn: FetchFn = async (url, init) => {
            assert(++running <= concurrency, "too many at once");
            await after(items[Number(url.slice(-12))]?.lookUpMs ?? 0);
            running--;
            return await fake.fetch(url, init);
          };
          const results: RoomResult[] = [];
          const opts = { concurrency };
          const given = isLazy ? source() : ids;
          for await (const result of getRooms(fetchFn, "any", given, opts)) {
            results.push(result);
            await after(items[received++]?.readMs ?? 0);
          }
          assertEquals(results.map(({ id }) => id), ids);
          assertEquals(
            codes(results),
            items.map(({ kind }, n) => {
              if (kind === "found") return ids[n];
              return kind === "gone" ? "not_found" : "invalid_argument";
            }),
          );
        }),
    ),
    { numRuns: 60 },
  );
});

test("getRooms() takes no id before its result is requested, and then four by default", async () => {
  let taken = 0;
  function* source() {
    for (const id of ids) {
      taken++;
      yield id;
    }
  }
  const fake = fakeRooms({ rooms });
  fake.fault({ delayMs: 5 }, ids.length);
  const results = getRooms(fake.fetch, "any", source());
  assertEquals(taken, 0);
  await results.next();
  assertEquals([taken, fake.requests.length, defaultConcurrency], [4, 4, 4]);
  await results.return();
});

Deno.test("getRooms() keeps no rooms in memory over 10,000 ids", async () => {
  function* many() {
    for (let n = 0; n < 10_000; n++) yield idOf(n);
  }
  // All rooms together would take 150 MB
  const room = { id: ids[0], unique_name: "x".repeat(15_000) };
  const body = new TextEncoder().encode(JSON.stringify({ data: room }));
  const fetchFn = () => Promise.resolve(new Response(body));
  let [count, least] = [0, Infinity];
  const before = Deno.memoryUsage().heapUsed;
  for await (const { room } of getRooms(fetchFn, "any", many())) {
    assert(room);
    // Garbage is collected at any time: the minimum is what stays
    if (++count % 10 === 0 && count > 7000) {
      least = Math.min(least, Deno.memoryUsage().heapUsed);
    }
  }
  assertEquals(count, 10_000);
  const grown = (least - before) / 2 ** 20;
  assert(grown < 60, `memory grew by ${grown} MiB`);
});

test("getRooms() throws what the source of ids throws, after the results before it", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ delayMs: 5 }, 2);
  const left = ids.slice(0, 2);
  let returned = 0;
  const source = {
    next: async () => {
      const value = left.shift();
      if (value === undefined) throw await Promise.resolve(reason);
      return { done: false as const, value };
    },
    return: () => Promise.resolve({ done: true as const, value: ++returned }),
    [Symbol.asyncIterator]: () => source,
  };
  const results = getRooms(fake.fetch, "any", source);
  assertEquals((await results.next()).value?.id, ids[0]);
  assertEquals((await results.next()).value?.id, ids[1]);
  assertStrictEquals(await results.next().catch((error) => error), reason);
  assertEquals(returned, 0); // it has ended by itself
});

test("getRooms() waits for the clean-up of its source after a break", async () => {
  const fake = fakeRooms({ rooms });
  let isCleaned = false;
  async function* source() {
    try {
      yield* ids;
    } finally {
      await after(5);
      isCleaned = true;
    }
  }
  const opts = { concurrency: 1 };
  for await (const _ of getRooms(fake.fetch, "any", source(), opts)) break;
  assert(isCleaned);
});

// Sources that are slow

/** A source that gives ids when it is told to, and by default never closes. */
function slowSource(...given: string[]) {
  let wake = () => {};
  const source = {
    returned: 0,
    give: (id: string | undefined) => {
      given.push(`${id}`);
      wake();
    },
    next: async () => {
      if (given.length === 0) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      return { done: false as const, value: `${given.shift()}` };
    },
    close: () => new Promise<IteratorResult<string>>(() => {}),
    return: () => {
      source.returned++;
      return source.close();
    },
    [Symbol.asyncIterator]: () => source,
  };
  return source;
}

test("getRooms() gives a result while the source is slow", async () => {
  const fake = fakeRooms({ rooms });
  const source = slowSource();
  const results = getRooms(fake.fetch, "any", source);
  for (const id of ids.slice(0, 6)) {
    const next = results.next().then(({ value }) => value?.room?.id);
    source.give(id);
    assertEquals(await next, id);
  }
  await results.return();
});

const ends: Record<
  string,
  (results: AsyncGenerator) => Promise<unknown>
> = {
  "a break": (results) => results.return(undefined),
  "a refused token": async (results) => {
    const error = await assertRejects(() => results.next(), ApiError);
    assertEquals(error.code, "unauthorized");
  },
};
for (const [name, end] of Object.entries(ends)) {
  test(`getRooms() leaves nothing behind after ${name}, and waits neither for look-ups nor for a slow source`, async (clock) => {
    const began = clock.now;
    const fake = fakeRooms({ rooms });
    const source = slowSource(`${ids[0]}`);
    const { signal, listeners } = countedSignal();
    let running = 0;
    const fetchFn: FetchFn = (url, init) => {
      running++;
      return fake.fetch(url, init).finally(() => running--);
    };
    const results = getRooms(fetchFn, "any", source, { signal });
    await results.next();
    const isRefused = name === "a refused token";
    if (isRefused) fake.fault({ status: 401 });
    fake.fault({ delayMs: Infinity }, ids.length);
    // With four at once, none is waited for; a break waits for the source then
    for (const id of ids.slice(1, isRefused ? 5 : 4)) source.give(id);
    await end(results);
    assertEquals(clock.now, began);
    assertEquals([source.returned, running, listeners()], [1, 0, 0]);
    assert(fake.requests.length <= 5);
  });
}

for (const given of [0, 1]) {
  test(`getRooms() is aborted at once while it waits for its source and ${given} look-ups`, async (clock) => {
    const fake = fakeRooms({ rooms });
    const began = clock.now;
    fake.fault({ delayMs: Infinity });
    const source = slowSource(...ids.slice(0, given));
    if (given > 0) source.close = () => Promise.reject(new Error("its own"));
    const { signal, abort, listeners } = countedSignal();
    const results = getRooms(fake.fetch, "any", source, { signal });
    const next = results.next().catch((error) => error);
    setTimeout(() => abort(reason), 5);
    assertStrictEquals(await next, reason);
    assertEquals(clock.now - began, 5);
    assertEquals([source.returned, listeners()], [1, 0]);
    assertEquals(fake.requests.length, given);
  });
}

test("getRooms() yields nothing after an abort, though the result is ready", async () => {
  const fake = fakeRooms({ rooms });
  const { signal, abort } = countedSignal();
  const results = getRooms(fake.fetch, "any", ids, { signal });
  fake.fault({ delayMs: 5 });
  await results.next();
  await after(20); // the second is ready
  abort(reason);
  const rejected = await results.next().catch((error) => error);
  assertStrictEquals(rejected, reason);
});

// Rate limits and failures

/** Responds with the given statuses, then with rooms; notes when it was asked. */
function scripted(
  ...script: { status: number; retryAfter?: string; delayMs?: number }[]
) {
  const times: number[] = [];
  const fetchFn: FetchFn = async (url) => {
    times.push(performance.now());
    const next = script.shift();
    if (!next) return Response.json({ data: { id: url.slice(-36) } });
    const { status, retryAfter, delayMs = 0 } = next;
    await after(delayMs);
    const headers = new Headers();
    if (retryAfter !== undefined) headers.set("retry-after", retryAfter);
    return new Response("{}", { status, headers });
  };
  /** How many requests there were within a time from the first, and in all. */
  const sent = (withinMs: number) => [
    times.filter((ms) => ms - Number(times[0]) < withinMs).length,
    times.length,
  ];
  return { fetchFn, sent };
}

const limitedFor = (retryAfter: string) => [{ status: 429, retryAfter }];
const busy = { status: 503, retryAfter: "0" };
const failures: [
  does: string,
  script: Parameters<typeof scripted>,
  code: string | undefined,
  requests: number,
  retry?: false,
][] = [
  [
    "retries a 429 without Retry-After as any call does",
    Array(3).fill({ status: 429 }),
    "rate_limited",
    4,
  ],
  [
    "sends one request with `retry: false`, also after a short rate limit",
    limitedFor("0.05"),
    "rate_limited",
    2,
    false,
  ],
  [
    "waits for a rate limit that leaves 1 ms of its 120 s",
    limitedFor("119.999"),
    undefined,
    3,
  ],
  ["goes on after a 403, of that room only", [{ status: 403 }], "forbidden", 2],
  ["goes on after a failure", [busy, busy, busy], "server_error", 4],
];
for (const [does, script, code, requests, retry] of failures) {
  test(`getRooms() ${does}`, async () => {
    const { fetchFn, sent } = scripted(...script);
    const opts = { concurrency: 1, retry };
    const results = await all(fetchFn, ids.slice(0, 2), opts);
    assertEquals(codes(results), [code ?? ids[0], ids[1]]);
    assertEquals(sent(Infinity), [requests, requests]);
  });
}

// The second would leave less than the 1 ms that a call needs
for (const seconds of [121, 119.9993]) {
  test(`getRooms() sends nothing more when a rate limit of ${seconds} s leaves no time of timeoutMs, 120 s by default`, async () => {
    const { fetchFn, sent } = scripted(...limitedFor(`${seconds}`));
    const opts = { concurrency: 1, retry: { maxAttempts: 1 } };
    const results = await all(fetchFn, ids.slice(0, 2), opts);
    assertEquals(codes(results), ["rate_limited", "rate_limited"]);
    assertEquals(sent(Infinity), [1, 1]);
    const error = results[1]?.error as ApiError;
    assertEquals([error.attempts, error.status], [0, 429]);
    const asked = Math.round(seconds * 1000);
    assertEquals(Math.round(Number(error.retryAfterMs)), asked);
  });
}

test("getRooms() waits for the longer of two rate limits, and starts no look-up meanwhile", async () => {
  const { fetchFn, sent } = scripted(
    { status: 429, retryAfter: "0.4" },
    { status: 429, retryAfter: "0.05", delayMs: 10 },
  );
  const opts = { concurrency: 2, retry: { maxAttempts: 1 } };
  const given = ids.slice(0, 4);
  const results = await all(fetchFn, given, opts);
  assertEquals(codes(results), given);
  assertEquals(sent(400), [2, 6]);
});

test("getRooms() fails no look-up where fewer are admitted than run at once", async () => {
  const rateLimit = { limit: 1, windowMs: 20 };
  const fake = fakeRooms({ rooms, rateLimit });
  assertEquals(codes(await all(fake.fetch, ids)), ids);
});

test("getRooms() continues when the wait for a rate limit ends after timeoutMs", async (clock) => {
  const fake = fakeRooms({ rooms });
  fake.fault({ status: 429, headers: { "retry-after": "0.03" } });
  const opts = { concurrency: 1, timeoutMs: 50, retry: { maxAttempts: 1 } };
  // A busy program: its timers are late
  const onAttempt = ({ status }: AttemptEvent) => {
    if (status === 429) setTimeout(() => clock.tick(100), 10);
  };
  const [first, ...others] = await Array.fromAsync(
    getRooms(fake.fetch, "any", ids, { ...opts, onAttempt }),
  );
  const error = first?.error as ApiError;
  assertEquals([error.code, error.attempts], ["rate_limited", 1]);
  assertEquals(error.retryAfterMs, 0);
  assertEquals(codes(others), ids.slice(1));
});

test("getRooms() stops waiting for a rate limit when it is aborted", async (clock) => {
  const { fetchFn } = scripted({ status: 429, retryAfter: "60" });
  const { signal, abort } = countedSignal();
  const began = clock.now;
  setTimeout(() => abort(reason), 20);
  const opts = { signal, retry: { maxAttempts: 1 } };
  const results = getRooms(fetchFn, "any", ids, opts);
  assertStrictEquals(await results.next().catch((error) => error), reason);
  assertEquals(clock.now - began, 20);
});

test("getRooms() lets the others go on while one look-up waits for a 503", async () => {
  const { fetchFn, sent } = scripted({ status: 503, retryAfter: "10" });
  async function* source() {
    for (const id of ids.slice(0, 4)) {
      yield id;
      await after(10); // the next starts when the 503 is there
    }
  }
  assertEquals(codes(await all(fetchFn, source())), ids.slice(0, 4));
  assertEquals(sent(1000), [4, 5]);
});

test("getRooms() rejects when an async onAttempt fails while it waits", async () => {
  const { fetchFn, sent } = scripted({ status: 503 });
  const results = getRooms(fetchFn, "any", ids.slice(0, 1), {
    onAttempt: async ({ error }) => {
      if (error) throw await Promise.resolve(reason);
    },
  });
  assertStrictEquals(await results.next().catch((error) => error), reason);
  assertEquals(sent(Infinity), [1, 1]);
});
