import "../support/pure.ts";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  ApiError,
  InvalidArgumentError,
  InvalidResponseError,
} from "../../mod.ts";
import { getCompositionOperation } from "../../lib/core/compositions.ts";
import { parseResponse } from "../../lib/core/response.ts";
import { getRoomOperation } from "../../lib/core/rooms.ts";
import type { ResponseHeaders } from "../../lib/core/mod.ts";
import { example, id } from "../support/example.ts";
import { statuses } from "../support/statuses.ts";
import { secret, unreadable } from "../support/unreadable.ts";

const none = new Headers();

function parseRoom(
  status: number,
  headers: ResponseHeaders,
  body: string,
  now?: number,
) {
  const response = { status, headers, body };
  return parseResponse(getRoomOperation, response, now).data;
}

function refusal(text: string): InvalidResponseError {
  return assertThrows(
    () => parseRoom(200, none, text),
    InvalidResponseError,
  );
}

Deno.test("parseResponse() accepts a recorded response of the API, a room without a name", async () => {
  const recorded = "../../contracts/recorded/room_without_a_name.json";
  const text = await Deno.readTextFile(new URL(recorded, import.meta.url));
  const room = parseRoom(200, none, text);
  assertEquals(JSON.stringify({ data: room }), text);
  assertEquals([room.unique_name, room.active_session_id], [null, null]);
});

const noRooms: [body: string, ...mismatch: string[]][] = [
  ["", "", "JSON", "nothing"],
  [" \r\n", "", "JSON", "string"],
  ["<!doctype html><p>Sign in</p>", "", "JSON", "string"],
  ['{"data":{"id":"7b61621f-62e0', "", "JSON", "string"],
  ["{}{}", "", "JSON", "string"],
  ["null", "", "object", "null"],
  ["[]", "", "object", "array"],
  ["{}", "/data", "object", "nothing"],
  ['{"data":null}', "/data", "object", "null"],
  ['{"data":[]}', "/data", "object", "array"],
  ['{"data":{}}', "/data/id", "string", "nothing"],
  ['{"data":{"id":""}}', "/data/id", "non-empty string", "string"],
];

for (const [body, ...mismatch] of noRooms) {
  Deno.test(`parseResponse() says what it expects instead of ${JSON.stringify(body)}`, () => {
    const { pointer, expected, received, cause } = refusal(body);
    assertEquals([pointer, expected, received], mismatch);
    assertEquals(cause, undefined); // it would quote the body
  });
}

Deno.test("parseResponse() keeps unknown fields of any depth", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const room = parseRoom(200, none, `{"data":{"id":"x","deep":${deep}}}`);
  assert(Array.isArray(Reflect.get(room, "deep")));
});

function failure(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  now?: number,
): ApiError {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return assertThrows(
    () => parseRoom(status, new Headers(headers), text, now),
    ApiError,
  );
}

const codes: typeof statuses = [
  ...statuses,
  ...[0, 201, 204, 302, 304, 418].map((
    status,
  ): typeof statuses[0] => [status, "unexpected_status", false]),
  [600, "server_error", false], // RFC 9110, section 15
];

for (const [status, code] of codes) {
  Deno.test(`parseResponse() maps status ${status} to ${code}`, () => {
    const error = failure(status, example);
    assertEquals(error.code, code);
    assertEquals(error.status, status);
    assertEquals(error.details, []);
    assertStringIncludes(error.message, `HTTP ${status}`);
  });
}

const detail = {
  code: "10005",
  title: "Resource not found",
  detail: "The requested resource or URL could not be found.",
  source: { pointer: "/room_id" },
  meta: { url: "https://developers.example.com" },
};
const other = { code: "10015", title: "Bad Request" };

/** Error bodies of the API, of gateways and of frameworks, and what they say. */
const told: [name: string, body: unknown, said: string, details?: unknown][] = [
  [
    "errors",
    { errors: [detail, other] },
    "(10005: Resource not found: The requested",
    [detail, other],
  ],
  ["a bare error", detail, "(10005: Resource", [detail]],
  [
    "errors of which some are none",
    { errors: [null, { detail: "No private_ip for room" }, { code: 10027 }] },
    "(No private_ip for room)",
    [{ detail: "No private_ip for room" }, { code: "10027" }],
  ],
  ["success", { success: false, message: "No session" }, "(No session)"],
  [
    "errors by field",
    { errors: { unique_name_not_unique_for_user_id: ["has been taken"] } },
    "(unique_name_not_unique_for_user_id: has been taken)",
    [{
      title: "unique_name_not_unique_for_user_id",
      detail: "has been taken",
    }],
  ],
  ["plain text", "upstream connect error", "upstream connect error"],
  ["JSON text", '"no healthy upstream"', "no healthy upstream"],
  ["a page", "<html><title>502 Bad Gateway</title>", "502 Bad Gateway"],
  ["a page without a title", "<h1>Not <b>here</b></h1>", "Not here"],
  ["error", { error: "Too slow" }, "Too slow"],
  ["error.message", { error: { code: 7, message: "Down" } }, "7: Down"],
  ["message", { message: "Forbidden" }, "Forbidden"],
  ["Message, as AWS", { Message: "User is not authorized" }, "User is not"],
  [
    "problem details",
    { title: "Gone", status: 410, detail: "Since May" },
    "Gone: Since May",
  ],
  [
    "a list as detail, as FastAPI",
    { detail: [{ loc: ["body", { at: 1 }, "name"], msg: "field required" }] },
    "body.name: field required",
  ],
  ["a fault, as Apigee", { fault: { faultstring: "Quota" } }, "Quota"],
  [
    "nested errors by field",
    { errors: { room: { unique_name: ["is taken", "is short"] } } },
    "room: unique_name: is taken; is short",
  ],
  ["a list of texts", { errors: ["one", "two"] }, "one"],
  ["objects as details", { errors: [{ detail: { reason: "full" } }] }, "full"],
];

for (const [name, body, said, expected] of told) {
  Deno.test(`parseResponse() tells an error body in words: ${name}`, () => {
    const { message, details } = failure(502, body);
    assertStringIncludes(message, said);
    assertEquals(details, expected ?? details);
    assert(details.length > 0);
    assert(!/\[object/.test(message + JSON.stringify(details)), message);
  });
}

Deno.test("parseResponse() bounds the details of an error in number and size, and the message", () => {
  const errors = Array.from({ length: 100 }, () => ({
    code: "1",
    title: "x".repeat(50_000),
    meta: { deep: Array.from({ length: 100 }, () => "y".repeat(1000)) },
  }));
  const { details, message } = failure(422, { errors });
  assertEquals([details.length, details[0]?.title?.length], [20, 500]);
  assert(JSON.stringify(details).length < 20 * 21 * 600);
  assertStringIncludes(message, `(1: ${"x".repeat(297)})`); // 300 characters
});

const notErrors: unknown[] = [
  "",
  "<p> </p>",
  "null",
  { errors: null },
  { errors: {} },
  { errors: [null, [], {}, { code: null, title: "" }] },
  `{"errors":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
];

for (const body of notErrors) {
  const shown = JSON.stringify(body).slice(0, 60);
  Deno.test(`parseResponse() reads no details from ${shown}`, () => {
    const error = failure(404, body);
    assertEquals(error.details, []);
    assert(error.message.endsWith("account"), error.message);
  });
}

Deno.test("parseResponse() throws an ApiError for any error body", () => {
  const status = fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 999 }))
    .filter((status) => status !== 200);
  const errors = fc.record({ errors: fc.jsonValue() });
  const body = fc.oneof(fc.string(), fc.jsonValue(), errors);
  fc.assert(fc.property(status, body, (status, body) => {
    failure(status, body);
  }));
});

/** What a function that is unlike `fetch` may give. */
const wrong: Record<"status" | "body", unknown[]> = {
  status: [
    ...[undefined, null, NaN, 404.5, -1, 99, 1000, 1e9, Infinity, "404"],
    ...["HTTP KEY0123456789", "constructor", "__proto__", unreadable.get],
  ],
  body: [undefined, null, {}, 7, new Uint8Array(2)],
};

for (const [name, values] of Object.entries(wrong)) {
  Deno.test(`parseResponse() refuses a wrong ${name}`, () => {
    for (const value of values) {
      const given = { status: 404, headers: none, body: "", [name]: value };
      const error = assertThrows(
        () => parseResponse(getRoomOperation, given),
        InvalidArgumentError,
        value === undefined ? "is missing" : "must be a",
      );
      assertEquals(error.argument, `response.${name}`);
      assert(!error.message.includes("KEY"), error.message);
    }
  });
}

Deno.test("parseResponse() shows a key of the server redacted, bounded and on one line", () => {
  const name = `\x1b[2J\n${"x".repeat(480)}${secret}`;
  for (const key of [secret, name, "x".repeat(1e6)]) {
    const body = JSON.stringify({ data: { id, video_layout: { [key]: 7 } } });
    const response = { status: 200, headers: none, body };
    const { pointer, message, stack } = assertThrows(
      () => parseResponse(getCompositionOperation, response, 0, secret),
      InvalidResponseError,
    );
    assert(pointer.startsWith("/data/video_layout/"), pointer);
    assert(!/KEY0/.test(`${stack}${pointer}`), message);
    assert(pointer.length <= 500 && message.length < 700);
    assert(/^[ -~…]*$/.test(pointer + message), message);
  }
});

Deno.test("parseResponse() puts rateLimit, retryAfterMs and requestId on an error", () => {
  const error = failure(429, "", {
    "x-ratelimit-limit": "5, 5;window=5",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "3",
    "x-request-id": "abc",
  });
  assertEquals(error.rateLimit, { limit: 5, remaining: 0, resetMs: 3000 });
  assertEquals([error.retryAfterMs, error.requestId], [3000, "abc"]);
  for (const headers of [none, unreadable.get as ResponseHeaders]) {
    const { rateLimit, retryAfterMs, requestId } = assertThrows(
      () => parseRoom(429, headers, ""),
      ApiError,
    );
    assertEquals(rateLimit, {});
    assertEquals([retryAfterMs, requestId], [undefined, undefined]);
  }
});

Deno.test("parseResponse() reads Retry-After as a wait, or else the reset of a 429", () => {
  const now = Date.UTC(2026, 0, 1);
  const wait = (
    status: number,
    headers: Record<string, string>,
    now?: number,
  ) => failure(status, "", headers, now).retryAfterMs;
  const reset = { "x-ratelimit-reset": "3" };
  assertEquals([wait(429, reset), wait(503, reset)], [3000, undefined]);
  assertEquals(wait(429, { ...reset, "retry-after": "7" }), 7000);
  assertEquals(wait(429, { ...reset, "retry-after": "0" }), 0);
  const date = { "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" };
  assertEquals([wait(503, date, now), wait(503, date)], [5000, undefined]);
  const time = { "x-ratelimit-reset": `${now / 1000 + 5}` };
  assertEquals([wait(429, time, now), wait(429, time)], [5000, undefined]);
});

Deno.test("parseResponse() reads a deeply nested error body in no more time than a flat one", () => {
  const body = `${'{"error":'.repeat(40)}"x"${"}".repeat(40)}`;
  failure(500, body); // each level would double the time: hours
});

Deno.test("parseResponse() tells a server's words on one line, without control characters", () => {
  const body = JSON.stringify({
    errors: [{ code: "1", title: "a\nFAKE LOG LINE\x1b[2J\u202e" }],
  });
  const { message, details } = failure(422, body);
  assertEquals(
    message,
    "HTTP 422, unprocessable (1: a\\u{0a}FAKE LOG LINE\\u{1b}[2J\\u{202e})",
  );
  assertEquals(details[0]?.title, "a\nFAKE LOG LINE\x1b[2J\u202e");
});
