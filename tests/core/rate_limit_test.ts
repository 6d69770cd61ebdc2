import "../support/pure.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { RateLimit } from "../../mod.ts";
import { rateLimit, retryAfter } from "../../lib/core/rate_limit.ts";

const now = Date.UTC(1994, 10, 6, 8, 49, 0);
const spelled = (ms: number) => new Date(ms).toISOString();

const year2026 = Date.UTC(2026, 0, 1);
const date = "Sun, 06 Nov 1994 08:49:37 GMT";

/** A `Retry-After`, what it asks for in milliseconds, and the time by the clock. */
const waits: [header: string, ms?: number | undefined, now?: number][] = [
  ["0", 0],
  ["120", 120_000],
  ["1.5", 1500],
  [" 3 ", 3000],
  ["5, 10", 5000],
  ...["", "-5", "+5", "5s", "soon", "Infinity", "1e3", "9".repeat(400)]
    .map((text): [string] => [text]),
  [date],
  // The three forms of a date in RFC 9110
  [date, 37_000, now],
  ["Sunday, 06-Nov-94 08:49:37 GMT", 37_000, now],
  ["Sun Nov  6 08:49:37 1994", 37_000, now],
  ["Sun Nov 16 08:49:00 1994", 10 * 86_400_000, now],
  ["Sun, 06 Nov 1994 08:48:00 GMT", 0, now],
  ["Sunday, 06-Nov-94 08:49:37 GMT", 0, year2026],
  ["Thursday, 01-Jan-26 00:00:20 GMT", 20_000, year2026],
  ["Thursday, 01-Jan-80 00:00:20 GMT", 0, year2026],
  [`${year2026 / 1000 + 60}`, 60_000, year2026],
  [`${Date.UTC(2025, 0, 1) / 1000}`, 0, year2026],
  ...[
    "1994-11-06T08:49:37Z",
    "Nov 6 1994",
    "Sun, 06 Nov 1994",
    "Sunday, 06-November-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994 GMT",
    "Xyz, 99 Abc 1994 08:49:37 GMT",
  ].map((text): [string, undefined, number] => [text, undefined, now]),
];

for (const [header, ms, now] of waits) {
  const at = now === undefined ? "without a clock" : `at ${spelled(now)}`;
  Deno.test(`retryAfter() of "${header.slice(0, 40)}" is ${ms} ${at}`, () => {
    const headers = new Headers({ "retry-after": header });
    assertEquals(retryAfter(headers, now), ms);
  });
}

Deno.test("retryAfter() is undefined without the header", () => {
  assertEquals(retryAfter(new Headers(), now), undefined);
});

Deno.test("rateLimit() reads each header independently", () => {
  const cases: [name: string, value: string, fields: RateLimit][] = [
    ["other", "5", {}],
    ["limit", "none", {}],
    ["limit", "5, 5;window=5", { limit: 5 }],
    ["remaining", "0", { remaining: 0 }],
    ["reset", "2", { resetMs: 2000 }],
  ];
  for (const [name, value, fields] of cases) {
    const headers = new Headers({ [`x-ratelimit-${name}`]: value });
    assertEquals(rateLimit(headers, now), fields);
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
  const at = now === undefined ? "without a clock" : `at ${spelled(now)}`;
  Deno.test(`rateLimit() of a reset of ${value} is ${ms} ${at}`, () => {
    const headers = new Headers({ "x-ratelimit-reset": value });
    assertEquals(rateLimit(headers, now).resetMs, ms);
  });
}

Deno.test("rateLimit() and retryAfter() return finite numbers from 0, or undefined", () => {
  const value = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.bigInt({ min: -1n, max: 10n ** 13n }).map(String),
    fc.date({
      min: new Date("1900-01-01"),
      max: new Date("9999-12-31"),
      noInvalidDate: true,
    }).map((date) => date.toUTCString()),
  );
  let found = 0;
  fc.assert(fc.property(value, (value) => {
    const headers = { get: () => value };
    const numbers = [
      retryAfter(headers, now),
      ...Object.values(rateLimit(headers, now)),
    ];
    for (const n of numbers) {
      assert(n === undefined || n >= 0 && n < Infinity);
      if (n !== undefined) found++;
    }
  }));
  assert(found > 15, `only ${found} numbers`);
});
