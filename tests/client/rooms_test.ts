import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { STATUS_CODE } from "@std/http/status";
import fc from "fast-check";
import {
  allRooms,
  ApiError,
  createRoom,
  getRoom,
  InvalidArgumentError,
  listRooms,
  type ListRoomsOptions,
  NetworkError,
  updateRoom,
} from "../../mod.ts";
import { toRequest } from "../../lib/core/request.ts";
import { listRoomsOperation } from "../../lib/core/rooms.ts";
import {
  type FakeRooms,
  fakeRooms,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { example, id } from "../support/example.ts";
import { withServer } from "../support/server.ts";
import { test } from "../support/virtual_time.ts";

Deno.test("getRoom() looks up a room over HTTP", async () => {
  const seen: unknown[] = [];
  const room = await withServer((request) => {
    seen.push([
      request.method,
      new URL(request.url).pathname,
      request.headers.get("authorization"),
      request.headers.get("accept"),
    ]);
    return Response.json(example, { status: STATUS_CODE.OK });
  }, (baseUrl) => getRoom(fetch, "KEY", id, { baseUrl }));

  assertEquals(room as unknown, example.data);
  assertEquals(seen, [
    ["GET", `/rooms/${id}`, "Bearer KEY", "application/json"],
  ]);
});

Deno.test("getRoom() accepts a room with another id than requested", async () => {
  const other = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
  const room = await getRoom(
    () => Promise.resolve(Response.json(example)),
    "any",
    other,
  );
  assertEquals(room.id, id);
});

Deno.test("getRoom() sends the token to no other origin", async () => {
  let visits = 0;
  await withServer(() => {
    visits++;
    return Response.json(example);
  }, (elsewhere) =>
    withServer(
      () => Response.redirect(`${elsewhere}/rooms/${id}`, STATUS_CODE.Found),
      async (baseUrl) => {
        const error = await assertRejects(
          () => getRoom(fetch, "KEY", id, { baseUrl }),
          ApiError,
          "redirect",
        );
        assertEquals(error.code, "unexpected_status");
      },
    ));
  assertEquals(visits, 0);
});

Deno.test("getRoom() rejects with a NetworkError when nothing listens", async () => {
  const closed = await withServer(
    () => new Response(),
    (baseUrl) => Promise.resolve(baseUrl),
  );
  const error = await assertRejects(
    () => getRoom(fetch, "KEY", id, { baseUrl: closed, retry: false }),
    NetworkError,
  );
  assert(error.cause instanceof Error);
});

Deno.test("getRoom() retries when a body stalls on a real connection", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ bodyDelayMs: Infinity });
  const { url: baseUrl, close } = await serveRooms(fake);
  const room = await getRoom(fetch, "KEY", id, {
    baseUrl,
    attemptTimeoutMs: 1000,
    retry: { baseDelayMs: 1 },
  });
  await close();
  assertEquals(room.id, id);
  assertEquals(fake.requests.length, 2);
});

test("getRoom() waits until the rate limit resets", async (clock) => {
  const fake = fakeRooms({
    rooms: [{ id }],
    rateLimit: { limit: 1, windowMs: 1000 },
  });
  const look = () => getRoom(fake.fetch, "KEY", id);
  await look();
  const began = clock.now;
  await look();
  assertEquals(clock.now - began, 1000);
  assertEquals(fake.requests.map(({ status }) => status), [200, 429, 200]);
});

const listUrl = (opts: ListRoomsOptions) =>
  toRequest(listRoomsOperation, "KEY", {}, opts).url;

Deno.test("toRequest() of a list omits options that are undefined or empty", () => {
  const url = listUrl({
    includeSessions: undefined,
    uniqueName: undefined,
    createdAt: {},
    updatedAt: { eq: undefined },
    pageNumber: undefined,
  });
  assertEquals(url, "https://api.telnyx.com/v2/rooms");
});

/** Any calendar day. */
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

Deno.test("toRequest() of a list puts exactly its options in the query, below baseUrl", () => {
  fc.assert(fc.property(anyOptions, (opts) => {
    const url = new URL(listUrl(opts));
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
  ["token", { token: "KEY\n" }],
  ["baseUrl", { baseUrl: "ftp://api.telnyx.com/v2" }],
  ["uniqueName", { uniqueName: ["a"] }],
  ["createdAt", { createdAt: null }],
  ["createdAt", { createdAt: new Date(0).getTime() }],
  ["updatedAt", { updatedAt: ["2026-01-01"] }],
  ["createdAt.eq", { createdAt: { eq: "" } }],
  ["createdAt.eq", { createdAt: { eq: null } }],
  ["createdAt.eq", { createdAt: { eq: 20260101 } }],
  ["createdAt.eq", { createdAt: { eq: new Date(0) } }],
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
  ["updatedAt.eq", { updatedAt: { eq: "today" } }],
  ["pageNumber", { pageNumber: -1 }],
  ["pageNumber", { pageNumber: 2 ** 53 }],
  ["pageNumber", { pageNumber: NaN }],
  ["pageSize", { pageSize: 251 }],
  ["pageSize", { pageSize: 20.5 }],
];

for (const [argument, given] of wrong) {
  const shown = JSON.stringify(given);
  Deno.test(`listRooms() and allRooms() reject ${argument} in ${shown}, and send nothing`, async () => {
    const { token, ...opts } = { token: "KEY", ...given };
    const { fetch: fetchFn, requests } = fakeRooms();
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
    assertEquals(requests, []);
  });
}

Deno.test("listRooms() and allRooms() reject opts that are not an object", async () => {
  const { fetch, requests } = fakeRooms();
  for (const opts of [null, 7, [], "opts"] as never[]) {
    for (
      const call of [
        () => listRooms(fetch, "KEY", opts),
        () => allRooms(fetch, "KEY", opts).next(),
      ]
    ) {
      const { argument } = await assertRejects(call, InvalidArgumentError);
      assertEquals(argument, "opts");
    }
  }
  assertEquals(requests, []);
});

/** A server that carries a request out, and then breaks the connection. */
async function withBreakingServer(
  use: (baseUrl: string, fake: FakeRooms) => Promise<unknown>,
) {
  const fake = fakeRooms({ rooms: [{ id }] });
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

Deno.test("createRoom() is not repeated when the connection breaks, and says so", async () => {
  const { outcome, carriedOut, fake } = await withBreakingServer((baseUrl) =>
    createRoom(fetch, "any", { unique_name: "Standup" }, { baseUrl, ...quick })
  );
  assertInstanceOf(outcome, NetworkError);
  assertStringIncludes(outcome.message, "it may have been done");
  assertStringIncludes(String(outcome.stack), "it may have been done");
  assertEquals([outcome.attempts, carriedOut, fake.rooms.length], [1, 1, 2]);
});

Deno.test("updateRoom() is repeated when the connection breaks", async () => {
  const { outcome, carriedOut } = await withBreakingServer((baseUrl) =>
    updateRoom(fetch, "any", id, {}, { baseUrl, ...quick })
  );
  assertInstanceOf(outcome, NetworkError);
  assert(!outcome.message.includes("may have been done"), outcome.message);
  assertEquals(carriedOut, 3);
});
