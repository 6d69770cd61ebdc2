import "../support/pure.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compare, spellTime, toInstant, toMs } from "../../lib/core/instant.ts";

/** Microseconds since the epoch, in the years 0001 to 9998. */
const micros = fc.bigInt({
  min: BigInt(Date.parse("0001-01-02T00:00:00Z")) * 1000n,
  max: BigInt(Date.parse("9998-12-30T00:00:00Z")) * 1000n,
});

interface Spelling {
  separator: string;
  zeros: number;
  offsetMinutes: number;
  colon: string;
  zone: string;
}

const spelling: fc.Arbitrary<Spelling> = fc.record({
  separator: fc.constantFrom("T", " "),
  zeros: fc.nat({ max: 4 }),
  offsetMinutes: fc.integer({ min: -14 * 60, max: 14 * 60 }),
  colon: fc.constantFrom(":", ""),
  zone: fc.constantFrom("Z", "", "offset"),
});

/** Spells an instant: without the zeros at its end, or with more of them. */
function spell(instant: bigint, how: Spelling): string {
  const offset = how.zone === "offset" ? how.offsetMinutes : 0;
  const local = instant + BigInt(offset) * 60_000_000n;
  const part = ((local % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((local - part) / 1000n)).toISOString();
  const fraction = `${part}`.padStart(6, "0").replace(/0+$/, "") +
    "0".repeat(how.zeros);
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, "0");
  const minutes = Math.abs(offset);
  const zone = how.zone === "offset"
    ? (offset < 0 ? "-" : "+") + two(minutes / 60) + how.colon +
      two(minutes % 60)
    : how.zone;
  return date.slice(0, 10) + how.separator + date.slice(11, 19) +
    (fraction ? `.${fraction}` : "") + zone;
}

Deno.test("toInstant() reads an instant to the microsecond, however it is spelled", () => {
  fc.assert(fc.property(micros, spelling, (instant, how) => {
    assertEquals(toInstant(spell(instant, how)), instant, spell(instant, how));
  }));
});

Deno.test("toInstant() reads a day, and a time to the minute, and drops what is finer than a microsecond", () => {
  const midnight = BigInt(Date.UTC(2024, 1, 29)) * 1000n;
  for (
    const text of [
      "2024-02-28T23:59:60Z", // a leap second
      "2024-02-29",
      "2024-02-29 00:00",
      "2024-02-29T01:00+01",
      "2024-02-29T00:00:00.000000999Z",
    ]
  ) assertEquals(toInstant(text), midnight);
});

const unreadable = [
  undefined,
  null,
  1_618_566_380,
  "",
  "now",
  "2021-02-29T00:00:00Z",
  "2021-13-01T00:00:00Z",
  "2021-00-00T00:00:00Z",
  "2021-04-16T24:00:00Z",
  "2021-04-16T09:60:00Z",
  "2021-04-16T09:46:61Z",
  "2021-04-16T09:46:20.Z",
  "2021-04-16T09:46:20Z\n",
  "+275760-09-13T00:00:00.000Z",
  "-271821-04-20T00:00:00.000Z",
  "+012026-01-01T00:00:00Z",
  "0000-01-01T00:00:00+00:01",
  "9999-12-31T23:59:59-00:01",
  "1".repeat(100_000),
];

for (const time of unreadable) {
  Deno.test(`toInstant() is undefined for ${JSON.stringify(time)?.slice(0, 40)}, which spellTime() keeps`, () => {
    assertEquals(toInstant(time), undefined);
    assertEquals(toMs(time), NaN);
    if (typeof time === "string") assertEquals(spellTime(time), time);
  });
}

Deno.test("spellTime() throws for no text", () => {
  const alike = fc.stringMatching(
    /^[+-]?\d{4,6}-\d\d-\d\d[T ]\d\d:\d\d.{0,9}$/,
  );
  const text = fc.oneof(fc.string({ unit: "binary" }), alike);
  fc.assert(fc.property(text, (text) => void spellTime(text)));
});

Deno.test("spellTime() spells an instant as records do, and keeps it", () => {
  assertEquals(
    spellTime("2021-04-16 11:46:20.954863+02:00"),
    "2021-04-16T09:46:20.954863Z",
  );
  fc.assert(fc.property(micros, spelling, (instant, how) => {
    const spelled = spellTime(spell(instant, how));
    assert(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(spelled), spelled);
    assertEquals(toInstant(spelled), instant);
    assertEquals(spellTime(spelled), spelled);
  }));
});

Deno.test("toMs() rounds down, before the epoch as well", () => {
  assertEquals(toMs("1970-01-01T00:00:00.001999Z"), 1);
  assertEquals(toMs("1969-12-31T23:59:59.999999Z"), -1);
  fc.assert(fc.property(micros, spelling, (instant, how) => {
    const ms = BigInt(toMs(spell(instant, how)));
    assert(ms * 1000n <= instant && instant < (ms + 1n) * 1000n);
  }));
});

Deno.test("compare() is a total order, with the unknown first", () => {
  const key = fc.option(fc.bigInt({ min: -3n, max: 3n }), { nil: undefined });
  fc.assert(fc.property(key, key, key, (a, b, c) => {
    assertEquals(compare(a, b) === 0, a === b);
    assert(compare(a, b) + compare(b, a) === 0);
    if (compare(a, b) <= 0 && compare(b, c) <= 0) assert(compare(a, c) <= 0);
    if (a === undefined && b !== undefined) assertEquals(compare(a, b), -1);
  }));
});
