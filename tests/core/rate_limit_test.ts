import "../support/pure.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { RateLimit } from "../../mod.ts";
import { rateLimit, retryAfter } from "../../lib/core/rate_limit.ts";

const now = Date.UTC(1994, 10, 6, 8, 49, 0);

const waits: [string, number | undefined][] = [
  ["0", 0],
  ["120", 120_000],
  ["1.5", 1500],
  [" 3 ", 3000],
  ["5, 10", 5000],
  ["Sun, 06 Nov 1994 08:49:37 GMT", 37_000],
  ["Sun, 06 Nov 1994 08:48:00 GMT", 0],
  ["Mon, 07 Nov 1994 08:49:00 GMT", 86_400_000],
  ["", undefined],
  ["-5", undefined],
  ["+5", undefined],
  ["5s", undefined],
  ["soon", undefined],
  ["Infinity", undefined],
  ["1e3", undefined],
  ["9".repeat(400), undefined],
  ["1994-11-06T08:49:37Z", undefined],
  ["Nov 6 1994", undefined],
  ["Xyz, 99 Abc 1994 08:49:37 GMT", undefined],
];

for (const [value, ms] of waits) {
  const shown = value.slice(0, 40);
  Deno.test(`retryAfter() of "${shown}" is ${ms}`, () => {
    assertEquals(retryAfter(new Headers({ "retry-after": value }), now), ms);
  });
}

Deno.test("retryAfter() is undefined without the header", () => {
  assertEquals(retryAfter(new Headers(), now), undefined);
});

Deno.test("rateLimit() reads each header independently", () => {
  const read = (headers: Record<string, string>) =>
    rateLimit(new Headers(headers), now);
  const cases: [name: string, value: string, fields: RateLimit][] = [
    ["other", "5", {}],
    ["limit", "none", {}],
    ["limit", "5, 5;window=5", { limit: 5 }],
    ["remaining", "0", { remaining: 0 }],
    ["reset", "2", { resetMs: 2000 }],
  ];
  for (const [name, value, fields] of cases) {
    const found = read({ [`x-ratelimit-${name}`]: value });
    assertEquals(found, fields);
  }
});

const resets: [string, number | undefined, number | undefined][] = [
  ["0", now, 0],
  ["2", undefined, 2000],
  ["999999999", now, 999_999_999_000],
  ["1000000000", 999_999_999_000, 1000],
  ["1640995200", Date.UTC(2022, 0, 1) - 1500, 1500],
  ["1640995200", Date.UTC(2022, 0, 1) + 1500, 0],
  ["1640995200.5", Date.UTC(2022, 0, 1), 500],
  ["1640995200", undefined, undefined],
];

for (const [value, now, ms] of resets) {
  const at = now === undefined
    ? "without a current time"
    : new Date(now).toISOString();
  Deno.test(`rateLimit() of a reset of ${value} is ${ms}, ${at}`, () => {
    const headers = new Headers({ "x-ratelimit-reset": value });
    assertEquals(rateLimit(headers, now).resetMs, ms);
  });
}

Deno.test("rateLimit() and retryAfter() return finite numbers from 0, or undefined", () => {
  const value = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  );
  fc.assert(fc.property(value, (value) => {
    const headers = { get: () => value };
    const numbers = [
      retryAfter(headers, now),
      ...Object.values(rateLimit(headers, now)),
    ];
    for (const n of numbers) {
      assert(n === undefined || n >= 0 && n < Infinity);
    }
  }));
});

/** The same instant in the forms of RFC 9110, and what the waits are. */
const dates: [header: string, now: number, ms: number][] = [
  ["Sun, 06 Nov 1994 08:49:37 GMT", now, 37_000],
  ["Sunday, 06-Nov-94 08:49:37 GMT", now, 37_000],
  ["Sun Nov  6 08:49:37 1994", now, 37_000],
  ["Sun Nov 16 08:49:00 1994", now, 10 * 86_400_000],
  ["Sunday, 06-Nov-94 08:49:37 GMT", Date.UTC(2026, 0, 1), 0],
  ["Thursday, 01-Jan-26 00:00:20 GMT", Date.UTC(2026, 0, 1), 20_000],
  ["Thursday, 01-Jan-80 00:00:20 GMT", Date.UTC(2026, 0, 1), 0],
  [`${Date.UTC(2026, 0, 1) / 1000 + 60}`, Date.UTC(2026, 0, 1), 60_000],
  [`${Date.UTC(2025, 0, 1) / 1000}`, Date.UTC(2026, 0, 1), 0],
];

for (const [header, now, ms] of dates) {
  Deno.test(`retryAfter() is ${ms} ms for "${header}" at ${new Date(now).toISOString()}`, () => {
    const headers = new Headers({ "retry-after": header });
    assertEquals(retryAfter(headers, now), ms);
  });
}

Deno.test("retryAfter() is undefined for other text, and for a date without a clock", () => {
  for (
    const text of [
      "",
      "-5",
      "soon",
      "Sun, 06 Nov 1994",
      "Sunday, 06-November-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994 GMT",
    ]
  ) {
    const headers = new Headers({ "retry-after": text });
    assertEquals(retryAfter(headers, now), undefined, text);
  }
  const headers = new Headers({
    "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT",
  });
  assertEquals(retryAfter(headers, undefined), undefined);
});
