import "../support/pure.ts";
import { assertEquals } from "@std/assert";
import { applyEvent, type Room, type RoomEvent } from "../../mod.ts";
import { id } from "../support/example.ts";

const [first, second, person] = [1, 2, 3].map((n) =>
  `0ccc7b54-4df3-4bca-a65a-3da1ecc777f${n}`
) as [string, string, string];

/** An event `video.room.…` of the first session. */
const event = (type: string, payload = {}, more = {}) =>
  ({
    id,
    event_type: `video.room.${type}`,
    occurred_at: "2026-01-01T09:00:00.000000Z",
    payload: { session_id: first, participant_id: person, ...payload },
    ...more,
  }) as RoomEvent;
const started = (session_id: string, occurred_at: string) =>
  event("session.started", { room_id: id, session_id }, { occurred_at });

Deno.test("applyEvent() does not modify its argument, and ignores events of other rooms", () => {
  const room: Room = Object.freeze({ id, unique_name: "Standup" });
  const changed = applyEvent(room, event("session.started", { room_id: id }));
  assertEquals(changed.active_session_id, first);
  assertEquals(room, { id, unique_name: "Standup" });
  for (
    const other of [
      event("session.started", { room_id: first }),
      event("session.started", { session_id: undefined }),
      event("session.started", { session_id: "" }),
      event("session.started", {}, { occurred_at: null }),
      event("new"),
    ]
  ) assertEquals(applyEvent(room, other), room);
});

Deno.test("applyEvent() keeps a session inactive that the provider called so, even without an end", () => {
  const room = { id, sessions: [{ id: first, active: false }] } as Room;
  const changed = applyEvent(room, event("participant.left"));
  assertEquals(changed.sessions?.[0]?.active, false);
  assertEquals(changed.active_session_id, null);
});

/** Two spellings of an instant, and of a later one, whose texts sort otherwise. */
const spellings: [string, string][] = [
  ["2026-01-01T09:00:00.000000Z", "2026-01-01 10:00:00.000000Z"],
  ["2026-01-01T09:00:00Z", "2026-01-01T09:00:00.5Z"],
  ["2026-01-01T09:00:00.000000Z", "2026-01-01T05:00:00.000001-05:00"],
];

for (const [earlier, later] of spellings) {
  Deno.test(`applyEvent() takes the session of ${later} for the active one, not that of ${earlier}`, () => {
    // The first has no end: its event may never arrive
    for (const [old, current] of [[first, second], [second, first]] as const) {
      const events = [started(old, earlier), started(current, later)];
      for (const order of [events, events.toReversed()]) {
        const room = order.reduce(applyEvent, { id } as Room);
        assertEquals(room.active_session_id, current);
        assertEquals(room.sessions?.map(({ id }) => id), [old, current]);
      }
    }
  });
}

Deno.test("applyEvent() keeps people who came at the same instant in one order, whichever event is first", () => {
  const ids = [person, second];
  for (const order of [ids, ids.toReversed()]) {
    const room = order
      .map((participant_id) => event("participant.joined", { participant_id }))
      .reduce(applyEvent, { id } as Room);
    const { participants = [] } = room.sessions?.[0] ?? {};
    assertEquals(participants?.map(({ id }) => id), [second, person]);
  }
});

Deno.test("applyEvent() writes times as getRoom() does, however the event spells them", () => {
  const room = applyEvent({ id }, started(first, "2021-04-16 11:46:20.95+02"));
  assertEquals(room.sessions?.[0]?.created_at, "2021-04-16T09:46:20.950000Z");
});

Deno.test("applyEvent() keeps a name that a later event does not repeat", () => {
  const joined = (payload?: object) => event("participant.joined", payload);
  const left = (payload?: object) => event("participant.left", payload);
  const name = { context: "Alice" };
  for (
    const events of [
      [joined(name), left()],
      [left(), joined(name)],
      [left(name), joined()],
    ]
  ) {
    const room = events.reduce(applyEvent, { id } as Room);
    const [participant] = room.sessions?.[0]?.participants ?? [];
    assertEquals(participant?.context, "Alice");
  }
});
