import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { bar, csvCell } from "../../lib/cli/usage_view.ts";
import { cellsOf } from "../../lib/cli/width.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command } from "./command.ts";

const other = id.replace("7", "8");
const at = (time: string) => Date.parse(`${time}Z`);

/** Two rooms, one of them recorded, with sessions in three days of March. */
function used(): { fake: FakeRooms; now: () => number } {
  let now = at("2026-02-28T23:00");
  const fake = fakeRooms({
    rooms: [
      { id, unique_name: '=1+1,"quoted"\x9b', enable_recording: true },
      { id: other, unique_name: null },
    ],
    tokens: ["KEY"],
    now: () => now,
  });
  const ann = fake.join(id, { context: "Ann" });
  now = at("2026-03-01T01:00"); // of the night, an hour is in the period
  fake.leave(ann.id);
  now = at("2026-03-02T10:00");
  const bob = fake.join(other, { context: "Bob" });
  const cleo = fake.join(other, { context: "Cleo" });
  now = at("2026-03-02T10:30");
  fake.leave(bob.id);
  fake.leave(cleo.id);
  now = at("2026-03-03T08:00");
  fake.join(other, { context: "Dan" }); // is still there
  now = at("2026-03-03T08:15");
  return { fake, now: () => now };
}

const march = ["usage", "--from", "2026-03-01", "--to", "2026-03-31"];

Deno.test("usage --json has the whole, days and rooms, of the days that are asked for", async () => {
  const { exitCode, stdout, stderr } = await command(
    [...march, "--json"],
    used(),
  );
  assertEquals([exitCode, stderr], [0, ""]);
  const { days, rooms, ...whole } = JSON.parse(stdout);
  assertEquals(whole, {
    from: "2026-03-01",
    to: "2026-03-31",
    sessions: 3,
    most_people: 2,
    session_minutes: 105,
    participant_minutes: 135,
    recordings: 0, // they began on another day
    recorded_minutes: 0,
    recorded_gb: 0,
  });
  assertEquals(
    days.map((it: Record<string, unknown>) => [it.day, it.participant_minutes]),
    [["2026-03-01", 60], ["2026-03-02", 60], ["2026-03-03", 15]],
  );
  assertEquals(
    rooms.map((
      it: Record<string, unknown>,
    ) => [it.room_id, it.name, it.sessions]),
    [[other, "", 2], [id, '=1+1,"quoted"\x9b', 1]],
  );
  const whenRecorded = ["usage", "--to", "2026-03-01", "--json"];
  const before = await command(whenRecorded, used());
  const { recordings, recorded_minutes, session_minutes } = JSON.parse(
    before.stdout,
  );
  assertEquals([recordings, recorded_minutes], [2, 240]);
  assertEquals(session_minutes, 120); // with the last day, to its end
  const lists = before.requests.filter(({ url }) => url.includes("_sessions"));
  for (const { url } of lists) {
    const { searchParams } = new URL(url);
    const last = searchParams.get("filter[date_created_at][lte]");
    assertEquals(last, "2026-03-01");
  }
});

Deno.test("usage --json counts a session that has ended, nobody knows when, until its last change", async () => {
  const world = used();
  const { stdout } = await command([...march, "--json"], {
    ...world,
    async fetch(url, init) {
      const response = await world.fake.fetch(url, init);
      if (!url.includes("/room_sessions")) return response;
      const { data, meta } = await response.json();
      const untold = data.map((session: object) => ({
        ...session,
        ended_at: null,
        participants: [],
      }));
      return Response.json({ data: untold, meta });
    },
  });
  assertEquals(JSON.parse(stdout).session_minutes, 105);
});

Deno.test("usage --csv has a line for each room and day, as RFC 4180 says", async () => {
  const { stdout } = await command([...march, "--csv"], used());
  const [, first, ...more] = stdout.split("\r\n");
  const name = `"'=1+1,""quoted""\\u{9b}"`;
  assertEquals(first, `2026-03-01,${id},${name},1,1,60,60,0,0,0`);
  assertEquals(more.length, 3);
});

/** The cells of a line of CSV, as RFC 4180 says. */
function cellsIn(line: string): string[] {
  const cells: string[] = [];
  let rest = `,${line}`;
  while (rest !== "") {
    const [all, quoted, plain = ""] =
      /^,(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(rest) ?? [];
    assert(all !== undefined, rest);
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    rest = rest.slice(all.length);
  }
  return cells;
}

Deno.test("csvCell() is read back as it was, and is no formula in a spreadsheet", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({
      unit: fc.constantFrom("=", "+", "-", "@", '"', ",", "a", " ", "'", "＝"),
    }),
  );
  const cells = fc.array(text, { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(cells, (cells) => {
    const read = cellsIn(cells.map(csvCell).join(","));
    assertEquals(read.length, cells.length);
    for (const [i, cell] of read.entries()) {
      assert(!/^[=+\-@＝\t\r\n]/.test(cell), cell);
      const given = cells[i] ?? "";
      assertEquals(cell, /^[=+\-@＝]/.test(given) ? `'${given}` : given);
    }
  }));
  assertEquals(csvCell("a\r\n=b\x1b"), "a\\u{0d}\\u{0a}=b\\u{1b}");
});

Deno.test("usage shows ten rooms on a terminal, and each of 92 days, but of more only those with a use", async () => {
  for (const [days, rows] of [[92, 92], [93, 2]] as const) {
    let now = at("2026-03-01T10:00");
    const rooms = Array.from({ length: 11 }, (_, n) => ({
      id: id.replace(/.{2}$/, `${n + 10}`),
      unique_name: `room ${n}`,
    }));
    const fake = fakeRooms({ rooms, now: () => now });
    fake.leave(fake.join(`${rooms[0]?.id}`).id);
    now += (days - 1) * 86_400_000;
    for (const { id } of rooms) fake.leave(fake.join(id).id);
    const args = ["usage", "--from", "2026-03-01", "--to", "2026-06-30"];
    const { stdout } = await command(args, { fake, isTTY: true });
    assertEquals(stdout.match(/^20\d\d-\d\d-\d\d {2}/gm)?.length, rows);
    assertEquals(stdout.match(/^room \d/gm)?.length, 10);
    assertMatch(stdout, /and 1 more: add --csv or --json for every room/);
  }
});

Deno.test("usage is plain text if it is no terminal", async () => {
  const { stdout } = await command(march, used());
  assert(!/[█▏▎▍▌▋▊▉\p{Cc}]/u.test(stdout.replaceAll("\n", "")), stdout);
  assertMatch(stdout, /Time +135 participant-minutes\n +Recorded +nothing\n/);
  const { stdout: none } = await command(["usage"], {
    fake: fakeRooms(),
    now: () => at("2026-03-03T08:15"),
  });
  assertEquals(none, "2026-02-02 to 2026-03-03 (UTC): nothing was used\n");
});

Deno.test("usage reads pages ahead, and shows on a terminal how far it is", async () => {
  const { fake, now } = used();
  let time = now();
  const { stderr, requests } = await command(march, {
    fake,
    isTTY: true,
    now: () => time += 100,
  });
  assertEquals(
    stderr.split("\x1b[K").map((text) => text.slice(1)).filter(Boolean),
    [
      "active sessions: 1",
      "sessions: 1",
      "sessions: 2",
      "rooms: 1",
      "rooms: 2",
    ],
  );
  assert(stderr.endsWith("\r\x1b[K"));
  assertEquals(requests.length, 4); // a page of each list
});

Deno.test("bar() is as long as its share, in eighths, and can always be seen", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(share, fc.integer({ min: 1, max: 30 }), (share, n) => {
    const cells = cellsOf(bar(share, n));
    assert(cells <= n && cells >= Math.floor(share * n));
    assertEquals(cells > 0, share > 0);
  }));
});
