import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
} from "@std/assert";
import fc from "fast-check";
import {
  allRooms,
  ApiError,
  deleteRoom,
  type FetchFn,
  InvalidResponseError,
  type ListRoomsOptions,
  type PageMeta,
} from "../../mod.ts";
import { sleep } from "../../lib/client/timer.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { idOf, someRooms } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { after, inVirtualTime, test } from "../support/virtual_time.ts";

type AllRoomsOptions = ListRoomsOptions & {
  limit?: number | undefined;
  concurrency?: number;
};

/** The ids of a list, up to a break. */
async function take(
  fetchFn: FetchFn,
  opts: AllRoomsOptions = {},
  breakAfter = Infinity,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of allRooms(fetchFn, "any", opts)) {
    ids.push(id);
    if (ids.length === breakAfter) break;
  }
  return ids;
}

const roomOf = (n: number) => ({ id: idOf(n) });

const pageNumberOf = (url: string) =>
  Number(new URL(url).searchParams.get("page[number]") ?? 1);

/** A fake whose responses come when `schedule` lets them. */
function scheduled(
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

/** A server that responds to each request with `page(number)`. */
function serverOf(page: (number: number) => unknown) {
  const requested: number[] = [];
  const fetchFn: FetchFn = (url) => {
    const number = pageNumberOf(url);
    requested.push(number);
    if (requested.length > 1000) throw new Error("Too many requests");
    return Promise.resolve(Response.json(page(number)));
  };
  return { fetchFn, requested };
}

Deno.test("allRooms() yields at most limit rooms, in the fewest pages that are no larger than needed", async () => {
  const fake = fakeRooms({ rooms: someRooms(600) });
  const cases: [opts: AllRoomsOptions, count: number, sizes: number[]][] = [
    [{ limit: 1 }, 1, [1]],
    [{ limit: 250 }, 250, [250]],
    [{ limit: 251 }, 251, [126, 126]],
    [{ limit: 500 }, 500, [250, 250]],
    [{ limit: 5, pageSize: 2 }, 5, [2, 2, 2]],
    [{ limit: 5, pageSize: 2, pageNumber: 299 }, 4, [2, 2]],
    [{ limit: 1000 }, 600, [250, 250, 250]],
  ];
  for (const [opts, count, sizes] of cases) {
    const before = fake.requests.length;
    assertEquals((await take(fake.fetch, opts)).length, count);
    const pageSizes = fake.requests.slice(before).map(({ url }) =>
      Number(new URL(url).searchParams.get("page[size]"))
    );
    assertEquals(pageSizes, sizes);
  }
});

Deno.test("allRooms() yields the list, with any concurrency, latencies, limit and break, and requests no page before it is needed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.nat({ max: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 8 }),
      fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      fc.integer({ min: 1, max: 50 }),
      async (scheduler, count, pageSize, concurrency, limit, breakAfter) => {
        const { fetchFn, seen } = scheduled(
          count,
          (task) => scheduler.schedule(task),
        );
        const opts = { pageSize, concurrency, limit };
        const ids = await scheduler.waitFor(take(fetchFn, opts, breakAfter));
        const most = Math.min(limit ?? count, count);
        const expected = someRooms(Math.min(most, breakAfter));
        assertEquals(ids, expected.map(({ id }) => id));
        assert(seen.most <= concurrency);
        const pagesOf = (items: number) =>
          Math.max(1, Math.ceil(items / pageSize));
        const used = pagesOf(ids.length);
        assert(seen.requests >= used && seen.requests < used + concurrency);
        assert(seen.requests <= pagesOf(most));
        if (used === 1) assertEquals(seen.requests, 1);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("allRooms() requests the largest pages, with the filters on each, whatever becomes of the caller's options", async () => {
  const urls: string[] = [];
  const fetchFn: FetchFn = (url) => {
    urls.push(decodeURIComponent(url));
    const page = { data: someRooms(1), meta: { total_pages: 2 } };
    return Promise.resolve(Response.json(page));
  };
  const opts = { baseUrl: "https://own.example/v2", uniqueName: "a" };
  for await (const _ of allRooms(fetchFn, "any", opts)) {
    opts.baseUrl = "https://other.example/";
    opts.uniqueName = "b";
  }
  const url = "https://own.example/v2/rooms?filter[unique_name]=a";
  assertEquals(urls, [
    `${url}&page[number]=1&page[size]=250`,
    `${url}&page[number]=2&page[size]=250`,
  ]);
});

Deno.test("allRooms() yields no room after an abort, and rejects with its reason", async () => {
  // During a request, and between two rooms of a page
  for (const at of [0, 1, 2, 3]) {
    const fake = fakeRooms({ rooms: someRooms(6) });
    const { signal, abort, listeners } = countedSignal();
    const reason = { because: "enough" };
    let seen = 0;
    const fetchFn: FetchFn = (url, init) => {
      if (seen === at) abort(reason);
      return fake.fetch(url, init);
    };
    const rejected = await (async () => {
      const opts = { pageSize: 2, signal };
      for await (const _ of allRooms(fetchFn, "any", opts)) {
        assertEquals(listeners(), 0);
        if (++seen === at) abort(reason);
      }
    })().catch((error) => error);
    assertEquals([rejected, seen, listeners()], [reason, at, 0]);
  }
});

for (const end of ["a break", "an abort"]) {
  test(`allRooms() with a concurrency aborts the pages that run at once after ${end}, and leaves no listener`, async (clock) => {
    const { fetchFn, seen } = scheduled(20, async (task, signal) => {
      await sleep(seen.requests > 2 ? 1000 : 100, signal);
      return await task;
    });
    const { signal, abort, listeners } = countedSignal();
    const began = clock.now;
    // After 200 ms two pages are read, and others run
    if (end === "an abort") setTimeout(() => abort("enough"), 500);
    const opts = { pageSize: 2, concurrency: 4, signal };
    const breakAfter = end === "a break" ? 3 : Infinity;
    const outcome = await take(fetchFn, opts, breakAfter)
      .catch((error) => error);
    assertEquals(
      [outcome.length, clock.now - began],
      end === "a break" ? [3, 200] : ["enough".length, 500],
    );
    assertEquals([seen.most, seen.running, listeners()], [4, 0, 0]);
  });
}

test("allRooms() has its own timeouts and retries for each page", async () => {
  const fake = fakeRooms({ rooms: someRooms(4) });
  const attempts: number[] = [];
  for (let i = 0; i < 4; i++) {
    fake.fault({ status: 503 });
    fake.fault({ delayMs: 80 }); // 320 ms in all
  }
  const ids = await take(fake.fetch, {
    pageSize: 1,
    timeoutMs: 200,
    retry: { maxAttempts: 2, baseDelayMs: 1 },
    onAttempt: ({ attempt }) => attempts.push(attempt),
  });
  assertEquals(ids.length, 4);
  assertEquals(attempts, [1, 2, 1, 2, 1, 2, 1, 2]);
});

Deno.test("allRooms() rejects when a page fails, after the rooms before it, and can start from that page", async () => {
  const fake = fakeRooms({ rooms: someRooms(4) });
  const opts = { pageSize: 2, retry: false } as const;
  const rooms = allRooms(fake.fetch, "any", opts);
  await rooms.next();
  await rooms.next();
  fake.fault({ status: 500 });
  const error = await assertRejects(() => rooms.next(), ApiError);
  assertEquals([error.code, error.attempts], ["server_error", 1]);
  assertEquals((await rooms.next()).done, true);
  const rest = await take(fake.fetch, { ...opts, pageNumber: 2 });
  assertEquals(rest, [idOf(2), idOf(3)]);
});

const rateLimits: [seconds: number, AllRoomsOptions, isWaited: boolean][] = [
  [1, { retry: { maxAttempts: 1 } }, true],
  [29, {}, true],
  [31, {}, false],
  [1, { retry: false }, false],
];
for (const [seconds, opts, isWaited] of rateLimits) {
  test(
    `allRooms() with a concurrency ${
      isWaited ? "waits with all pages" : "does not wait"
    } for a rate limit of ${seconds} s with ${JSON.stringify(opts)}`,
    async (clock) => {
      const { fake, fetchFn } = scheduled(12, (task) => task);
      const began = clock.now;
      let count = 0;
      const outcome = await (async () => {
        const options = { pageSize: 2, concurrency: 4, ...opts };
        for await (const _ of allRooms(fetchFn, "any", options)) {
          if (++count !== 2) continue;
          const headers = { "retry-after": `${seconds}` };
          fake.fault({ status: 429, headers }, 3);
        }
      })().catch((error) => error);
      assertEquals(
        [outcome?.code, count, clock.now - began],
        isWaited ? [undefined, 12, seconds * 1000] : ["rate_limited", 2, 0],
      );
    },
  );
}

// Lists that change, and servers that lie

Deno.test("allRooms() reads a list that grows or shrinks meanwhile, in order and to its end, and skips only what moved", async () => {
  const change = fc.record({
    after: fc.nat({ max: 30 }),
    kind: fc.constantFrom("add", "remove"),
    at: fc.nat({ max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(change, { maxLength: 6 }),
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 }),
      (count, pageSize, concurrency, changes, delays) =>
        inVirtualTime(async () => {
          let requests = 0;
          const { fake, fetchFn } = scheduled(count, async (task, signal) => {
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
                const id = idOf(order.length);
                order.push(id);
                fake.addRoom({ id });
              } else if (victim !== undefined && !removed.has(victim)) {
                removed.add(victim);
                fake.removeRoom(victim);
              }
            }
          }
          const places = ids.map((id) => order.indexOf(id));
          assertEquals(places, places.toSorted((a, b) => a - b));
          assertEquals(new Set(ids).size, ids.length);
          // One room moves to an earlier page for each that is removed
          assert(ids.length >= count - 2 * removed.size, `${ids.length}`);
          await after(10); // the server is late with pages past the end
        }),
    ),
    { numRuns: 120 },
  );
});

Deno.test("allRooms() skips 250 of 600 rooms that are deleted within the loop, as its docs say", async () => {
  const fake = fakeRooms({ rooms: someRooms(600) });
  for await (const { id } of allRooms(fake.fetch, "any")) {
    await deleteRoom(fake.fetch, "any", id);
  }
  assertEquals(fake.rooms.length, 250);
});

/** What a server says of each page, and the requests and rooms or the error then. */
const servers: {
  does: string;
  page(number: number): { data?: object[]; meta?: object };
  pageNumber?: number;
  requested: number[];
  outcome: number | string;
}[] = [
  ...[1, 7].map((pageNumber) => ({
    does: `ends when a page past the end repeats the last, from ${pageNumber}`,
    pageNumber,
    // Four pages at first, then three: a room was deleted
    page: (number: number) => ({
      data: someRooms(1),
      meta: {
        page_number: Math.min(number, 3),
        total_pages: number > 3 ? 3 : 4,
      },
    }),
    requested: pageNumber === 1 ? [1, 2, 3, 4] : [7],
    outcome: pageNumber === 1 ? 3 : 0,
  })),
  {
    does: "ends where a page says so, though the next ones are no pages",
    page: (number) =>
      number > 2 ? {} : {
        data: someRooms(1),
        meta: { page_number: number, total_pages: number === 1 ? 9 : 2 },
      },
    requested: [1, 2],
    outcome: 2,
  },
  {
    does: "allows a list to double its pages, from any first page",
    pageNumber: 5,
    page: (number) => ({
      data: someRooms(1),
      meta: { page_number: number, total_pages: number < 6 ? 6 : 12 },
    }),
    requested: [5, 6, 7, 8, 9, 10, 11, 12],
    outcome: 8,
  },
  {
    does: "rejects a page other than the requested one, as of a blind cache",
    page: () => ({
      data: someRooms(2),
      meta: { page_number: 1, total_pages: 3 },
    }),
    requested: [1, 2],
    outcome: "/meta/page_number",
  },
  {
    does: "rejects the first page again in place of the last",
    page: () => ({
      data: someRooms(2),
      meta: { page_number: 1, total_pages: 2 },
    }),
    requested: [1, 2],
    outcome: "/meta/page_number",
  },
];

for (const { does, page, pageNumber, requested, outcome } of servers) {
  Deno.test(`allRooms() ${does}`, async () => {
    const server = serverOf(page);
    const errors: unknown[] = [];
    const rooms = await take(server.fetchFn, {
      pageNumber,
      onAttempt: ({ error }) => errors.push(error),
    }).catch((error) => error);
    assertEquals(server.requested, requested);
    if (typeof outcome === "number") {
      assertEquals(rooms.length, outcome);
      return;
    }
    assertInstanceOf(rooms, InvalidResponseError);
    assertEquals([rooms.pointer, rooms.attempts], [outcome, 1]);
    assertEquals(errors.at(-1), rooms);
  });
}

const huge = fc.constantFrom(1e15, 1e300, Number.MAX_SAFE_INTEGER, 10_000_000);

Deno.test("allRooms() always ends, within twice the pages of the first response, each request but the last yields a room, and pages that are read ahead change nothing", async () => {
  const meta: fc.Arbitrary<PageMeta> = fc.record({
    page_number: fc.integer({ min: -1, max: 9 }),
    total_pages: fc.oneof(fc.integer({ min: -2, max: 12 }), huge),
    total_results: fc.integer({ min: -1, max: 99 }),
  }, { requiredKeys: ["total_pages"] });
  const ids = fc.array(fc.nat({ max: 3 }), { maxLength: 3 });
  const page = fc.record({ data: ids.map((ids) => ids.map(roomOf)), meta });
  await fc.assert(
    fc.asyncProperty(
      fc.array(page, { minLength: 1, maxLength: 30 }),
      async (script) => {
        const pageAt = (number: number) => script[(number - 1) % script.length];
        const { fetchFn, requested } = serverOf(pageAt);
        const read = (fetchFn: FetchFn, concurrency: number) =>
          take(fetchFn, { concurrency }).catch((error) => {
            assertInstanceOf(error, InvalidResponseError);
            assertEquals(error.attempts, 1);
            return error.pointer;
          });
        const ids = await read(fetchFn, 1);
        assertEquals(await read(serverOf(pageAt).fetchFn, 3), ids);
        // In order, without repetition
        assertEquals(requested, requested.map((_, i) => i + 1));
        const most = pageAt(1)?.meta.total_pages ?? 0;
        assert(requested.length <= 2 * Math.max(1, most));
        for (const number of requested.slice(0, -1)) {
          assert(pageAt(number)?.data.length);
        }
        const got = requested.flatMap((number) => {
          const { data = [], meta } = pageAt(number) ?? {};
          return (meta?.page_number ?? number) === number ? data : [];
        });
        if (Array.isArray(ids)) assertEquals(ids, got.map(({ id }) => id));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("allRooms() rejects a list whose pages repeat themselves, whatever total_pages says", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 7 }),
      fc.nat({ max: 12 }),
      huge,
      fc.boolean(),
      fc.integer({ min: 1, max: 1000 }),
      async (cycle, before, total_pages, isNumbered, first) => {
        const { fetchFn, requested } = serverOf((number) => {
          const nth = number - first;
          const id = nth < before ? nth : before + (nth - before) % cycle;
          const place = isNumbered ? { page_number: number } : {};
          return { data: [roomOf(id)], meta: { total_pages, ...place } };
        });
        const error = await assertRejects(
          () => take(fetchFn, { pageNumber: first }),
          InvalidResponseError,
        );
        assertEquals(
          [error.pointer, error.expected],
          ["/data", `other items on page ${requested.at(-1)}`],
        );
        assert(requested.length <= 40 * (cycle + before));
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("allRooms() rejects a list of new items after twice the pages that total_results allows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 50 }),
      huge,
      async (perPage, total_results, total_pages) => {
        const { fetchFn, requested } = serverOf((number) => ({
          data: Array.from(
            { length: perPage },
            (_, i) => roomOf(number * perPage + i),
          ),
          meta: { total_pages, total_results },
        }));
        const error = await assertRejects(
          () => take(fetchFn),
          InvalidResponseError,
        );
        assertEquals(
          [error.pointer, requested.length],
          ["/meta/total_pages", 2 * Math.ceil(total_results / perPage)],
        );
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("allRooms() loses no item of a list to which items are added at its start or end meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        count: fc.integer({ min: 1, max: 60 }),
        pageSize: fc.integer({ min: 1, max: 5 }),
        first: fc.integer({ min: 1, max: 3 }),
        isNumbered: fc.boolean(),
        isCounted: fc.boolean(),
      }),
      // Before which request, and whether at the start
      fc.array(fc.tuple(fc.integer({ min: 2, max: 20 }), fc.boolean()), {
        maxLength: 9,
      }),
      async ({ count, pageSize, first, ...how }, added) => {
        const original = someRooms(count);
        const list = [...original];
        const { fetchFn } = serverOf((number) => {
          for (const [at, atStart] of added.slice(0, count)) {
            if (at !== number) continue;
            if (atStart) list.unshift(roomOf(list.length));
            else list.push(roomOf(list.length));
          }
          return {
            data: list.slice((number - 1) * pageSize, number * pageSize),
            meta: {
              total_pages: Math.ceil(list.length / pageSize),
              ...how.isNumbered && { page_number: number },
              ...how.isCounted && { total_results: list.length },
            },
          };
        });
        const ids = await take(fetchFn, { pageNumber: first });
        const expected = original.slice((first - 1) * pageSize);
        assertEquals(expected.filter(({ id }) => !ids.includes(id)), []);
      },
    ),
    { numRuns: 150 },
  );
});
