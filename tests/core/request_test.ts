import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import * as core from "../../lib/core/mod.ts";
import type { GetRoomOptions } from "../../lib/core/rooms.ts";
import {
  InvalidArgumentError,
  type ListRoomsOptions,
  type RequestOptions,
} from "../../mod.ts";
import { id } from "../support/example.ts";
import { rows } from "../support/operations.ts";

const roomRequest = (
  token: string,
  id: string,
  opts?: GetRoomOptions & RequestOptions,
) => core.toRequest(core.getRoomOperation, token, { id }, opts);

Deno.test("toRequest() makes a whole request to Telnyx by default, whose redirects are answers", () => {
  assertEquals(roomRequest("KEY", id), {
    method: "GET",
    url: `https://api.telnyx.com/v2/rooms/${id}`,
    headers: { accept: "application/json", authorization: "Bearer KEY" },
    redirect: "manual",
  });
});

Deno.test("toRequest() reads each baseUrl anew, with or without a trailing slash", () => {
  const changed = new URL("http://127.0.0.1:8080/x");
  const toUrl = (baseUrl?: string | URL) =>
    roomRequest("KEY", id, { baseUrl }).url;
  for (let i = 0; i < 2; i++) {
    assertEquals(toUrl(), `https://api.telnyx.com/v2/rooms/${id}`);
    for (const base of ["http://a.example/x", "http://a.example/x/"]) {
      assertEquals(toUrl(base), `http://a.example/x/rooms/${id}`);
    }
    for (let n = 0; n < 2; n++) {
      assertThrows(() => toUrl("http://a.example/?x"), InvalidArgumentError);
    }
    for (const path of ["y", "z/"]) {
      changed.pathname = path;
      const expected = `http://127.0.0.1:8080/${path[0]}/rooms/${id}`;
      assertEquals(toUrl(changed), expected);
    }
  }
});

Deno.test("toRequest() puts every id in its place by its name, and names one that is missing", () => {
  const own: core.Operation<"/a/{b}/c/{d-e}", object, never, never> = {
    method: "DELETE",
    path: "/a/{b}/c/{d-e}",
    status: 204,
    repeatable: true,
  };
  const other = "0ccc7b54-4df3-4bca-a65a-3da45ecdd4a6";
  for (const ids of [{ b: id, "d-e": other }, { "d-e": other, b: id }]) {
    const { url } = core.toRequest(own, "KEY", ids);
    assertEquals(url, `https://api.telnyx.com/v2/a/${id}/c/${other}`);
  }
  assertThrows(
    // @ts-expect-error: one of the ids in the path is missing
    () => core.toRequest(own, "KEY", { b: id }),
    InvalidArgumentError,
    "'d-e' is missing",
  );
});

Deno.test("toRequest() stays below baseUrl for any baseUrl and id", () => {
  const base = fc.oneof(
    fc.webUrl({ validSchemes: ["http", "https"] }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.webAuthority().map((authority) => `https://user:secret@${authority}`),
    fc.string(),
  );
  const anyId = fc.oneof(
    { weight: 3, arbitrary: fc.uuid() },
    fc.uuid().map((uuid) => `${uuid}/../../x`),
    fc.uuid().map((uuid) => `../${uuid}`),
    fc.uuid().map((uuid) => `${uuid}\n`),
    fc.constantFrom("..", "%2e%2e", "?a", "#a", "\0", "\ud800", "//evil"),
    fc.string(),
  );
  let made = 0;
  fc.assert(
    fc.property(base, anyId, (baseUrl, id) => {
      let request;
      try {
        request = roomRequest("KEY", id, { baseUrl });
      } catch (error) {
        assert(error instanceof InvalidArgumentError);
        assert(["id", "baseUrl"].includes(error.argument));
        return;
      }
      made++;
      const from = new URL(baseUrl);
      const to = new URL(request.url);
      assertEquals(to.href, request.url);
      assertEquals(to.origin, from.origin);
      assertEquals(to.username + to.password + to.search + to.hash, "");
      assertEquals(
        to.pathname,
        `${from.pathname.replace(/\/$/, "")}/rooms/${id}`,
      );
    }),
    { numRuns: 500 },
  );
  assert(made > 20, `only ${made} requests were made`);
});

const base = "https://api.telnyx.com/v2";
/** Wrong values of each argument. */
const wrong: Record<string, unknown[]> = {
  token: [
    ...[undefined, 7, "", " ", "KEY\r\nx: y", "KEY\n", "Bearer KEY", "KEYé"],
    "KEY\u{1f600}",
  ],
  id: [
    ...[undefined, "", "not-a-uuid", `${id}\n`, ` ${id}`, "../rooms"],
    ...[`..%2f${id}`, `${id}?x`, `${id}#x`, `${id}\0`, [id]],
    ...[`${id.slice(1)}\ud800`, id.replace("7", "g"), "7".repeat(1e7)],
  ],
  includeSessions: [null, "true"],
  baseUrl: [
    ...[null, "", "/v2", "api.telnyx.com/v2", "ftp://api.telnyx.com/v2"],
    ...["file:///v2", "data:text/plain,x", "https://user@api.telnyx.com/v2"],
    ...["https://:secret@api.telnyx.com/v2", `${base}?a=b`, `${base}?`],
    ...[`${base}#a`, `${base}#`, Object.create(null)],
  ],
};

for (const [argument, values] of Object.entries(wrong)) {
  for (const value of values) {
    const shown = JSON.stringify(value)?.slice(0, 60);
    const isMissing = value === undefined ||
      (argument === "token" && value === "");
    Deno.test(`toRequest() rejects ${shown} as ${argument}`, () => {
      const { token, id: ownId, ...opts } = {
        token: "KEY",
        id,
        [argument]: value as string,
      };
      const error = assertThrows(
        () => roomRequest(token, ownId, opts),
        InvalidArgumentError,
        `'${argument}' ${isMissing ? "is missing" : "must"}`,
      );
      assertEquals(error.argument, argument);
      assert(error.message.length < 250, error.message);
    });
  }
}

Deno.test("Only operations that would have a second effect are not repeatable", () => {
  const names = rows.filter(({ operation }) => !operation.repeatable)
    .map(({ name }) => name);
  assertEquals(names, ["createComposition", "createRoom", "deleteRecordings"]);
  for (const { name, operation: { method, repeatable } } of rows) {
    if (method === "GET") assert(repeatable, name);
  }
});

Deno.test("jsonBody() lets an option win over a field of the payload of the same name", () => {
  const body = core.jsonBody<object>("payload");
  assertEquals(body.toText({ a: 1 }, { a: 2, b: 3 }), '{"a":1,"b":3}');
});

Deno.test("toRequest() refuses a path that could make the host another one", () => {
  for (const path of ["@evil.example", ".evil.example", ":8080", "rooms", ""]) {
    const operation: core.Operation = {
      method: "GET",
      path,
      status: 200,
      repeatable: true,
    };
    const baseUrl = "https://api.example";
    const error = assertThrows(
      () => core.toRequest(operation, "KEY", {}, { baseUrl }),
      InvalidArgumentError,
    );
    assertEquals(error.argument, "operation.path");
  }
});

const listUrl = (opts: ListRoomsOptions) =>
  core.toRequest(core.listRoomsOperation, "KEY", {}, opts).url;

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
