import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { applyEvent, getRoom, type Room, type RoomEvent } from "../mod.ts";
import { id } from "./example.ts";
import { play, step } from "./room_history.ts";

Deno.test("applyEvent() results in the room of getRoom(), for events in any order and sent twice", async () => {
  const history = fc.array(step, { maxLength: 12 });
  const essential = ({ active_session_id, sessions }: Room) => ({
    active_session_id,
    sessions: (sessions ?? []).map(({ participants, ...session }) => ({
      id: session.id,
      active: session.active,
      created_at: session.created_at,
      ended_at: session.ended_at ?? null,
      participants: participants?.map((person) => ({
        id: person.id,
        context: person.context ?? null,
        joined_at: person.joined_at,
        left_at: person.left_at ?? null,
      })).sort((a, b) => a.id < b.id ? -1 : 1) ?? [],
    })).sort((a, b) => a.id < b.id ? -1 : 1),
  });
  await fc.assert(
    fc.asyncProperty(history, fc.gen(), async (steps, gen) => {
      const { fake, webhooks } = await play([], steps);
      const order = gen(fc.shuffledSubarray, [...webhooks, ...webhooks], {
        minLength: 2 * webhooks.length,
      });
      const room = order.reduce(applyEvent, { id } as Room);
      const expected = await getRoom(fake.fetch, "any", id, {
        includeSessions: true,
      });
      assertEquals(
        essential({ active_session_id: null, ...room }),
        essential(expected),
      );
    }),
    { numRuns: 40 },
  );
});

Deno.test("applyEvent() does not modify its argument, and ignores events of other rooms", () => {
  const room: Room = Object.freeze({ id, unique_name: "Standup" });
  const event = (payload: unknown, more = {}) =>
    ({
      id,
      event_type: "video.room.session.started",
      occurred_at: "2026-01-01T00:00:00.000000Z",
      payload,
      ...more,
    }) as RoomEvent;
  const session_id = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f1";
  const changed = applyEvent(room, event({ room_id: id, session_id }));
  assertEquals(changed.active_session_id, session_id);
  assertEquals(room, { id, unique_name: "Standup" });
  for (
    const other of [
      event({ room_id: session_id, session_id }),
      event({ room_id: id }),
      event({ room_id: id, session_id }, { occurred_at: null }),
      event({ room_id: id, session_id }, { event_type: "video.room.new" }),
    ]
  ) assertEquals(applyEvent(room, other), room);
});

Deno.test("applyEvent() keeps a session inactive that the provider called so, even without an end", () => {
  const session_id = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f1";
  const room = { id, sessions: [{ id: session_id, active: false }] } as Room;
  const changed = applyEvent(room, {
    id,
    event_type: "video.room.participant.left",
    occurred_at: "2026-01-01T00:00:00.000000Z",
    payload: { room_id: id, session_id, participant_id: id },
  } as RoomEvent);
  assertEquals(changed.sessions?.[0]?.active, false);
  assertEquals(changed.active_session_id, null);
});
