import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError } from "../mod.ts";
import { toRequest } from "../lib/operation.ts";
import {
  createRoomOperation,
  getRoomOperation,
  type GetRoomQuery,
} from "../lib/rooms.ts";
import type { RequestOptions } from "../mod.ts";
import { id } from "./example.ts";

const roomRequest = (
  token: string,
  id: string,
  opts?: GetRoomQuery & RequestOptions,
) => toRequest(getRoomOperation, token, { id }, opts);

Deno.test("toRequest() asks the provider by default", () => {
  assertEquals(roomRequest("KEY", id), {
    method: "GET",
    url: `https://api.telnyx.com/v2/rooms/${id}`,
    headers: { accept: "application/json", authorization: "Bearer KEY" },
    redirect: "manual",
  });
});

Deno.test("toRequest() sends a payload as JSON, and says so", () => {
  const payload = { unique_name: "Stand-up ☕", other: { field: null } };
  const { method, headers, body } = toRequest(
    createRoomOperation,
    "KEY",
    {},
    {},
    payload,
  );
  assertEquals([method, headers["content-type"]], ["POST", "application/json"]);
  assertEquals(body, JSON.stringify(payload));
});

Deno.test("toRequest() says include_sessions only when it is asked to", () => {
  const search = (includeSessions?: boolean) =>
    new URL(roomRequest("KEY", id, { includeSessions }).url).search;
  assertEquals(search(), "");
  assertEquals(search(true), "?include_sessions=true");
  assertEquals(search(false), "?include_sessions=false");
});

Deno.test("toRequest() takes a base with or without a slash at its end", () => {
  for (const base of ["http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x/"]) {
    for (const baseUrl of [base, new URL(base)]) {
      assertEquals(
        roomRequest("KEY", id, { baseUrl }).url,
        `http://127.0.0.1:8080/x/rooms/${id}`,
      );
    }
  }
});

Deno.test("toRequest() never leaves baseUrl, whatever the base and the id", () => {
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
    { numRuns: 1000 },
  );
  assert(made > 50, `only ${made} requests were made`);
});

const wrong: [string, Record<string, unknown>][] = [
  ["token", { token: undefined }],
  ["token", { token: 7 }],
  ["token", { token: "" }],
  ["token", { token: " " }],
  ["token", { token: "KEY\r\nx: y" }],
  ["token", { token: "KEY\n" }],
  ["token", { token: "Bearer KEY" }],
  ["token", { token: "KEYé" }],
  ["token", { token: "KEY\u{1f600}" }],
  ["id", { id: undefined }],
  ["id", { id: "" }],
  ["id", { id: "not-a-uuid" }],
  ["id", { id: `${id}\n` }],
  ["id", { id: ` ${id}` }],
  ["id", { id: "../rooms" }],
  ["id", { id: `..%2f${id}` }],
  ["id", { id: `${id}?x` }],
  ["id", { id: `${id}#x` }],
  ["id", { id: `${id}\0` }],
  ["id", { id: `${id.slice(1)}\ud800` }],
  ["id", { id: id.replace("7", "g") }],
  ["id", { id: "7".repeat(10_000_000) }],
  ["id", { id: [id] }],
  ["includeSessions", { includeSessions: null }],
  ["includeSessions", { includeSessions: "true" }],
  ["baseUrl", { baseUrl: null }],
  ["baseUrl", { baseUrl: "" }],
  ["baseUrl", { baseUrl: "/v2" }],
  ["baseUrl", { baseUrl: "api.telnyx.com/v2" }],
  ["baseUrl", { baseUrl: "ftp://api.telnyx.com/v2" }],
  ["baseUrl", { baseUrl: "file:///v2" }],
  ["baseUrl", { baseUrl: "data:text/plain,x" }],
  ["baseUrl", { baseUrl: "https://user@api.telnyx.com/v2" }],
  ["baseUrl", { baseUrl: "https://:secret@api.telnyx.com/v2" }],
  ["baseUrl", { baseUrl: "https://api.telnyx.com/v2?a=b" }],
  ["baseUrl", { baseUrl: "https://api.telnyx.com/v2?" }],
  ["baseUrl", { baseUrl: "https://api.telnyx.com/v2#a" }],
  ["baseUrl", { baseUrl: "https://api.telnyx.com/v2#" }],
  ["baseUrl", { baseUrl: Object.create(null) }],
];

for (const [argument, given] of wrong) {
  const shown = JSON.stringify(given)?.slice(0, 60);
  Deno.test(`toRequest() refuses ${argument} in ${shown}`, () => {
    const { token, id: wrongId, ...opts } = { token: "KEY", id, ...given };
    const error = assertThrows(
      () => roomRequest(token as string, wrongId as string, opts),
      InvalidArgumentError,
      `'${argument}' must`,
    );
    assertEquals(error.argument, argument);
    assertEquals(error.code, "invalid_argument");
    assertEquals(error.attempts, 0);
    assert(error.message.length < 250, error.message);
  });
}

Deno.test("toRequest() takes a token in visible ASCII alone", () => {
  for (const token of ["KEY\n", "Bearer KEY", " KEY", "KÉY", ""]) {
    assertThrows(
      () => roomRequest(token, id),
      InvalidArgumentError,
      `'token' must be visible ASCII, received ${token.length} characters`,
    );
  }
});

Deno.test("toRequest() repeats no argument in its errors, as it may be the token", () => {
  const secret = "KEY0123456789abcdef";
  const swapped = assertThrows(() => roomRequest(id, secret), Error);
  assert(!swapped.message.includes(secret));
  const inBase = assertThrows(
    () => roomRequest("KEY", id, { baseUrl: `https://${secret}@x.example` }),
    Error,
  );
  assert(!inBase.message.includes(secret));
});
