import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { deno } from "../support/child.ts";
import { localTime, span, waitText } from "../../lib/cli/time.ts";

const moment = "2021-04-16T09:46:20.954863Z";

/** The last and the first moment that a date can be. */
const last = "+275760-09-13T00:00:00.000Z";
const first = "-271821-04-20T00:00:00.000Z";

const zones: [zone: string, expected: Record<string, string>][] = [
  ["UTC", {
    [moment]: "2021-04-16 09:46:20 UTC",
    "+010000-01-01T12:00:00Z": "+010000-01-01 12:00:00 UTC",
  }],
  ["Asia/Kolkata", {
    [moment]: "2021-04-16 15:16:20 +05:30 (09:46:20 UTC)",
    [last]: last, // its local time would be none
  }],
  ["Pacific/Marquesas", {
    [moment]: "2021-04-16 00:16:20 -09:30 (09:46:20 UTC)",
    [first]: first,
  }],
  ["Pacific/Honolulu", {
    [moment]: "2021-04-15 23:46:20 -10:00 (2021-04-16 09:46:20 UTC)",
  }],
];
for (const [zone, expected] of zones) {
  Deno.test({
    name: `localTime() in ${zone} is ${expected[moment]} (needs time zones)`,
    // Windows does not take its time zone from the environment
    ignore: Deno.build.os === "windows",
    async fn() {
      const module = new URL("../../lib/cli/time.ts", import.meta.url).href;
      const { stdout } = await deno([
        "eval",
        "--no-config",
        `import { localTime } from ${JSON.stringify(module)};
        const times = ${JSON.stringify(Object.keys(expected))};
        console.log(times.map(localTime).join("\\n"));`,
      ], { TZ: zone });
      assertEquals(stdout.trim().split("\n"), Object.values(expected));
    },
  });
}

Deno.test("localTime() returns any other text as it is", () => {
  for (const text of ["", "soon", "2021-13-77"]) {
    assertEquals(localTime(text), text);
  }
});

const spans: [to: string, expected: string | undefined][] = [
  [moment, "0 s"],
  ["2021-04-16T09:46:29.000000Z", "8 s"],
  ["2021-04-16T09:47:20.954863Z", "1 min"],
  ["2021-04-16T10:24:55.962200Z", "38 min 35 s"],
  ["2021-04-16T10:46:25.954863Z", "1 h"],
  ["2026-04-18T10:46:20.954863Z", "1828 d 1 h"],
  ["2021-04-16T09:46:19.000000Z", undefined],
  ["soon", undefined],
];
Deno.test("span() is in one or two units, and undefined if there is none", () => {
  for (const [to, expected] of spans) assertEquals(span(moment, to), expected);
  fc.assert(fc.property(fc.nat(), fc.nat(), (from, seconds) => {
    const text = span(new Date(from).toISOString(), from + seconds * 1000);
    assert(text);
    assertMatch(text, /^\d+ (d|h|min|s)( \d+ (h|min|s))?$/);
  }));
});

for (
  const [ms, text] of [
    [0, "0.0 s"],
    [250, "0.3 s"],
    [9_940, "9.9 s"],
    [10_000, "10 s"],
    [61_999, "1 min 1 s"],
    [3_600_000, "1 h"],
  ] as const
) {
  Deno.test(`waitText() of ${ms} ms is "${text}"`, () => {
    assertEquals(waitText(ms), text);
  });
}
