import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  allRooms,
  InvalidArgumentError,
  listRooms,
  type ListRoomsOptions,
} from "../../mod.ts";
import { toRequest } from "../../lib/core/request.ts";
import { listRoomsOperation } from "../../lib/core/rooms.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

const listUrl = (opts: ListRoomsOptions) =>
  toRequest(listRoomsOperation, "KEY", {}, opts).url;

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
  const boundsOf = (name: string, bounds: object = {}) =>
    Object.entries(bounds).map((
      [bound, value],
    ) => [`${name}[${bound}]`, value]);
  fc.assert(fc.property(anyOptions, (opts) => {
    const url = new URL(listUrl(opts));
    const from = new URL(opts.baseUrl ?? "https://api.telnyx.com/v2");
    assertEquals([url.origin, url.hash], [from.origin, ""]);
    assertEquals(url.pathname, `${from.pathname.replace(/\/$/, "")}/rooms`);
    const expected = [
      ["include_sessions", opts.includeSessions],
      ["filter[unique_name]", opts.uniqueName],
      ...boundsOf("filter[date_created_at]", opts.createdAt),
      ...boundsOf("filter[date_updated_at]", opts.updatedAt),
      ["page[number]", opts.pageNumber],
      ["page[size]", opts.pageSize],
    ].flatMap(([name, value]) => value === undefined ? [] : `${name}=${value}`);
    const sent = [...url.searchParams].map((parameter) => parameter.join("="));
    assertEquals(sent.sort(), expected.sort());
  }));
});

Deno.test("toRequest() of a list omits options that are undefined or empty", () => {
  const none = { includeSessions: undefined, pageNumber: undefined };
  const empty = { createdAt: {}, updatedAt: { eq: undefined } };
  const url = listUrl({ ...none, ...empty });
  assertEquals(url, "https://api.telnyx.com/v2/rooms");
});

const noDays = [
  ...["2026-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00"],
  ...["2026-01-32", "2026-1-1", "2026-01-01T00:00:00Z", "2026-01-01\n"],
  ...[" 2026-01-01", "+010000-01", "today", 20260101, new Date(0)],
];

/** Options that are refused, beside those of the description. */
const wrong: [argument: string, ...opts: unknown[]][] = [
  ["opts", null, 7, [], "opts"],
  ["uniqueName", { uniqueName: ["a"] }],
  ["createdAt", { createdAt: new Date(0).getTime() }],
  ["createdAt.gte", ...noDays.map((gte) => ({ createdAt: { gte } }))],
  ["pageNumber", { pageNumber: 2 ** 53 }, { pageNumber: NaN }],
];

for (const [argument, ...all] of wrong) {
  Deno.test(`listRooms() and allRooms() reject a wrong ${argument}, and send nothing`, async () => {
    const { fetch, requests } = fakeRooms();
    for (const opts of all as object[]) {
      const calls = [
        () => listRooms(fetch, "KEY", opts),
        () => allRooms(fetch, "KEY", opts).next(),
      ];
      for (const call of calls) {
        const says = `'${argument}' must`;
        const error = await assertRejects(call, InvalidArgumentError, says);
        assertEquals([error.argument, error.attempts], [argument, 0]);
      }
    }
    assertEquals(requests, []);
  });
}
