import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import fc from "fast-check";
import {
  allRooms,
  type AttemptEvent,
  type FetchFn,
  InvalidArgumentError,
  InvalidResponseError,
  type ListRoomsOptions,
} from "../../mod.ts";
import { sleep } from "../../lib/client/timer.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { countedSignal } from "../support/signals.ts";
import { inVirtualTime, test } from "../support/virtual_time.ts";

const someRooms = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `00000000-0000-4000-8000-${`${i}`.padStart(12, "0")}`,
  }));

/** A server whose responses come when `schedule` lets them. */
function serverOf(
  count: number,
  schedule: <T>(task: Promise<T>, signal?: AbortSignal) => Promise<T>,
) {
  const fake = fakeRooms({ rooms: someRooms(count) });
  const seen = { requests: 0, running: 0, most: 0 };
  const fetchFn: FetchFn = async (url, init) => {
    seen.requests++;
    seen.most = Math.max(seen.most, ++seen.running);
    try {
      return await schedule(fake.fetch(url, init), init.signal);
    } finally {
      seen.running--;
    }
  };
  return { fake, fetchFn, seen };
}

async function take(
  fetchFn: FetchFn,
  opts: ListRoomsOptions & { limit?: number; concurrency?: number },
  breakAfter: number,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of allRooms(fetchFn, "any", opts)) {
    ids.push(id);
    if (ids.length === breakAfter) break;
  }
  return ids;
}

Deno.test("allRooms() yields the same with any concurrency, latencies, limit and break, and never runs more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.nat({ max: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 2, max: 8 }),
      fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      fc.integer({ min: 1, max: 50 }),
      async (scheduler, count, pageSize, concurrency, limit, breakAfter) => {
        const options = { pageSize, ...limit !== undefined && { limit } };
        const one = serverOf(count, (task) => task);
        const expected = await take(one.fetchFn, options, breakAfter);
        const many = serverOf(count, (task) => scheduler.schedule(task));
        const ids = await scheduler.waitFor(
          take(many.fetchFn, { ...options, concurrency }, breakAfter),
        );
        assertEquals(ids, expected);
        assert(many.seen.most <= concurrency);
        const needed = Math.ceil(Math.min(limit ?? count, count) / pageSize);
        assert(many.seen.requests <= Math.max(1, needed));
        assert(many.seen.requests < one.seen.requests + concurrency);
        if (ids.length <= pageSize) assertEquals(many.seen.requests, 1);
      },
    ),
    { numRuns: 200 },
  );
});

test("allRooms() with a concurrency requests several pages at once", async () => {
  const { fetchFn, seen } = serverOf(
    40,
    (task) => new Promise((resolve) => setTimeout(() => resolve(task), 2)),
  );
  await take(fetchFn, { pageSize: 4, concurrency: 3 }, Infinity);
  assertEquals([seen.most, seen.running, seen.requests], [3, 0, 10]);
});

Deno.test("allRooms() with a concurrency drops the errors past the end that an earlier page reports", async () => {
  const [a, b] = someRooms(2);
  const fetchFn: FetchFn = (url) => {
    const number = Number(new URL(url).searchParams.get("page[number]") ?? 1);
    if (number > 2) return Promise.resolve(new Response("", { status: 400 }));
    const meta = { page_number: number, total_pages: number === 1 ? 9 : 2 };
    const data = [number === 1 ? a : b];
    return Promise.resolve(Response.json({ data, meta }));
  };
  const ids = await take(fetchFn, { pageSize: 1, concurrency: 8 }, Infinity);
  assertEquals(ids.length, 2);
});

test("allRooms() with a concurrency waits with all pages for a 429 and fails none", async (clock) => {
  const began = clock.now;
  const { fake, fetchFn } = serverOf(12, (task) => task);
  const ids: string[] = [];
  const options = { pageSize: 2, concurrency: 4, retry: { maxAttempts: 1 } };
  for await (const { id } of allRooms(fetchFn, "any", options)) {
    if (ids.push(id) === 2) {
      fake.fault({ status: 429, headers: { "retry-after": "1" } }, 3);
    }
  }
  assertEquals([ids.length, clock.now - began], [12, 1000]);
});

for (
  const [name, seconds, opts, requests] of [
    ["waits for a rate limit of 29 s", 29, {}, 4],
    ["does not wait for a rate limit of 31 s", 31, {}, 3],
    ["does not wait with `retry: false`", 1, { retry: false }, 3],
  ] as const
) {
  test(`allRooms() with a concurrency ${name}`, async () => {
    const { fake, fetchFn } = serverOf(6, (task) => task);
    const ids: string[] = [];
    const outcome = await (async () => {
      const options = { pageSize: 2, concurrency: 2, ...opts };
      for await (const { id } of allRooms(fetchFn, "any", options)) {
        if (ids.push(id) !== 2) continue;
        fake.fault({ status: 429, headers: { "retry-after": `${seconds}` } });
      }
    })().catch((error) => error);
    const isWaited = requests === 4;
    assertEquals(outcome?.code, isWaited ? undefined : "rate_limited");
    assertEquals([ids.length, fake.requests.length], [
      isWaited ? 6 : 2,
      requests,
    ]);
  });
}

/** How a reader leaves a list: what its loop does then, and what it rejects with. */
const exits = {
  "a break": "break",
  "an error of the loop": new Error("mine"),
  "an abort": new Error("enough"),
} as const;

for (const [name, exit] of Object.entries(exits)) {
  test(`allRooms() with a concurrency aborts what runs after ${name}, and leaves no listener`, async () => {
    const fake = fakeRooms({ rooms: someRooms(20) });
    const running = new Set<string>();
    const fetchFn: FetchFn = (url, init) => {
      const number = new URL(url).searchParams.get("page[number]") ?? "";
      if (Number(number) < 3) return fake.fetch(url, init);
      running.add(number);
      return new Promise((_, reject) => {
        init.signal?.addEventListener("abort", () => {
          running.delete(number);
          reject(init.signal?.reason);
        });
      });
    };
    const { signal, abort, listeners } = countedSignal();
    let during: unknown;
    const outcome = await (async () => {
      const options = { pageSize: 2, concurrency: 4, signal };
      for await (const { id } of allRooms(fetchFn, "any", options)) {
        if (!id.endsWith("2")) continue; // the first of page 2
        during = [running.size > 1, listeners()];
        if (exit === "break") break;
        if (name !== "an abort") throw exit;
        abort(exit);
      }
    })().catch((error) => error);
    assertStrictEquals(outcome, exit === "break" ? undefined : exit);
    assertEquals(during, [true, 1]);
    assertEquals([running.size, listeners()], [0, 0]);
  });
}

test("allRooms() with a concurrency rejects at once when it is aborted while all pages are slow", async (clock) => {
  const { signal, abort, listeners } = countedSignal();
  const { fetchFn } = serverOf(20, async (task, signal) => {
    await sleep(1000, signal);
    return await task;
  });
  const began = clock.now;
  setTimeout(() => abort("enough"), 1500); // page 1 is read, the next ones run
  const opts = { pageSize: 2, concurrency: 4, signal };
  const outcome = await take(fetchFn, opts, Infinity).catch((error) => error);
  assertEquals([outcome, clock.now - began, listeners()], ["enough", 1500, 0]);
});

Deno.test("allRooms() with a concurrency reads a list that grows or shrinks meanwhile, in order, and to its end", async () => {
  const change = fc.record({
    after: fc.nat({ max: 30 }),
    kind: fc.constantFrom("add", "remove"),
    at: fc.nat({ max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 2, max: 6 }),
      fc.array(change, { maxLength: 6 }),
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 }),
      (count, pageSize, concurrency, changes, delays) =>
        inVirtualTime(async () => {
          let requests = 0;
          const { fake, fetchFn } = serverOf(count, async (task, signal) => {
            await sleep(delays[requests++ % delays.length] ?? 0, signal);
            return await task;
          });
          const order = someRooms(count).map(({ id }) => id);
          const removed = new Set<string>();
          const ids: string[] = [];
          const options = { pageSize, concurrency };
          for await (const { id } of allRooms(fetchFn, "any", options)) {
            ids.push(id);
            for (const { after, kind, at } of changes) {
              if (after !== ids.length) continue;
              const victim = order[at];
              if (kind === "add") {
                const [added] = someRooms(order.length + 1).slice(-1);
                order.push(`${added?.id}`);
                fake.addRoom({ id: `${added?.id}` });
              } else if (victim !== undefined && !removed.has(victim)) {
                removed.add(victim);
                fake.removeRoom(victim);
              }
            }
          }
          const places = ids.map((id) => order.indexOf(id));
          assertEquals(places, places.toSorted((a, b) => a - b));
          assertEquals(new Set(ids).size, ids.length);
          // What moves to an earlier page may be missed
          if (removed.size === 0) assert(ids.length >= count, `${ids.length}`);
          // The server is late with pages past the end
          await new Promise((resolve) => setTimeout(resolve, 10));
        }),
    ),
    { numRuns: 200 },
  );
});

Deno.test("allRooms() with a concurrency rejects a page out of place as one by one, and tells onAttempt", async () => {
  // A cache that ignores the query; a list without an end
  const liars: [pointer: string, page: (number: number) => object][] = [
    ["/meta/page_number", () => ({ page_number: 1, total_pages: 3 })],
    ["/meta/total_pages", (number) => ({ total_pages: number + 2 })],
  ];
  for (const [pointer, meta] of liars) {
    for (const concurrency of [1, 4]) {
      const fetchFn: FetchFn = (url) => {
        const number = Number(new URL(url).searchParams.get("page[number]"));
        const data = someRooms(number).slice(-1);
        return Promise.resolve(Response.json({ data, meta: meta(number) }));
      };
      const events: AttemptEvent[] = [];
      const onAttempt = (event: AttemptEvent) => events.push(event);
      const error = await assertRejects(
        () => take(fetchFn, { concurrency, onAttempt }, Infinity),
        InvalidResponseError,
      );
      assertEquals([error.pointer, error.attempts], [pointer, 1]);
      if (pointer !== "/meta/page_number") continue;
      assertEquals(events.map(({ error }) => error?.code).slice(0, 2), [
        undefined,
        "invalid_response",
      ]);
    }
  }
});

Deno.test("allRooms() rejects a concurrency that is not from 1 to 1000", async () => {
  for (const concurrency of [0, 1.5, 1001, NaN]) {
    const { fetch } = fakeRooms();
    await assertRejects(
      () => take(fetch, { concurrency }, 1),
      InvalidArgumentError,
      "'concurrency'",
    );
  }
});
