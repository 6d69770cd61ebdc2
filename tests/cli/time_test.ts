import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { deno } from "../support/child.ts";
import { localTime, span } from "../../lib/cli/time.ts";

const moment = "2021-04-16T09:46:20.954863Z";

/** The results of `localTime()` in this time zone. */
async function inZone(zone: string, timestamps: string[]): Promise<string[]> {
  const module = new URL("../../lib/cli/time.ts", import.meta.url).href;
  const { stdout } = await deno([
    "eval",
    "--no-config",
    `import { localTime } from ${JSON.stringify(module)};
    console.log(${JSON.stringify(timestamps)}.map(localTime).join("\\n"));`,
  ], { TZ: zone });
  return stdout.trim().split("\n");
}

/** The last and the first moment that a date can be, and one between. */
const edges = [
  "+275760-09-13T00:00:00.000Z",
  "-271821-04-20T00:00:00.000Z",
  "+010000-01-01T12:00:00Z",
];

const zones: [string, string][] = [
  ["UTC", "2021-04-16 09:46:20 UTC"],
  ["Europe/Berlin", "2021-04-16 11:46:20 +02:00 (09:46:20 UTC)"],
  ["Asia/Kolkata", "2021-04-16 15:16:20 +05:30 (09:46:20 UTC)"],
  ["America/New_York", "2021-04-16 05:46:20 -04:00 (09:46:20 UTC)"],
  ["Pacific/Auckland", "2021-04-16 21:46:20 +12:00 (09:46:20 UTC)"],
  ["Pacific/Marquesas", "2021-04-16 00:16:20 -09:30 (09:46:20 UTC)"],
  ["Pacific/Honolulu", "2021-04-15 23:46:20 -10:00 (2021-04-16 09:46:20 UTC)"],
];
for (const [zone, expected] of zones) {
  Deno.test({
    name: `localTime() in ${zone} is ${expected} (needs time zones)`,
    // Windows does not take its time zone from the environment
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const [text, ...others] = await inZone(zone, [moment, ...edges]);
      assertEquals([text, others.length], [expected, 3]);
      for (const other of others) {
        assertMatch(
          other,
          /^[+-]\d{6}-\d\d-\d\d(T\S+Z| \d\d:\d\d:\d\d (UTC|[+-]\d\d:\d\d \(.+ UTC\)))$/,
        );
      }
      if (zone !== "UTC") return;
      assertEquals(others[2], "+010000-01-01 12:00:00 UTC");
    },
  });
}

Deno.test("localTime() returns any other text as it is", () => {
  for (const text of ["", "soon", "2021-13-77"]) {
    assertEquals(localTime(text), text);
  }
});

const spans: [string, string | undefined][] = [
  ["2021-04-16T09:46:20.954863Z", "0 s"],
  ["2021-04-16T09:46:29.000000Z", "8 s"],
  ["2021-04-16T09:47:20.954863Z", "1 min"],
  ["2021-04-16T10:24:55.962200Z", "38 min 35 s"],
  ["2021-04-16T10:46:25.954863Z", "1 h"],
  ["2021-04-16T11:09:30.954863Z", "1 h 23 min"],
  ["2026-04-18T10:46:20.954863Z", "1828 d 1 h"],
  ["2021-04-16T09:46:19.000000Z", undefined],
  ["soon", undefined],
];

for (const [to, expected] of spans) {
  Deno.test(`span() to ${to} is ${expected}`, () => {
    assertEquals(span(moment, to), expected);
  });
}

Deno.test("span() has one or two units", () => {
  fc.assert(fc.property(fc.nat(), fc.nat(), (from, seconds) => {
    const text = span(new Date(from).toISOString(), from + seconds * 1000);
    assert(text);
    assertMatch(text, /^\d+ (d|h|min|s)( \d+ (h|min|s))?$/);
  }));
});
