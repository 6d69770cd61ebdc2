import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Room } from "../../mod.ts";
import { type Change, changes, changeText } from "../../lib/cli/changes.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { id } from "../example.ts";
import { anyRoom } from "../room_fields.ts";

const [example] = exampleRooms;

/** The example, after something was done to a copy of it. */
function after(change: (room: Required<Room>) => void): Room {
  const room = structuredClone(example) as Required<Room>;
  change(room);
  return room;
}
const texts = (before: Room, after: Room) =>
  changes(before, after).map((change) => changeText(change, after));

Deno.test("changes() of any room to itself are none, and to another some", () => {
  fc.assert(fc.property(anyRoom, anyRoom, (one, other) => {
    const [a, b] = [one, other] as unknown as [Room, Room];
    assertEquals(changes(a, structuredClone(a)), []);
    for (const change of changes(a, b)) {
      const text = changeText(change, b);
      assert(text && !/[\p{Cc}]/u.test(text), text);
    }
  }));
});

Deno.test("changes() there and back are the same, the other way round", () => {
  const name = fc.constantFrom("max_participants", "unique_name", "new_field");
  const value = fc.constantFrom(undefined, null, 1, "x", { y: [2] });
  fc.assert(
    fc.property(
      fc.dictionary(name, value),
      fc.dictionary(name, value),
      (a, b) => {
        const [one, other] = [{ id, ...a }, { id, ...b }] as [Room, Room];
        const turned = changes(other, one).map(({ from, to, ...place }) =>
          ({ ...place, from: to, to: from }) as Change
        );
        const sorted = (all: Change[]) =>
          all.sort((x, y) => String(x.field) < String(y.field) ? -1 : 1);
        assertEquals(sorted(changes(one, other)), sorted(turned));
      },
    ),
  );
});

Deno.test("changes() tell of no updated_at, and of no other order", () => {
  const other = after((room) => {
    room.updated_at = "2022-01-01T00:00:00Z";
    room.sessions?.reverse();
    for (const session of room.sessions ?? []) {
      session.updated_at = "2022-01-01T00:00:00Z";
      session.participants?.reverse();
    }
  });
  assertEquals(changes(example, other), []);
});

const [first, second] = ["2e74", "2e75"]
  .map((end) => `7b61621f-62e0-4aad-ab11-9fd19e27${end}`);
const cases: [string, Room, Room, string[]][] = [
  [
    "a field of the room",
    example,
    after((room) => room.enable_recording = false),
    ["enable_recording: true → false"],
  ],
  [
    "a field that came, one that became null, and one that is not documented",
    { id, active_session_id: "x" },
    { id, active_session_id: null, unique_name: "A\u202eB", "new": 1 } as Room,
    [
      'active_session_id: "x" → null',
      'unique_name: absent → "A\\u{202e}B"',
      "new: absent → 1",
    ],
  ],
  [
    "somebody who left",
    example,
    after((room) => {
      const alice = room.sessions?.[0]?.participants?.[0];
      if (alice) alice.left_at = "2021-04-16T11:00:00Z";
    }),
    ["Alice left"],
  ],
  [
    "somebody who has another name now",
    example,
    after((room) => {
      const alice = room.sessions?.[0]?.participants?.[0];
      if (alice) alice.context = "Ada";
    }),
    ['Ada context: "Alice" → "Ada"'],
  ],
  [
    "a session that ended",
    example,
    after((room) => {
      const session = room.sessions?.[0];
      if (session) session.active = false;
      if (session) session.ended_at = "2021-04-16T11:00:00Z";
    }),
    [`session ${first} active: true → false`, `session ${first} ended`],
  ],
  [
    "a session that is no longer there",
    example,
    after((room) => room.sessions?.pop()),
    [`session ${second} is listed no more`],
  ],
  [
    "a session that began, and its people, one of whom left already",
    after((room) => room.sessions?.shift()),
    example,
    [`session ${first} began`, "Alice joined", "Bob joined and left"],
  ],
  [
    "people of no name",
    { id, sessions: [{ id: "s", participants: [{ id: "a" }] }] },
    { id, sessions: [{ id: "s", participants: [{ id: "b" }] }] },
    ["a is listed no more", "b joined"],
  ],
];
for (const [what, before, after, expected] of cases) {
  Deno.test(`changes() tell of ${what}`, () => {
    assertEquals(texts(before, after), expected);
  });
}
