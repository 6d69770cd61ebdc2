import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { Room, RoomParticipant } from "../../mod.ts";
import { view } from "../../lib/cli/room_view.ts";
import { cellsOf } from "../../lib/cli/width.ts";
import { id } from "../support/example.ts";
import { anyRoom } from "../support/described.ts";

const now = Date.parse("2021-04-16T12:00:00Z");
const shown = (room: Room, width = 80) =>
  view(room, { now, width, color: false });
const joined_at = "2021-04-16T09:46:20Z";

/** A room in which one person is or was. */
const withPerson = (
  active: boolean,
  person: Partial<RoomParticipant> = {},
): Room => ({
  id,
  sessions: [{ id, active, participants: [{ id, joined_at, ...person }] }],
});

const cases: [what: string, room: Room, text: string][] = [
  ["the id, once, of a room with an empty name", { id, unique_name: "" }, ""],
  ["that there are no sessions", { id, sessions: [] }, "No sessions"],
  [
    "that nobody is there",
    { id, sessions: [{ id, active: true, participants: [] }] },
    "in session, 0 people there",
  ],
  ["whose end is unknown", withPerson(false), "end unknown "],
];
for (const [what, room, expected] of cases) {
  Deno.test(`view() shows ${what}`, () => {
    const text = shown(room);
    assertEquals(text.slice(0, id.length + 2), `${id}\n\n`);
    assertStringIncludes(text, expected);
  });
}

Deno.test("view() shows null and absent fields alike", () => {
  fc.assert(fc.property(anyRoom, (room) => {
    const without = JSON.parse(
      JSON.stringify(room),
      (_, value) => value === null ? undefined : value,
    );
    assertEquals(shown(JSON.parse(JSON.stringify(room))), shown(without));
  }));
});

Deno.test("view() cuts names to the width", () => {
  const context = "👩‍👩‍👧 Zoe\u0308 ".repeat(200);
  const room = withPerson(true, { context });
  for (const width of [60, 80, 200]) {
    const lines = shown(room, width).split("\n");
    for (const line of lines) assert(cellsOf(line) <= width, line);
    assert(lines.some((line) => line.endsWith("…")));
  }
  assertStringIncludes(shown(room, Infinity), context);
});

Deno.test("view() shows 150,000 sessions and participants", () => {
  const participants = Array.from({ length: 150_000 }, () => ({ id }));
  const sessions = participants.map(() => ({ id, participants: [] }));
  const text = shown({ id, sessions: [{ id, participants }, ...sessions] });
  assertStringIncludes(text, "Sessions (150001)");
});
