import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  allRooms,
  ApiError,
  type AttemptEvent,
  createRoom,
  deleteRoom,
  type FetchFn,
  InvalidArgumentError,
  InvalidResponseError,
  listRooms,
  type ListRoomsOptions,
  NetworkError,
  type PageMeta,
  type Room,
  type RoomFields,
  RoomsError,
  updateRoom,
} from "../mod.ts";
import { toRequest } from "../lib/operation.ts";
import { parseResponse } from "../lib/response.ts";
import { listRoomsOperation } from "../lib/rooms.ts";
import type { ResponseHeaders } from "../lib/core.ts";
import {
  type FakeRooms,
  fakeRooms,
  type Fault,
} from "../lib/testing/fake_rooms.ts";
import { example } from "./example.ts";
import { parent, resolve } from "./pointer.ts";
import {
  anyPage,
  participantFields,
  roomFields,
  sessionFields,
  wholePage,
} from "./room_fields.ts";
import { metaFields } from "./fields.ts";
import { withServer } from "./server.ts";
import { testShape } from "./shape_laws.ts";
import { countedSignal } from "./signals.ts";

const none = new Headers();

const roomsRequest = (token: string, opts?: ListRoomsOptions) =>
  toRequest(listRoomsOperation, token, {}, opts);

const parseRooms = (
  status: number,
  headers: ResponseHeaders,
  body: string,
  now?: number,
) => parseResponse(listRoomsOperation, { status, headers, body }, now);
const base = "https://api.telnyx.com/v2/rooms";

const uuid = (n: number) =>
  `00000000-0000-4000-8000-${`${n}`.padStart(12, "0")}`;

/** So many rooms, told apart by their ids. */
const someRooms = (count: number): Room[] =>
  Array.from({ length: count }, (_, i) => ({ id: uuid(i) }));

const ids = (rooms: Room[]) => rooms.map(({ id }) => id);

async function collect(rooms: AsyncIterable<Room>): Promise<Room[]> {
  const collected = [];
  for await (const room of rooms) collected.push(room);
  return collected;
}

/** A server that answers with whatever is made of the page that is asked for. */
function serverOf(page: (asked: number) => unknown) {
  const asked: number[] = [];
  const fetchFn: FetchFn = (url) => {
    const number = Number(new URL(url).searchParams.get("page[number]") ?? 1);
    asked.push(number);
    if (asked.length > 100) throw new Error("There is no end of requests");
    return Promise.resolve(Response.json(page(number)));
  };
  return { fetchFn, asked };
}

// What is asked for

Deno.test("toRequest() of a list asks the provider by default", () => {
  assertEquals(roomsRequest("KEY"), {
    method: "GET",
    url: base,
    headers: { accept: "application/json", authorization: "Bearer KEY" },
    redirect: "manual",
  });
});

Deno.test("toRequest() of a list puts every option into the query, by its name on the wire", () => {
  const { url } = roomsRequest("KEY", {
    pageSize: 250,
    pageNumber: 2,
    uniqueName: "Ä & [b]=+",
    updatedAt: { eq: "2024-02-29", lte: "2026-02-28" },
    createdAt: { eq: "2026-01-15", gte: "2026-01-01", lte: "2026-01-31" },
    includeSessions: false,
    baseUrl: "http://127.0.0.1:8080/x/",
  });
  assertEquals(
    url,
    "http://127.0.0.1:8080/x/rooms?include_sessions=false" +
      "&filter%5Bdate_created_at%5D%5Beq%5D=2026-01-15" +
      "&filter%5Bdate_created_at%5D%5Bgte%5D=2026-01-01" +
      "&filter%5Bdate_created_at%5D%5Blte%5D=2026-01-31" +
      "&filter%5Bdate_updated_at%5D%5Beq%5D=2024-02-29" +
      "&filter%5Bdate_updated_at%5D%5Blte%5D=2026-02-28" +
      "&filter%5Bunique_name%5D=%C3%84+%26+%5Bb%5D%3D%2B" +
      "&page%5Bnumber%5D=2&page%5Bsize%5D=250",
  );
});

Deno.test("toRequest() of a list leaves out what is undefined or empty", () => {
  const { url } = roomsRequest("KEY", {
    includeSessions: undefined,
    uniqueName: undefined,
    createdAt: {},
    updatedAt: { eq: undefined },
    pageNumber: undefined,
  });
  assertEquals(url, base);
});

/** Days of the calendar. */
const day = fc.date({
  min: new Date("0000-01-01"),
  max: new Date("9999-12-31"),
  noInvalidDate: true,
}).map((date) => date.toISOString().slice(0, 10));

const dates = fc.record({ eq: day, gte: day, lte: day }, { requiredKeys: [] });

const anyOptions: fc.Arbitrary<ListRoomsOptions> = fc.record({
  includeSessions: fc.boolean(),
  baseUrl: fc.webUrl({ validSchemes: ["http", "https"] }),
  uniqueName: fc.string({ unit: "grapheme", minLength: 1 }),
  createdAt: dates,
  updatedAt: dates,
  pageNumber: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  pageSize: fc.integer({ min: 1, max: 250 }),
}, { requiredKeys: [] });

Deno.test("toRequest() of a list asks for what the options say, and nothing else, below baseUrl", () => {
  fc.assert(fc.property(anyOptions, (opts) => {
    const url = new URL(roomsRequest("KEY", opts).url);
    const from = new URL(opts.baseUrl ?? "https://api.telnyx.com/v2");
    assertEquals(url.origin, from.origin);
    assertEquals(url.pathname, `${from.pathname.replace(/\/$/, "")}/rooms`);
    assertEquals(url.hash, "");

    const query = new Map(url.searchParams);
    assertEquals(query.size, [...url.searchParams].length);
    const take = (name: string, value: unknown) => {
      if (value === undefined) return;
      assertEquals(query.get(name), `${value}`);
      query.delete(name);
    };
    take("include_sessions", opts.includeSessions);
    take("filter[unique_name]", opts.uniqueName);
    for (const bound of ["eq", "gte", "lte"] as const) {
      take(`filter[date_created_at][${bound}]`, opts.createdAt?.[bound]);
      take(`filter[date_updated_at][${bound}]`, opts.updatedAt?.[bound]);
    }
    take("page[number]", opts.pageNumber);
    take("page[size]", opts.pageSize);
    assertEquals([...query], []);
  }));
});

const wrong: [string, Record<string, unknown>][] = [
  ["token", { token: undefined }],
  ["token", { token: "KEY\n" }],
  ["includeSessions", { includeSessions: "true" }],
  ["baseUrl", { baseUrl: "ftp://api.telnyx.com/v2" }],
  ["uniqueName", { uniqueName: "" }],
  ["uniqueName", { uniqueName: 7 }],
  ["uniqueName", { uniqueName: null }],
  ["uniqueName", { uniqueName: ["a"] }],
  ["uniqueName", { uniqueName: "half a pair: \ud800" }],
  ["createdAt", { createdAt: null }],
  ["createdAt", { createdAt: "2026-01-01" }],
  ["createdAt", { createdAt: new Date(0).getTime() }],
  ["updatedAt", { updatedAt: ["2026-01-01"] }],
  ["createdAt.eq", { createdAt: { eq: "" } }],
  ["createdAt.eq", { createdAt: { eq: null } }],
  ["createdAt.eq", { createdAt: { eq: 20260101 } }],
  ["createdAt.eq", { createdAt: { eq: new Date(0) } }],
  ["createdAt.gte", { createdAt: { gte: "2026-02-30" } }],
  ["createdAt.gte", { createdAt: { gte: "2026-02-29" } }],
  ["createdAt.gte", { createdAt: { gte: "2026-04-31" } }],
  ["createdAt.gte", { createdAt: { gte: "2026-13-01" } }],
  ["createdAt.gte", { createdAt: { gte: "2026-00-10" } }],
  ["createdAt.gte", { createdAt: { gte: "2026-01-00" } }],
  ["createdAt.gte", { createdAt: { gte: "2026-01-32" } }],
  ["createdAt.lte", { createdAt: { lte: "2026-1-1" } }],
  ["createdAt.lte", { createdAt: { lte: "2026-01-01T00:00:00Z" } }],
  ["createdAt.lte", { createdAt: { lte: "2026-01-01\n" } }],
  ["createdAt.lte", { createdAt: { lte: " 2026-01-01" } }],
  ["updatedAt.lte", { updatedAt: { lte: "+010000-01" } }],
  ["updatedAt.lte", { updatedAt: { lte: "01/02/2026" } }],
  ["updatedAt.eq", { updatedAt: { eq: "today" } }],
  ["pageNumber", { pageNumber: 0 }],
  ["pageNumber", { pageNumber: -1 }],
  ["pageNumber", { pageNumber: 1.5 }],
  ["pageNumber", { pageNumber: 2 ** 53 }],
  ["pageNumber", { pageNumber: NaN }],
  ["pageNumber", { pageNumber: "1" }],
  ["pageNumber", { pageNumber: null }],
  ["pageSize", { pageSize: 0 }],
  ["pageSize", { pageSize: 251 }],
  ["pageSize", { pageSize: 20.5 }],
  ["pageSize", { pageSize: "20" }],
];

for (const [argument, given] of wrong) {
  const shown = JSON.stringify(given);
  Deno.test(`listRooms() and allRooms() refuse ${argument} in ${shown}, and send nothing`, async () => {
    const { token, ...opts } = { token: "KEY", ...given };
    const { fetchFn, asked } = serverOf(() => ({}));
    const calls = [
      () => listRooms(fetchFn, token as string, opts),
      () => allRooms(fetchFn, token as string, opts).next(),
    ];
    for (const call of calls) {
      const error = await assertRejects(
        call,
        InvalidArgumentError,
        `'${argument}' must`,
      );
      assertEquals([error.argument, error.attempts], [argument, 0]);
    }
    assertThrows(
      () => roomsRequest(token as string, opts),
      InvalidArgumentError,
    );
    assertEquals(asked, []);
  });
}

Deno.test("listRooms() and allRooms() refuse options that are none, and a fetchFn that is no function", async () => {
  const { fetchFn, asked } = serverOf(() => ({}));
  const refused = async (argument: string, call: () => Promise<unknown>) =>
    assertEquals(
      (await assertRejects(call, InvalidArgumentError)).argument,
      argument,
    );
  for (const opts of [null, 7, [], "opts"] as never[]) {
    await refused("opts", () => listRooms(fetchFn, "KEY", opts));
    await refused("opts", () => allRooms(fetchFn, "KEY", opts).next());
  }
  await refused("fetchFn", () => listRooms(null as never, "KEY"));
  await refused("timeoutMs", () => listRooms(fetchFn, "KEY", { timeoutMs: 0 }));
  assertEquals(asked, []);
});

Deno.test("toRequest() of a list repeats no argument in its errors, as it may be the token", () => {
  const secret = "KEY0123456789abcdef";
  for (const opts of [{ createdAt: { eq: secret } }, { baseUrl: secret }]) {
    const { message } = assertThrows(() => roomsRequest(secret, opts), Error);
    assert(!message.includes(secret), message);
  }
});

// What comes back

Deno.test("parseResponse() of a list accepts every page that the documentation allows, unchanged", () => {
  fc.assert(fc.property(anyPage, (page) => {
    const text = JSON.stringify(page);
    // As text, so that the order of the keys counts, and `__proto__`
    assertEquals(
      JSON.stringify(parseRooms(200, none, text)),
      JSON.stringify(JSON.parse(text)),
    );
  }));
});

testShape(
  "parseResponse() of a list",
  (text) => parseRooms(200, none, text),
  wholePage,
  [
    ["", {
      data: { kind: "array", required: true },
      meta: { kind: "object", required: true },
    }],
    ["/meta", metaFields],
    ["/data/0", roomFields],
    ["/data/0/sessions/0", sessionFields],
    ["/data/0/sessions/0/participants/0", participantFields],
  ],
);

Deno.test("parseResponse() of any JSON is a Page or an InvalidResponseError at a place that is there", () => {
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record({
      data: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
      meta: fc.oneof(fc.jsonValue(), fc.record({ total_pages: fc.nat() })),
    }),
    anyPage,
  );
  fc.assert(fc.property(json, (body) => {
    const text = JSON.stringify(body);
    const read: unknown = JSON.parse(text);
    try {
      assertEquals(parseRooms(200, none, text) as unknown, read);
    } catch (error) {
      assertInstanceOf(error, InvalidResponseError);
      const { pointer, received } = error;
      assert(
        received === "nothing"
          ? resolve(read, parent(pointer)) instanceof Object
          : pointer === "" || resolve(read, pointer) !== undefined,
        pointer,
      );
    }
  }));
});

Deno.test("parseResponse() of a list makes an ApiError of any other status, as of a room", () => {
  const body = JSON.stringify({ errors: [{ code: "10011", title: "Many" }] });
  const headers = new Headers({
    "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT",
  });
  const error = assertThrows(
    () => parseRooms(429, headers, body, Date.UTC(2026, 0, 1)),
    ApiError,
  );
  assertEquals([error.code, error.retryAfterMs], ["rate_limited", 5000]);
  assertEquals(error.details[0]?.code, "10011");
});

// One page

Deno.test("listRooms() lists rooms over HTTP", async () => {
  const body = { data: [example.data], meta: { total_pages: 1, cursor: null } };
  const seen: unknown[] = [];
  const page = await withServer((request) => {
    const { pathname, searchParams } = new URL(request.url);
    seen.push([request.method, pathname, searchParams.get("page[number]")]);
    return Response.json(body);
  }, (baseUrl) => listRooms(fetch, "KEY", { baseUrl, pageNumber: 3 }));
  assertEquals(page as unknown, body);
  assertEquals(seen, [["GET", "/rooms", "3"]]);
});

Deno.test("listRooms() tries again, within its limits, as getRoom() does", async () => {
  const fake = fakeRooms({ rooms: someRooms(1) });
  fake.fault({ status: 503 });
  fake.fault({ disconnect: "in-body" });
  const attempts: number[] = [];
  const { data } = await listRooms(fake.fetch, "any", {
    retry: { baseDelayMs: 1 },
    onAttempt: ({ attempt }) => attempts.push(attempt),
  });
  assertEquals([ids(data), attempts], [[uuid(0)], [1, 2, 3]]);

  fake.fault({ delayMs: Infinity });
  await assertRejects(
    () => listRooms(fake.fetch, "any", { timeoutMs: 20 }),
    Error,
    "within 20 ms",
  );
  await assertRejects(
    () => listRooms(fake.fetch, "any", { maxBodyBytes: 100 }),
    Error,
    "over 100 bytes",
  );
});

// Every page

Deno.test("allRooms() is the pages of listRooms() one after the other, whatever their size", async () => {
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

Deno.test("allRooms() asks for the largest pages, and for the filters on each", async () => {
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

Deno.test("allRooms() has the rooms that its filters allow, and no others", async () => {
  const days = fc.constantFrom("2026-01-30", "2026-01-31", "2026-02-01");
  const filter = fc.record({ eq: days, gte: days, lte: days }, {
    requiredKeys: [],
  });
  const name = fc.constantFrom("a", "A", "ab");
  await fc.assert(fc.asyncProperty(
    fc.array(fc.record({ made: days, changed: days, name }), { maxLength: 9 }),
    fc.record({ createdAt: filter, updatedAt: filter, uniqueName: name }, {
      requiredKeys: [],
    }),
    fc.integer({ min: 1, max: 3 }),
    async (seeds, filters, pageSize) => {
      const rooms = seeds.map(({ made, changed, name }, i) => ({
        id: uuid(i),
        unique_name: name,
        created_at: `${made}T00:00:00.000000Z`,
        updated_at: `${changed}T23:59:59.999999Z`,
      }));
      const fake = fakeRooms({ rooms });
      const opts = { ...filters, pageSize };
      const allows = (
        { eq, gte, lte }: { eq?: string; gte?: string; lte?: string } = {},
        day: string,
      ) => (eq ?? day) === day && (gte ?? day) <= day && (lte ?? day) >= day;
      assertEquals(
        ids(await collect(allRooms(fake.fetch, "any", opts))),
        ids(rooms.filter((_, i) => {
          const { made, changed, name } = seeds[i] as typeof seeds[0];
          return allows(filters.createdAt, made) &&
            allows(filters.updatedAt, changed) &&
            (filters.uniqueName ?? name) === name;
        })),
      );
    },
  ));
});

Deno.test("allRooms() fetches a page only when its first room is asked for", async () => {
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

Deno.test("allRooms() asks for no more after a break, and leaves no listener", async () => {
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
  // While a page is on its way, and between two rooms of one
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

Deno.test("allRooms() has time-outs and retries anew for each page", async () => {
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

Deno.test("allRooms() ends with a page's failure, after the rooms before it", async () => {
  const fake = fakeRooms({ rooms: someRooms(4) });
  const opts = { pageSize: 2, retry: false } as const;
  const rooms = allRooms(fake.fetch, "any", opts);
  await rooms.next();
  await rooms.next();
  fake.fault({ status: 500 });
  const error = await assertRejects(() => rooms.next(), ApiError);
  assertEquals([error.code, error.attempts], ["server_error", 1]);
  assertEquals((await rooms.next()).done, true);

  // And from that page on
  const rest = allRooms(fake.fetch, "any", { ...opts, pageNumber: 2 });
  assertEquals(ids(await collect(rest)), [uuid(2), uuid(3)]);
});

// Lists that move, and servers that lie

Deno.test("allRooms() takes an empty page for the end, whatever total_pages says", async () => {
  const { fetchFn, asked } = serverOf((number) => ({
    data: someRooms(number < 3 ? 1 : 0),
    meta: { total_pages: 1_000_000 },
  }));
  assertEquals((await collect(allRooms(fetchFn, "any"))).length, 2);
  assertEquals(asked, [1, 2, 3]);
});

Deno.test("allRooms() takes the last page again for the end, when it asks past it", async () => {
  for (const pageNumber of [1, 7]) {
    // Four pages at first, then three: a room of the first one has gone
    const { fetchFn, asked } = serverOf((number) => ({
      data: someRooms(1),
      meta: {
        page_number: Math.min(number, 3),
        total_pages: number < 3 ? 4 : number === 3 ? 4 : 3,
      },
    }));
    const rooms = await collect(allRooms(fetchFn, "any", { pageNumber }));
    assertEquals(asked, pageNumber === 1 ? [1, 2, 3, 4] : [7]);
    assertEquals(rooms.length, pageNumber === 1 ? 3 : 0);
  }
});

Deno.test("allRooms() goes on to the pages that have come while it reads", async () => {
  const fake = fakeRooms({ rooms: someRooms(4) });
  const seen: string[] = [];
  for await (const { id } of allRooms(fake.fetch, "any", { pageSize: 2 })) {
    seen.push(id);
    if (seen.length === 2) fake.addRoom({ id: uuid(4) });
  }
  assertEquals(seen, ids(someRooms(5)));
});

Deno.test("allRooms() passes over or repeats only rooms that others have moved", async () => {
  const fake = fakeRooms({ rooms: someRooms(6) });
  const seen: string[] = [];
  for await (const { id } of allRooms(fake.fetch, "any", { pageSize: 2 })) {
    seen.push(id);
    if (seen.length === 2) fake.removeRoom(uuid(0));
  }
  assertEquals(seen, [0, 1, 3, 4, 5].map(uuid));
});

Deno.test("allRooms() refuses another page than the one that it asked for", async () => {
  // A cache that takes no notice of the query
  const { fetchFn, asked } = serverOf(() => ({
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
  assertEquals(asked, [1, 2]);
});

Deno.test("allRooms() ends at a server that always says that there is more", async () => {
  for (const echo of [true, false]) {
    const { fetchFn, asked } = serverOf((number) => ({
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
    assertEquals(asked, [1, 2, 3, 4, 5, 6]);
  }
});

Deno.test("allRooms() says that a page has no meta, rather than end early", async () => {
  const { fetchFn } = serverOf((number) => ({
    data: someRooms(1),
    ...(number === 1 && { meta: { total_pages: 2 } }),
  }));
  const rooms = allRooms(fetchFn, "any");
  assertEquals((await rooms.next()).value?.id, uuid(0));
  const error = await assertRejects(() => rooms.next(), InvalidResponseError);
  assertEquals(error.pointer, "/meta");
});

Deno.test("allRooms() always ends, and each request but the last brings a room", async () => {
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
        const { fetchFn, asked } = serverOf((number) =>
          script[number - 1] ?? { data: [], meta: { total_pages: 0 } }
        );
        const rooms = await collect(allRooms(fetchFn, "any")).catch((error) => {
          assertInstanceOf(error, InvalidResponseError);
          assertEquals(error.attempts, 1);
        });
        // In order, none twice
        assertEquals(asked, asked.map((_, i) => i + 1));
        assert(asked.length <= 2 * Math.max(1, first?.meta.total_pages ?? 0));
        for (const number of asked.slice(0, -1)) {
          assert(script[number - 1]?.data.length);
        }
        if (rooms) {
          const got = asked.flatMap((number) => {
            const { data = [], meta } = script[number - 1] ?? {};
            return (meta?.page_number ?? number) === number ? data : [];
          });
          assertEquals(ids(rooms), ids(got));
        }
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("allRooms() takes no page before the one that it asked for", async () => {
  const { fetchFn, asked } = serverOf(() => ({
    data: someRooms(1),
    meta: { page_number: 1, total_pages: 2 },
  }));
  const error = await assertRejects(
    () => collect(allRooms(fetchFn, "any")),
    InvalidResponseError,
  );
  assertEquals(error.pointer, "/meta/page_number");
  assertEquals(asked, [1, 2]);
});

Deno.test("allRooms() lets a list grow to twice its pages, from wherever it starts", async () => {
  const { fetchFn, asked } = serverOf((page) => ({
    data: someRooms(1),
    meta: { page_number: page, total_pages: page < 6 ? 6 : 12 },
  }));
  await collect(allRooms(fetchFn, "any", { pageNumber: 5 }));
  assertEquals(asked, [5, 6, 7, 8, 9, 10, 11, 12]);
});

/** A server that counts what it carries out, and then breaks the connection. */
async function withBreakingServer(
  use: (baseUrl: string, fake: FakeRooms) => Promise<unknown>,
) {
  const fake = fakeRooms({ rooms: [{ id: uuid(1) }] });
  let carriedOut = 0;
  const outcome = await withServer(async (request) => {
    const { url, method, headers } = request;
    const sent = await request.text();
    await fake.fetch(url, { method, headers, ...sent && { body: sent } });
    carriedOut++;
    const body = new ReadableStream({
      start: (controller) => controller.error(new Error("It broke")),
    });
    const status = request.method === "POST" ? 201 : 200;
    return new Response(body, { status });
  }, (baseUrl) => use(baseUrl, fake).catch((error: unknown) => error));
  return { outcome, carriedOut, fake };
}

const quick = { retry: { baseDelayMs: 1 } };

Deno.test("createRoom() whose connection breaks is not sent again, and says so", async () => {
  const { outcome, carriedOut, fake } = await withBreakingServer((baseUrl) =>
    createRoom(fetch, "any", { unique_name: "Standup" }, { baseUrl, ...quick })
  );
  assertInstanceOf(outcome, NetworkError);
  assertStringIncludes(outcome.message, "it may have been done");
  assertStringIncludes(String(outcome.stack), "it may have been done");
  assertEquals([outcome.attempts, carriedOut, fake.rooms.length], [1, 1, 2]);
});

Deno.test("updateRoom() whose connection breaks is sent again", async () => {
  const { outcome, carriedOut } = await withBreakingServer((baseUrl) =>
    updateRoom(fetch, "any", uuid(1), {}, { baseUrl, ...quick })
  );
  assertInstanceOf(outcome, NetworkError);
  assert(!outcome.message.includes("may have been done"), outcome.message);
  assertEquals(carriedOut, 3);
});

const undone: [string, Fault][] = [
  ["a 429", { status: 429 }],
  ["a 503 with Retry-After", { status: 503, headers: { "retry-after": "0" } }],
];

for (const [name, fault] of undone) {
  Deno.test(`createRoom() is sent again after ${name}`, async () => {
    const fake = fakeRooms();
    fake.fault(fault);
    await createRoom(fake.fetch, "any", {}, quick);
    assertEquals([fake.requests.length, fake.rooms.length], [2, 1]);
  });
}

const unknown: [string, Fault][] = [
  ["a 503", { status: 503 }],
  ["a 503 whose wait is the rate limit's", {
    status: 503,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" },
  }],
  ["a 500", { status: 500 }],
  ["a 408", { status: 408 }],
  ["a broken connection", { disconnect: "before-response" }],
  ["a time-out", { delayMs: Infinity }],
  ["a body that is none", { body: "<h1>" }],
  ["another success", { status: 200 }],
];

for (const [name, fault] of unknown) {
  Deno.test(`createRoom() is not sent again after ${name}, and says that it may be done`, async () => {
    const fake = fakeRooms();
    fake.fault(fault);
    const error = await assertRejects(
      () =>
        createRoom(fake.fetch, "any", {}, { attemptTimeoutMs: 20, ...quick }),
      RoomsError,
      "it may have been done",
    );
    assertEquals([error.attempts, fake.requests.length], [1, 1]);
  });
}

Deno.test("createRoom() that is refused says nothing of being done", async () => {
  const fake = fakeRooms({ rooms: [{ id: uuid(1), unique_name: "Standup" }] });
  const error = await assertRejects(
    () => createRoom(fake.fetch, "any", { unique_name: "Standup" }, quick),
    ApiError,
  );
  assertEquals(error.code, "unprocessable");
  assert(!error.message.includes("may have been done"), error.message);
});

Deno.test("createRoom() and updateRoom() send nothing that is out of its range", async () => {
  const fields: [RoomFields, string][] = [
    [{ unique_name: "" }, "unique_name"],
    [{ max_participants: 1 }, "max_participants"],
    [{ max_participants: 51 }, "max_participants"],
    [{ max_participants: 2.5 }, "max_participants"],
    [{ max_participants: "10" as never }, "max_participants"],
    [{ enable_recording: "false" as never }, "enable_recording"],
    [{ webhook_event_url: "example.com" }, "webhook_event_url"],
    [{ webhook_event_failover_url: "ftp://a" }, "webhook_event_failover_url"],
    [{ webhook_timeout_secs: 31 }, "webhook_timeout_secs"],
  ];
  const { fetch, requests } = fakeRooms({ rooms: [{ id: uuid(1) }] });
  for (const [payload, field] of fields) {
    const made = await assertRejects(
      () => createRoom(fetch, "any", payload),
      InvalidArgumentError,
    );
    assertEquals(made.argument, `room.${field}`);
    assert(!made.message.includes("may have been done"), made.message);
    const changed = await assertRejects(
      () => updateRoom(fetch, "any", uuid(1), payload),
      InvalidArgumentError,
    );
    assertEquals(changed.argument, `changes.${field}`);
  }
  assertEquals(requests, []);
});

Deno.test("deleteRoom() whose first attempt went through succeeds on a 404", async () => {
  const fake = fakeRooms({ rooms: [{ id: uuid(1) }] });
  let requests = 0;
  const breaking: FetchFn = async (url, init) => {
    const response = await fake.fetch(url, init);
    if (requests++ === 0) throw new TypeError("It broke");
    return response;
  };
  const events: AttemptEvent[] = [];
  const onAttempt = (event: AttemptEvent) => events.push(event);
  await deleteRoom(breaking, "any", uuid(1), { ...quick, onAttempt });
  assertEquals(events.map(({ status }) => status), [undefined, 404]);
  assertEquals(events.at(-1)?.error, undefined);
});

Deno.test("deleteRoom() of a room that is not there is an ApiError", async () => {
  const error = await assertRejects(
    () => deleteRoom(fakeRooms().fetch, "any", uuid(1)),
    ApiError,
  );
  assertEquals([error.status, error.attempts], [404, 1]);
});
