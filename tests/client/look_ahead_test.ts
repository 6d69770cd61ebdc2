import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  allRooms,
  type FetchFn,
  InvalidArgumentError,
  type ListRoomsOptions,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

const someRooms = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `00000000-0000-4000-8000-${`${i}`.padStart(12, "0")}`,
  }));

/** A server whose responses come when `schedule` lets them. */
function serverOf(
  count: number,
  schedule: <T>(task: Promise<T>) => Promise<T>,
) {
  const fake = fakeRooms({ rooms: someRooms(count) });
  const seen = { requests: 0, running: 0, most: 0 };
  const fetchFn: FetchFn = async (url, init) => {
    seen.requests++;
    seen.most = Math.max(seen.most, ++seen.running);
    try {
      return await schedule(fake.fetch(url, init));
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

Deno.test("allRooms() with a concurrency requests several pages at once", async () => {
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

Deno.test("allRooms() with a concurrency waits with all pages for a 429 and fails none", async () => {
  const { fake, fetchFn } = serverOf(12, (task) => task);
  const ids: string[] = [];
  const options = { pageSize: 2, concurrency: 4, retry: { maxAttempts: 1 } };
  for await (const { id } of allRooms(fetchFn, "any", options)) {
    if (ids.push(id) === 2) {
      fake.fault({ status: 429, headers: { "retry-after": "1" } }, 3);
    }
  }
  assertEquals(ids.length, 12);
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
