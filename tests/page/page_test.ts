/** The pure parts of the page. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { cutEvents } from "../../page/connection.ts";
import { quoted, toCurl } from "../../page/curl.ts";
import { presets } from "../../page/faults.ts";
import { fromHash, nothingChosen, tabs, toHash } from "../../page/link.ts";
import { isProblem, isShown, kinds } from "../../page/log_filter.ts";
import { ticks, timeline } from "../../page/timeline.ts";
import type { RequestEntry } from "../../page/types.ts";
import { duration, initials, newcomer, shortPath } from "../../page/words.ts";
import { sh } from "../../scripts/sh.ts";
import { shownState } from "../../lib/testing/control_state.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { partsOf } from "../../lib/testing/parts.ts";
import { addStartingRooms } from "../../lib/testing/starting_rooms.ts";
import { id } from "../support/example.ts";

const request: RequestEntry = {
  kind: "request",
  id: 1,
  revision: 1,
  at: 0,
  method: "GET",
  url: "http://127.0.0.1:7070/v2/rooms",
  headers: { authorization: "Bearer [redacted]", host: "127.0.0.1:7070" },
  outcome: "answered",
  status: 200,
  ignored: [],
};

Deno.test("quoted() is the text as one word of a shell, whatever it is", async () => {
  const texts = fc.sample(
    fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
    { numRuns: 50, seed: 1 },
  );
  const all = [...texts, "it's", "$(x)", "`x`", "a\nb", "'"];
  const command = `printf '%s\\0' ${all.map(quoted).join(" ")}`;
  const { stdout } = await sh("sh", ["-c", command]);
  assertEquals(stdout.split("\0").slice(0, -1), all);
});

Deno.test("toCurl() has method, URL, headers and body, and no API key", () => {
  assertEquals(
    toCurl({ ...request, url: "http://x/rooms?filter[a]=it's" }),
    `curl -g 'http://x/rooms?filter[a]=it'\\''s' \\
  -H "authorization: Bearer $TELNYX_API_KEY"`,
  );
  const headers = {
    "content-type": "application/json",
    "sec-fetch-site": "none",
  };
  assertEquals(
    toCurl({ ...request, method: "POST", headers, body: "{}" }),
    `curl -X POST 'http://127.0.0.1:7070/v2/rooms' \\
  -H 'content-type: application/json' \\
  -d '{}'`,
  );
});

Deno.test("cutEvents() finds the same events however the stream is cut", () => {
  const event = fc.record({
    name: fc.constantFrom("state", "log"),
    data: fc.json(),
  }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(event), fc.array(fc.nat()), (events, cuts) => {
      const whole = events
        .map(({ name, data }) => `event: ${name}\ndata: ${data}\n\n`)
        .join(": ping\n\n");
      const ends = cuts.map((cut) => cut % (whole.length + 1));
      let [rest, start] = ["", 0];
      const found: unknown[] = [];
      for (const end of [...ends.sort((a, b) => a - b), whole.length]) {
        const [cut, left] = cutEvents(rest + whole.slice(start, end));
        found.push(...cut);
        [rest, start] = [left, end];
      }
      assertEquals([found, rest], [events, ""]);
    }),
  );
});

Deno.test("fromHash() chooses what toHash() was given, whatever was chosen", () => {
  const text = fc.string({ unit: "grapheme" });
  const chosen = fc.record({
    roomId: fc.option(text.filter((id) => id !== ""), { nil: undefined }),
    entry: fc.constantFrom(undefined, "7.8", "x"),
    tab: fc.constantFrom(...tabs),
    kind: fc.constantFrom(...kinds),
    search: text,
  }, { noNullPrototype: true });
  fc.assert(fc.property(chosen, (chosen) => {
    assertEquals(fromHash(new URL(toHash(chosen), "http://x/").hash), chosen);
  }));
  assertEquals(toHash(nothingChosen), "#");
});

Deno.test("fromHash() takes any hash", () => {
  const field = fc.constantFrom("room", "entry", "tab", "kind", "search", "x");
  const value = fc.oneof(fc.string(), fc.constantFrom("7.8", "7.", "%", "Log"));
  const params = fc.array(fc.tuple(field, value).map((pair) => pair.join("=")));
  fc.assert(fc.property(params, (params) => {
    const { tab, kind } = fromHash(`#${params.join("&")}`);
    assert(tabs.includes(tab) && kinds.includes(kind));
  }));
});

Deno.test("isShown() filters by kind, and by every word of a search", () => {
  const wrong: Partial<RequestEntry>[] = [
    { status: 400 },
    { ignored: ["x"] },
    { note: "has no key" },
    { fault: "status 503" },
    { outcome: "broken" },
    { outcome: "left" },
  ];
  for (const each of wrong) assert(isProblem({ ...request, ...each }));
  const cases = [
    ["Requests", "", true],
    ["Webhooks", "", false],
    ["Problems", "", false],
    ["All", "ROOMS get 200", true],
    ["All", "rooms 404", false],
  ] as const;
  for (const [kind, search, expected] of cases) {
    assertEquals(isShown(request, kind, search), expected, kind + search);
  }
});

Deno.test("ticks() are in order, on the axis, and few, for any span", () => {
  const span = fc.integer({ min: 1000, max: 40 * 86_400_000 });
  fc.assert(fc.property(fc.nat(1e12), span, (start, span) => {
    const found = ticks(start, start + span);
    assert(found.length <= 8);
    for (const [i, { at, ms }] of found.entries()) {
      assert(at >= 0 && at <= 100);
      assert(ms > (found[i - 1]?.ms ?? -1));
    }
  }));
});

Deno.test("timeline() has everyone of a session, on an axis that ends now", () => {
  const now = Date.UTC(2026, 0, 1);
  const fake = fakeRooms({ now: () => now });
  const parts = partsOf(fake);
  addStartingRooms(parts);
  const { rooms } = shownState(parts);
  const call = rooms.find(({ unique_name }) => unique_name === "customer-call");
  const [session] = call?.sessions ?? [];
  assert(call && session);
  const { rows, startMs, endMs } = timeline(call, session, now);
  assertEquals([now - startMs, endMs], [31 * 60_000, now]);
  assertEquals(
    rows.map(({ name, bar, recordings }) => [
      name,
      Math.round(bar.start),
      Math.round(bar.start + bar.width),
      bar.isOpen,
      recordings.length,
    ]),
    [
      ["Ines", 0, 100, true, 1],
      ["Mateo", 6, 100, true, 1],
      ["Kofi", 16, 45, false, 1],
    ],
  );
});

Deno.test("presets() are faults that the fake takes", async () => {
  const fake = fakeRooms();
  for (const { name, path, body } of presets) {
    const response = await fake.fetch(`http://localhost/_fake/${path}`, {
      method: "POST",
      headers: { "x-fake-rooms": "1" },
      body: JSON.stringify({ ...body, times: 1 }),
    });
    assertEquals(response.status, 200, name);
  }
});

Deno.test("duration(), initials(), newcomer() and shortPath() are for people", () => {
  for (
    const [words, expected] of [
      [duration(5_000), "5 s"],
      [duration(65_000), "1 min"],
      [duration(3_900_000), "1 h 05 min"],
      [duration(200_000_000), "2 days"],
      [initials("Ann"), "AN"],
      [initials("Ada Lovelace"), "AL"],
      [initials(" "), "?"],
      [initials("é"), "É"],
      [newcomer([]), "Ann"],
      [newcomer(["Ann"]), "Ravi"],
      [shortPath(`http://x/v2/rooms/${id}?a=%5B`), "/rooms/7b61…2e73?a=["],
    ]
  ) assertEquals(words, expected);
});
