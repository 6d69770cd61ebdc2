import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { Room } from "../../mod.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { view } from "../../lib/cli/room_view.ts";
import { id } from "../support/example.ts";
import { anyRoom } from "../support/described.ts";

const [example] = exampleRooms;
const now = Date.parse("2021-04-16T12:00:00Z");
const plain = { now, width: 80, color: false };
const [t1, t2] = ["2021-04-16T09:46:20Z", "2021-04-16T10:00:00Z"];

Deno.test("view() shows a room, its settings, sessions and participants", () => {
  const text = view(example, plain);
  const parts = [
    "My Room\n7b61621f-62e0-4aad-ab11-9fd19e272e73\n",
    "State       in session, 1 person there",
    "Session     7b61621f-62e0-4aad-ab11-9fd19e272e74",
    "Capacity    50 people",
    "Recording   on",
    "Webhooks    https://www.example.com",
    "Failover    https://failover.example.com",
    "Timeout     25 s for a webhook",
    "Sessions (2)",
    "active 7b61621f-62e0-4aad-ab11-9fd19e272e74",
    ", 2 h 13 min so far",
    "there now    2021-04-16 ",
    "23 min 48 s  2021-04-16 ",
    "ended 7b61621f-62e0-4aad-ab11-9fd19e272e75",
    ", 1 h 12 min\n",
    "  Carol\n",
  ];
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    assert(at >= 0, `${part} is missing, or in another place, in\n${text}`);
    from = at + part.length;
  }
});

Deno.test("view() shows a room with only an id, and how to see sessions", () => {
  const text = view({ id }, plain);
  assertStringIncludes(text, "idle, no active session");
  assertStringIncludes(text, "Webhooks    none");
  assertStringIncludes(text, "Add --sessions to show sessions");
});

Deno.test("view() shows a room without a name by its id, once", () => {
  for (const unique_name of [undefined, null, ""]) {
    const text = view(
      { id, ...unique_name !== undefined && { unique_name } },
      plain,
    );
    assertEquals(text.slice(0, id.length + 2), `${id}\n\n`);
    assertEquals(text.split(id).length, 2);
  }
});

Deno.test("view() shows null and absent fields alike", () => {
  fc.assert(fc.property(anyRoom, (room) => {
    const without = JSON.parse(
      JSON.stringify(room),
      (_, value) => value === null ? undefined : value,
    );
    assertEquals(view(room as unknown as Room, plain), view(without, plain));
  }));
});

Deno.test("view() shows that there are no sessions, or no participants", () => {
  assertStringIncludes(view({ id, sessions: [] }, plain), "No sessions");
  const sessions = [{ id, active: true, participants: [] }];
  const text = view({ id, sessions }, plain);
  assertStringIncludes(text, "in session, 0 people there");
  assertStringIncludes(text, "nobody");
});

Deno.test("view() shows who is there, who left, and whose end is unknown", () => {
  const stay = (active: boolean, left_at: string | null) =>
    view({
      id,
      sessions: [{
        id,
        active,
        participants: [{ id, context: "Ada", joined_at: t1, left_at }],
      }],
    }, plain);
  assertStringIncludes(stay(true, null), "there now ");
  assertStringIncludes(stay(false, null), "end unknown ");
  assertStringIncludes(stay(true, t2), "13 min 40 s ");
});

Deno.test("view() fits the width by cutting names", () => {
  const context = '{"name":"Ada","role":"host","team":"analytical engines"}';
  const sessions = [{
    id,
    active: true,
    created_at: t1,
    participants: [{ id, context, joined_at: t1 }],
  }];
  const room: Room = { id, sessions };
  const lines = view(room, plain).split("\n");
  for (const line of lines) assert(line.length <= 80, line);
  assert(lines.some((line) => line.endsWith("…")));
  const whole = view(room, { ...plain, width: Infinity });
  assertStringIncludes(whole, context);
});

Deno.test("view() changes no text by color", () => {
  const colored = view(example, { ...plain, color: true });
  assert(colored.includes("\x1b["));
  // deno-lint-ignore no-control-regex
  assertEquals(colored.replace(/\x1b\[\d+m/g, ""), view(example, plain));
  assert(!view(example, plain).includes("\x1b"));
});

/** Text with characters that a terminal acts on. */
const hostile = fc.string({
  unit: fc.constantFrom(..."a李\0\n\x1b\x7f\x85\x9b\u061c\u2028\u202e\u2066"),
  minLength: 1,
});
const unsafe =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A room whose every text is hostile. */
const hostileRoom: fc.Arbitrary<Room> = fc.record({
  id: hostile,
  unique_name: fc.option(hostile, { nil: null }),
  active_session_id: fc.option(hostile, { nil: null }),
  webhook_event_url: hostile,
  webhook_event_failover_url: hostile,
  created_at: hostile,
  updated_at: hostile,
  sessions: fc.array(
    fc.record({
      id: hostile,
      active: fc.boolean(),
      created_at: hostile,
      ended_at: fc.option(hostile, { nil: null }),
      participants: fc.array(
        fc.record({
          id: hostile,
          context: fc.option(hostile, { nil: null }),
          joined_at: hostile,
          left_at: fc.option(hostile, { nil: null }),
        }),
        { maxLength: 2 },
      ),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

Deno.test("view() shows any room without control characters", () => {
  const rooms = fc.oneof(
    hostileRoom,
    anyRoom.map((room) => room as unknown as Room),
  );
  let seen = 0;
  fc.assert(fc.property(rooms, (room) => {
    if (/\\u00(1b|7f|9b)|[\x7f\x9b]/.test(JSON.stringify(room))) seen++;
    const text = view(room, plain).replaceAll("\n", "");
    assert(!unsafe.test(text), text);
  }));
  assert(seen > 10, `only ${seen} rooms had control characters`);
});

Deno.test("view() shows 150,000 sessions and participants", () => {
  const participants = Array.from({ length: 150_000 }, () => ({ id }));
  const sessions = participants.map(() => ({ id, participants: [] }));
  const text = view({
    id,
    sessions: [{ id, participants }, ...sessions],
  }, plain);
  assertStringIncludes(text, "Sessions (150001)");
});
