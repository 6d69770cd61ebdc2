import { assertEquals } from "@std/assert";
import { applyEvent, type Room, type RoomEvent } from "../../mod.ts";
import { id } from "../support/example.ts";

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
