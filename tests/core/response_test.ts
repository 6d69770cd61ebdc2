import "../support/pure.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  ApiError,
  InvalidArgumentError,
  InvalidResponseError,
  type Room,
} from "../../mod.ts";
import { getCompositionOperation } from "../../lib/core/compositions.ts";
import { parseResponse } from "../../lib/core/response.ts";
import { getRoomOperation } from "../../lib/core/rooms.ts";
import type { ResponseHeaders } from "../../lib/core/mod.ts";
import { example, id } from "../support/example.ts";
import { parent, resolve } from "../support/pointer.ts";
import { anyRoom } from "../support/described.ts";
import { statuses } from "../support/statuses.ts";

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

const parse = (body: unknown) => parseRoom(200, none, JSON.stringify(body));

function refusal(text: string): InvalidResponseError {
  return assertThrows(
    () => parseRoom(200, none, text),
    InvalidResponseError,
  );
}

Deno.test("parseResponse() accepts the provider's example", () => {
  const room: Room = example.data; // the interface allows it as well
  assertEquals(parse(example), room);
});

Deno.test("parseResponse() accepts a recorded response of the API, a room without a name", () => {
  const text = Deno.readTextFileSync(
    new URL(
      "../../contracts/recorded/room_without_a_name.json",
      import.meta.url,
    ),
  );
  const room = parseRoom(200, none, text);
  assertEquals(JSON.stringify({ data: room }), text);
  assertEquals([room.unique_name, room.active_session_id], [null, null]);
});

Deno.test("parseResponse() of any JSON returns a Room, or throws with a pointer that exists", () => {
  const near = fc.record(
    Object.fromEntries(
      Object.keys(example.data).map((name) => [name, fc.jsonValue()]),
    ),
    { requiredKeys: [] },
  );
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record({ data: fc.oneof(fc.jsonValue(), near, anyRoom) }),
    anyRoom,
  );
  const seen = { rooms: 0, refusals: 0 };
  fc.assert(
    fc.property(json, (body) => {
      const text = JSON.stringify(body);
      const read: unknown = JSON.parse(text);
      try {
        const room: unknown = parseRoom(200, none, text);
        assertEquals(room, (read as { data: unknown }).data);
        seen.rooms++;
      } catch (error) {
        assertInstanceOf(error, InvalidResponseError);
        const { pointer, received } = error;
        if (received === "nothing") {
          assertEquals(resolve(read, pointer), undefined);
          assertInstanceOf(resolve(read, parent(pointer)), Object);
        } else {
          assert(resolve(read, pointer) !== undefined, pointer);
        }
        seen.refusals++;
      }
    }),
    { numRuns: 2000 },
  );
  assert(seen.rooms > 100 && seen.refusals > 100, JSON.stringify(seen));
});

const notJson: [string, string, string][] = [
  ["an empty body", "", "nothing"],
  ["white space", " \r\n", "string"],
  ["HTML", "<!doctype html><p>Sign in</p>", "string"],
  ["truncated JSON", JSON.stringify(example).slice(0, 100), "string"],
  ["two values", "{}{}", "string"],
];

for (const [name, text, received] of notJson) {
  Deno.test(`parseResponse() rejects ${name} with an empty pointer`, () => {
    const error = refusal(text);
    assertEquals(error.pointer, "");
    assertEquals(error.expected, "JSON");
    assertEquals(error.received, received);
    assertEquals(error.cause, undefined);
  });
}

Deno.test("parseResponse() rejects a body without a room", () => {
  const mismatch = (text: string) => {
    const { pointer, expected, received } = refusal(text);
    return [pointer, expected, received];
  };
  assertEquals(mismatch("null"), ["", "object", "null"]);
  assertEquals(mismatch("[]"), ["", "object", "array"]);
  assertEquals(mismatch("{}"), ["/data", "object", "nothing"]);
  assertEquals(mismatch('{"data":null}'), ["/data", "object", "null"]);
  assertEquals(mismatch('{"data":[]}'), ["/data", "object", "array"]);
  assertEquals(mismatch('{"data":{}}'), ["/data/id", "string", "nothing"]);
});

Deno.test("parseResponse() keeps unknown fields of any depth", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const room = parseRoom(200, none, `{"data":{"id":"x","deep":${deep}}}`);
  assert(Array.isArray((room as unknown as { deep: unknown }).deep));
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

Deno.test("parseResponse() reads the general error body", () => {
  const other = { code: "10015", title: "Bad Request" };
  const error = failure(404, { errors: [detail, other] });
  assertEquals(error.details, [detail, other]);
  assertStringIncludes(
    error.message,
    "10005: Resource not found: The requested",
  );
});

Deno.test("parseResponse() reads the bare error body", () => {
  assertEquals(failure(404, detail).details, [detail]);
});

Deno.test("parseResponse() keeps the valid parts of error entries", () => {
  const { details, message } = failure(422, {
    errors: [null, { detail: "No private_ip for room" }, { code: 10027 }],
  });
  assertEquals(details, [
    { detail: "No private_ip for room" },
    { code: "10027" },
  ]);
  assertStringIncludes(message, "(No private_ip for room)");
});

Deno.test("parseResponse() reads an error body with success and message", () => {
  const { details, message } = failure(400, {
    success: false,
    message: "No such session",
  });
  assertEquals(details[0]?.detail, "No such session");
  assertStringIncludes(message, "(No such session)");
});

Deno.test("parseResponse() reads errors listed by field", () => {
  const { details, message } = failure(422, {
    errors: { unique_name_not_unique_for_user_id: ["has been taken"] },
  });
  assertEquals(details, [{
    title: "unique_name_not_unique_for_user_id",
    detail: "has been taken",
  }]);
  assertStringIncludes(
    message,
    "(unique_name_not_unique_for_user_id: has been taken)",
  );
});

/** Error bodies of gateways and frameworks, and what they say. */
const foreign: [name: string, body: unknown, said: string][] = [
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
    { detail: [{ loc: ["body", "name"], msg: "field required" }] },
    "body.name: field required",
  ],
  [
    "a place that is no text",
    { detail: [{ loc: ["body", { at: 1 }, 0], msg: "wrong" }] },
    "body.0: wrong",
  ],
  ["a fault, as Apigee", { fault: { faultstring: "Quota" } }, "Quota"],
  [
    "nested errors by field",
    { errors: { room: { unique_name: ["is taken", "is short"] } } },
    "room: unique_name: is taken; is short",
  ],
  ["a list of texts", { errors: ["one", "two"] }, "one"],
  [
    "objects as details",
    { errors: [{ detail: { reason: "no seat" } }] },
    "no seat",
  ],
];

for (const [name, body, said] of foreign) {
  Deno.test(`parseResponse() tells an error body in words: ${name}`, () => {
    const { message, details } = failure(502, body);
    assertStringIncludes(message, said);
    assert(details.length > 0);
    assert(!/\[object/.test(message + JSON.stringify(details)), message);
  });
}

Deno.test("parseResponse() bounds the details of an error in number and size", () => {
  const errors = Array.from({ length: 100 }, () => ({
    title: "x".repeat(1000),
    meta: { deep: Array.from({ length: 100 }, () => "y".repeat(1000)) },
  }));
  const { details } = failure(422, { errors });
  assertEquals(details.length, 20);
  assert(JSON.stringify(details).length < 20 * 21 * 600);
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
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 999 }))
        .filter((status) => status !== 200),
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.record({ errors: fc.jsonValue() }).map((body) =>
          JSON.stringify(body)
        ),
      ),
      (status, body) => void failure(status, body),
    ),
  );
});

/** What a function that is unlike `fetch` may give as a status. */
const notStatuses: [name: string, status: unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", NaN],
  ["a fraction", 404.5],
  ["-1", -1],
  ["99", 99],
  ["1000", 1000],
  ["1e9", 1e9],
  ["Infinity", Infinity],
  ["digits", "404"],
  ["a text", "HTTP KEY0123456789"],
  ["constructor", "constructor"],
  ["__proto__", "__proto__"],
  ["an object that throws", {
    toString() {
      throw new Error("KEY0123456789");
    },
  }],
];

for (const [name, status] of notStatuses) {
  Deno.test(`parseResponse() refuses the status ${name}`, () => {
    const error = assertThrows(
      () => parseRoom(status as number, none, "{}"),
      InvalidArgumentError,
      status === undefined ? "is missing" : "must be an HTTP status",
    );
    assertEquals(error.argument, "response.status");
    assert(!error.message.includes("KEY"), error.message);
  });
}

Deno.test("parseResponse() refuses a body that is no text", () => {
  for (const status of [200, 404]) {
    for (const body of [undefined, null, {}, 7, new Uint8Array(2)]) {
      const error = assertThrows(
        () => parseRoom(status, none, body as string),
        InvalidArgumentError,
      );
      assertEquals(error.argument, "response.body");
    }
  }
});

Deno.test("parseResponse() reads every status without a prototype", () => {
  const { prototype } = Object;
  Object.defineProperty(prototype, "418", {
    value: ["not_found"],
    configurable: true,
  });
  try {
    assertEquals(failure(418, "").code, "unexpected_status");
  } finally {
    Reflect.deleteProperty(prototype, "418");
  }
});

Deno.test("parseResponse() shows a key of the server redacted, bounded and on one line", () => {
  const key = "KEY0123456789/abcdef";
  const names = [
    key,
    `${"x".repeat(480)}${key}`,
    "\x1b[2J\n\u202e",
    "x".repeat(1e6),
  ];
  for (const name of names) {
    const body = JSON.stringify({ data: { id, video_layout: { [name]: 7 } } });
    const response = { status: 200, headers: none, body };
    const error = assertThrows(
      () => parseResponse(getCompositionOperation, response, 0, key),
      InvalidResponseError,
    );
    const { pointer, message } = error;
    assert(pointer.startsWith("/data/video_layout/"), pointer);
    assert(!/KEY0/.test(`${error.stack}${pointer}`), message);
    assert(pointer.length <= 500 && message.length < 700);
    assert(/^[ -~…]*$/.test(pointer + message), message);
  }
});

Deno.test("parseResponse() keeps the message short for a long error body", () => {
  const error = failure(500, { code: "1", title: "x".repeat(50_000) });
  const quoted = `(1: ${"x".repeat(297)})`; // 300 characters
  assertStringIncludes(error.message, quoted);
  assertEquals(error.details[0]?.title?.length, 500);
});

Deno.test("parseResponse() puts rateLimit, retryAfterMs and requestId on an error", () => {
  const error = failure(429, "", {
    "x-ratelimit-limit": "5, 5;window=5",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "3",
    "x-request-id": "abc",
  });
  assertEquals(error.rateLimit, { limit: 5, remaining: 0, resetMs: 3000 });
  assertEquals(error.retryAfterMs, 3000);
  assertEquals(error.requestId, "abc");
});

Deno.test("parseResponse() has no retryAfterMs and requestId without their headers", () => {
  const error = failure(429, "");
  assertEquals(error.rateLimit, {});
  assertEquals([error.retryAfterMs, error.requestId], [undefined, undefined]);
});

Deno.test("parseResponse() needs a current time to read x-ratelimit-reset as a time of day", () => {
  const now = Date.UTC(2026, 0, 1);
  const headers = { "x-ratelimit-reset": `${now / 1000 + 5}` };
  assertEquals(failure(429, "", headers, now).retryAfterMs, 5000);
  assertEquals(failure(429, "", headers).retryAfterMs, undefined);
});

Deno.test("parseResponse() prefers Retry-After to x-ratelimit-reset", () => {
  const headers = { "retry-after": "7", "x-ratelimit-reset": "3" };
  assertEquals(failure(429, "", headers).retryAfterMs, 7000);
});

Deno.test("parseResponse() reads x-ratelimit-reset as a wait only for a 429", () => {
  const wait = (status: number) =>
    failure(status, "", {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "3",
    }).retryAfterMs;
  assertEquals(wait(503), undefined);
  assertEquals(wait(429), 3000);
});

Deno.test("parseResponse() needs a current time to read a Retry-After date", () => {
  const now = Date.UTC(2026, 0, 1, 0, 0, 0);
  const headers = { "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" };
  assertEquals(failure(503, "", headers, now).retryAfterMs, 5000);
  assertEquals(failure(503, "", headers).retryAfterMs, undefined);
});

Deno.test("parseResponse() refuses a record whose id is empty", () => {
  const body = '{"data":{"id":""}}';
  const error = assertThrows(
    () => parseRoom(200, none, body),
    InvalidResponseError,
  );
  assertEquals([error.pointer, error.expected], [
    "/data/id",
    "non-empty string",
  ]);
});

Deno.test("parseResponse() reads headers that throw as missing", () => {
  const headers = {
    get() {
      throw new Error("KEY0123456789");
    },
  };
  const error = assertThrows(
    () => parseRoom(429, headers, ""),
    ApiError,
  );
  assertEquals([error.requestId, error.rateLimit], [undefined, {}]);
});

Deno.test("parseResponse() takes a Retry-After of 0 over the reset of the rate limit", () => {
  const { retryAfterMs } = failure(429, "", {
    "retry-after": "0",
    "x-ratelimit-reset": "60",
  });
  assertEquals(retryAfterMs, 0);
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
