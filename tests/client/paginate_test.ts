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
  type AttemptEvent,
  deleteRoom,
  type FetchFn,
  InvalidArgumentError,
  InvalidResponseError,
  listRooms,
  type ListRoomsOptions,
  type PageMeta,
  type Room,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { countedSignal } from "../support/signals.ts";
import { test } from "../support/virtual_time.ts";

const uuid = (n: number) =>
  `00000000-0000-4000-8000-${`${n}`.padStart(12, "0")}`;

/** This many rooms, with different ids. */
const someRooms = (count: number): Room[] =>
  Array.from({ length: count }, (_, i) => ({ id: uuid(i) }));

const ids = (rooms: Room[]) => rooms.map(({ id }) => id);

async function collect(rooms: AsyncIterable<Room>): Promise<Room[]> {
  const collected = [];
  for await (const room of rooms) collected.push(room);
  return collected;
}

/** A server that responds to each request with `page(number)`. */
function serverOf(page: (number: number) => unknown) {
  const requested: number[] = [];
  const fetchFn: FetchFn = (url) => {
    const number = Number(new URL(url).searchParams.get("page[number]") ?? 1);
    requested.push(number);
    if (requested.length > 100) throw new Error("Too many requests");
    return Promise.resolve(Response.json(page(number)));
  };
  return { fetchFn, requested };
}

Deno.test("allRooms() yields the pages of listRooms() one after another, for any page size", async () => {
  await fc.assert(fc.asyncProperty(
    fc.nat({ max: 40 }),
    fc.integer({ min: 1, max: 12 }),
    fc.boolean(),
    async (count, pageSize, includeSessions) => {
      const fake = fakeRooms({ rooms: someRooms(count) });
      const pages: Room[][] = [];
      for (let pageNumber = 1;; pageNumber++) {
        const opts = { pageNumber, pageSize, includeSessions };
        const { data, meta } = await listRooms(fake.fetch, "any", opts);
        pages.push(data);
        if (pageNumber >= meta.total_pages) break;
      }
      const before = fake.requests.length;
      const opts = { pageSize, includeSessions };
      const all = await collect(allRooms(fake.fetch, "any", opts));
      assertEquals(all, pages.flat());
      assertEquals(ids(all), ids(fake.rooms as Room[]));
      assertEquals(fake.requests.length - before, pages.length);
    },
  ));
});

Deno.test("allRooms() requests the largest pages, with the filters on each", async () => {
  const queries: string[] = [];
  const fetchFn: FetchFn = (url) => {
    queries.push(decodeURIComponent(new URL(url).search));
    const page = { data: someRooms(1), meta: { total_pages: 2 } };
    return Promise.resolve(Response.json(page));
  };
  await collect(allRooms(fetchFn, "KEY", { uniqueName: "a" }));
  assertEquals(queries, [
    "?filter[unique_name]=a&page[number]=1&page[size]=250",
    "?filter[unique_name]=a&page[number]=2&page[size]=250",
  ]);
});

Deno.test("allRooms() requests a page only when its first room is needed", async () => {
  const fake = fakeRooms({ rooms: someRooms(5) });
  const rooms = allRooms(fake.fetch, "any", { pageSize: 2 });
  const requests: number[] = [fake.requests.length];
  for (;;) {
    const { done } = await rooms.next();
    requests.push(fake.requests.length);
    if (done) break;
  }
  assertEquals(requests, [0, 1, 1, 2, 2, 3, 3]);
});

Deno.test("allRooms() requests nothing after a break, and leaves no listener", async () => {
  const fake = fakeRooms({ rooms: someRooms(5) });
  const { signal, listeners } = countedSignal();
  for await (
    const { id } of allRooms(fake.fetch, "any", { pageSize: 2, signal })
  ) {
    assertEquals(listeners(), 0);
    if (id === uuid(2)) break;
  }
  assertEquals([fake.requests.length, listeners()], [2, 0]);
});

Deno.test("allRooms() yields no room after an abort, and rejects with its reason", async () => {
  // During a request, and between two rooms of a page
  for (const at of [0, 1, 2, 3]) {
    const fake = fakeRooms({ rooms: someRooms(6) });
    const { signal, abort } = countedSignal();
    const reason = { because: "enough" };
    const seen: string[] = [];
    let rejected: unknown;
    const fetchFn: FetchFn = (url, init) => {
      if (seen.length === at) abort(reason);
      return fake.fetch(url, init);
    };
    const opts = { pageSize: 2, signal };
    try {
      for await (const { id } of allRooms(fetchFn, "any", opts)) {
        seen.push(id);
        if (seen.length === at) abort(reason);
      }
    } catch (error) {
      rejected = error;
    }
    assertEquals(rejected, reason);
    assertEquals(seen.length, at);
  }
});

test("allRooms() has its own timeouts and retries for each page", async () => {
  const fake = fakeRooms({ rooms: someRooms(4) });
  const events: AttemptEvent[] = [];
  const opts: ListRoomsOptions = {
    pageSize: 1,
    timeoutMs: 200,
    retry: { maxAttempts: 2, baseDelayMs: 1 },
    onAttempt: (event) => events.push(event),
  };
  for (let i = 0; i < 4; i++) {
    fake.fault({ status: 503 });
    fake.fault({ delayMs: 80 }); // 320 ms in all
  }
  const rooms = await collect(allRooms(fake.fetch, "any", opts));
  assertEquals(rooms.length, 4);
  assertEquals(
    events.map(({ attempt }) => attempt),
    [1, 2, 1, 2, 1, 2, 1, 2],
  );
});

Deno.test("allRooms() rejects when a page fails, after the rooms before it", async () => {
  const fake = fakeRooms({ rooms: someRooms(4) });
  const opts = { pageSize: 2, retry: false } as const;
  const rooms = allRooms(fake.fetch, "any", opts);
  await rooms.next();
  await rooms.next();
  fake.fault({ status: 500 });
  const error = await assertRejects(() => rooms.next(), ApiError);
  assertEquals([error.code, error.attempts], ["server_error", 1]);
  assertEquals((await rooms.next()).done, true);

  // A new list can start from that page
  const rest = allRooms(fake.fetch, "any", { ...opts, pageNumber: 2 });
  assertEquals(ids(await collect(rest)), [uuid(2), uuid(3)]);
});

// Lists that change, and servers that lie

Deno.test("allRooms() ends at an empty page, whatever total_pages says", async () => {
  const { fetchFn, requested } = serverOf((number) => ({
    data: someRooms(number < 3 ? 1 : 0),
    meta: { total_pages: 1_000_000 },
  }));
  assertEquals((await collect(allRooms(fetchFn, "any"))).length, 2);
  assertEquals(requested, [1, 2, 3]);
});

Deno.test("allRooms() ends when a page past the end repeats the last one", async () => {
  for (const pageNumber of [1, 7]) {
    // Four pages at first, then three: a room was deleted
    const { fetchFn, requested } = serverOf((number) => ({
      data: someRooms(1),
      meta: {
        page_number: Math.min(number, 3),
        total_pages: number < 3 ? 4 : number === 3 ? 4 : 3,
      },
    }));
    const rooms = await collect(allRooms(fetchFn, "any", { pageNumber }));
    assertEquals(requested, pageNumber === 1 ? [1, 2, 3, 4] : [7]);
    assertEquals(rooms.length, pageNumber === 1 ? 3 : 0);
  }
});

Deno.test("allRooms() yields rooms that are added while it reads", async () => {
  const fake = fakeRooms({ rooms: someRooms(4) });
  const seen: string[] = [];
  for await (const { id } of allRooms(fake.fetch, "any", { pageSize: 2 })) {
    seen.push(id);
    if (seen.length === 2) fake.addRoom({ id: uuid(4) });
  }
  assertEquals(seen, ids(someRooms(5)));
});

Deno.test("allRooms() skips only a room that moved to an earlier page", async () => {
  const fake = fakeRooms({ rooms: someRooms(6) });
  const seen: string[] = [];
  for await (const { id } of allRooms(fake.fetch, "any", { pageSize: 2 })) {
    seen.push(id);
    if (seen.length === 2) fake.removeRoom(uuid(0));
  }
  assertEquals(seen, [0, 1, 3, 4, 5].map(uuid));
});

Deno.test("allRooms() rejects a page other than the one it requested", async () => {
  // A cache that ignores the query
  const { fetchFn, requested } = serverOf(() => ({
    data: someRooms(2),
    meta: { page_number: 1, total_pages: 3 },
  }));
  const events: AttemptEvent[] = [];
  const rooms = allRooms(fetchFn, "any", {
    onAttempt: (event) => events.push(event),
  });
  const error = await assertRejects(() => collect(rooms), InvalidResponseError);
  assertEquals(error.pointer, "/meta/page_number");
  assertEquals(error.attempts, 1);
  assertEquals(events.map(({ error }) => error), [undefined, error]);
  assertEquals(requested, [1, 2]);
});

Deno.test("allRooms() rejects when the number of pages grows without end", async () => {
  for (const echo of [true, false]) {
    const { fetchFn, requested } = serverOf((number) => ({
      data: someRooms(1),
      meta: {
        total_pages: number + 2,
        ...(echo && { page_number: number }),
      },
    }));
    const error = await assertRejects(
      () => collect(allRooms(fetchFn, "any")),
      InvalidResponseError,
    );
    assertEquals(error.pointer, "/meta/total_pages");
    assertEquals(requested, [1, 2, 3, 4, 5, 6]);
  }
});

Deno.test("allRooms() rejects when the same page comes for each number, whatever total_pages says", async () => {
  for (const echo of [true, false]) {
    const { fetchFn, requested } = serverOf((number) => ({
      data: someRooms(3),
      meta: { total_pages: 1e15, ...(echo && { page_number: number }) },
    }));
    const error = await assertRejects(
      () => collect(allRooms(fetchFn, "any")),
      InvalidResponseError,
    );
    assertEquals([error.pointer, error.attempts], ["/data", 1]);
    assert(requested.length <= 30, `${requested.length} requests`);
  }
});

Deno.test("allRooms() rejects a page without meta", async () => {
  const { fetchFn } = serverOf((number) => ({
    data: someRooms(1),
    ...(number === 1 && { meta: { total_pages: 2 } }),
  }));
  const rooms = allRooms(fetchFn, "any");
  assertEquals((await rooms.next()).value?.id, uuid(0));
  const error = await assertRejects(() => rooms.next(), InvalidResponseError);
  assertEquals(error.pointer, "/meta");
});

Deno.test("allRooms() always ends, and each request but the last yields a room", async () => {
  const meta: fc.Arbitrary<PageMeta> = fc.record({
    page_number: fc.integer({ min: -1, max: 9 }),
    total_pages: fc.oneof(
      fc.integer({ min: -1, max: 9 }),
      fc.constantFrom(1e300, Number.MAX_SAFE_INTEGER),
    ),
  }, { requiredKeys: ["total_pages"] });
  const page = fc.record({ data: fc.nat({ max: 3 }).map(someRooms), meta });
  await fc.assert(
    fc.asyncProperty(
      fc.array(page, { minLength: 1, maxLength: 12 }),
      async (script) => {
        const [first] = script;
        const { fetchFn, requested } = serverOf((number) =>
          script[number - 1] ?? { data: [], meta: { total_pages: 0 } }
        );
        const rooms = await collect(allRooms(fetchFn, "any")).catch((error) => {
          assertInstanceOf(error, InvalidResponseError);
          assertEquals(error.attempts, 1);
        });
        // In order, without repetition
        assertEquals(requested, requested.map((_, i) => i + 1));
        assert(
          requested.length <= 2 * Math.max(1, first?.meta.total_pages ?? 0),
        );
        for (const number of requested.slice(0, -1)) {
          assert(script[number - 1]?.data.length);
        }
        if (rooms) {
          const got = requested.flatMap((number) => {
            const { data = [], meta } = script[number - 1] ?? {};
            return (meta?.page_number ?? number) === number ? data : [];
          });
          assertEquals(ids(rooms), ids(got));
        }
      },
    ),
    { numRuns: 400 },
  );
});

Deno.test("allRooms() allows a list to double its pages, from any first page", async () => {
  const { fetchFn, requested } = serverOf((page) => ({
    data: someRooms(1),
    meta: { page_number: page, total_pages: page < 6 ? 6 : 12 },
  }));
  await collect(allRooms(fetchFn, "any", { pageNumber: 5 }));
  assertEquals(requested, [5, 6, 7, 8, 9, 10, 11, 12]);
});

Deno.test("allRooms() keeps its options, whatever becomes of the caller's object", async () => {
  const { fetchFn, requested } = serverOf((page) => ({
    data: [{ id: uuid(page) }],
    meta: { page_number: page, total_pages: 3 },
  }));
  const opts: ListRoomsOptions = { baseUrl: "https://own.example/v2" };
  const urls: string[] = [];
  const rooms = allRooms(
    (url, init) => {
      urls.push(url);
      return fetchFn(url, init);
    },
    "any",
    opts,
  );
  for await (const _ of rooms) opts.baseUrl = "https://other.example/";
  assertEquals(requested, [1, 2, 3]);
  assertEquals(urls.map((url) => new URL(url).host), [
    "own.example",
    "own.example",
    "own.example",
  ]);
});

Deno.test("allRooms() yields at most limit rooms, in the fewest pages that are no larger than needed", async () => {
  const rooms = Array.from(
    { length: 600 },
    () => ({ id: crypto.randomUUID() }),
  );
  const fake = fakeRooms({ rooms });
  const cases: [opts: object, count: number, sizes: number[]][] = [
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
    const found: string[] = [];
    for await (const { id } of allRooms(fake.fetch, "any", opts)) {
      found.push(id);
    }
    assertEquals(found.length, count);
    assertEquals(
      fake.requests.slice(before).map(({ url }) =>
        Number(new URL(url).searchParams.get("page[size]"))
      ),
      sizes,
    );
  }
});

for (const limit of [0, 1.5, -1, "5", null]) {
  Deno.test(`allRooms() refuses the limit ${JSON.stringify(limit)}, and sends nothing`, async () => {
    const fake = fakeRooms();
    const error = await assertRejects(
      () => allRooms(fake.fetch, "any", Object({ limit })).next(),
      InvalidArgumentError,
    );
    assertEquals(error.argument, "limit");
    assertEquals(fake.requests.length, 0);
  });
}

Deno.test("allRooms() skips 250 of 600 rooms that are deleted within the loop, as its docs say", async () => {
  const rooms = Array.from(
    { length: 600 },
    () => ({ id: crypto.randomUUID() }),
  );
  const fake = fakeRooms({ rooms });
  for await (const { id } of allRooms(fake.fetch, "any")) {
    await deleteRoom(fake.fetch, "any", id);
  }
  assertEquals(fake.rooms.length, 250);
});
