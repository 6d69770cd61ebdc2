// Keeps a room up to date with its events.
import type { RoomEvent } from "./events.ts";
import { compare, spellTime, toInstant } from "./instant.ts";
import type { RoomParticipant } from "./participants.ts";
import { isRecord } from "./redact.ts";
import type { Room } from "./rooms.ts";
import { isActive, type RoomSession } from "./sessions.ts";

/** Updates or adds the record with an id; sorts the records by start time. */
function upsert<T extends { id: string }>(
  records: T[] | null | undefined,
  id: string,
  changes: Partial<T>,
  startOf: (record: T) => string | null | undefined,
): T[] {
  const others = (records ?? []).filter((record) => record.id !== id);
  const record = records?.find((record) => record.id === id);
  return [...others, { id, ...record, ...changes } as T]
    .map((record) => ({ record, start: toInstant(startOf(record)) }))
    .sort((a, b) =>
      compare(a.start, b.start) || compare(a.record.id, b.record.id)
    )
    .map(({ record }) => record);
}

function changeSession(
  room: Room,
  id: string,
  changes: Partial<RoomSession>,
): Room {
  const sessions = upsert(room.sessions, id, {
    room_id: room.id,
    ...changes,
  }, ({ created_at }) => created_at).map((session) => ({
    ...session,
    active: isActive(session),
  }));
  const current = sessions.filter(({ active }) => active).at(-1);
  return { ...room, active_session_id: current?.id ?? null, sessions };
}

function changeParticipant(
  room: Room,
  sessionId: string,
  id: string,
  changes: Partial<RoomParticipant>,
): Room {
  const session = room.sessions?.find((session) => session.id === sessionId);
  const participants = upsert(session?.participants, id, {
    session_id: sessionId,
    ...changes,
  }, ({ joined_at }) => joined_at);
  return changeSession(room, sessionId, { participants });
}

/**
 * Applies an event to a room: to its `active_session_id`, its sessions and
 * their participants. Webhooks can arrive twice and in any order; once all have
 * arrived, the room is the same in any order, and the same as from `getRoom`
 * with `includeSessions`. A pure function: it does not modify `room`.
 *
 * Times are compared as instants, however they are spelled, and are written as
 * in records: `2021-04-16T09:46:20.954863Z`.
 *
 * It ignores events of other rooms, of recordings and compositions, of unknown
 * types, and without a time or a session.
 *
 * @param room The room so far: `{ id }`, or the result of `getRoom`.
 * @param event The event, from `parseWebhook` or `watchRoom`.
 * @returns The updated room.
 *
 * @example
 * ```ts
 * import { applyEvent, type Room, watchRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.join(id, { context: "Alice" });
 *
 * let room: Room = { id };
 * for await (const event of watchRoom(fake.fetch, "any", id)) {
 *   room = applyEvent(room, event);
 *   if (event.event_type === "video.room.participant.joined") break;
 * }
 * assertEquals(room.active_session_id, fake.rooms[0]?.active_session_id);
 * ```
 */
export function applyEvent(room: Room, event: RoomEvent): Room {
  const { occurred_at } = event;
  const { room_id, session_id } = isRecord(event.payload) ? event.payload : {};
  const isOfRoom = (room_id ?? room.id) === room.id;
  if (!occurred_at || !isOfRoom) return room;
  if (typeof session_id !== "string" || session_id === "") return room;
  const at = spellTime(occurred_at);
  switch (event.event_type) {
    case "video.room.session.started":
      return changeSession(room, session_id, { created_at: at });
    case "video.room.session.ended":
      return changeSession(room, session_id, { ended_at: at });
    case "video.room.participant.joined": {
      const { participant_id, context } = event.payload;
      const joined = { joined_at: at, ...context ? { context } : {} };
      return changeParticipant(room, session_id, participant_id, joined);
    }
    case "video.room.participant.left": {
      const { participant_id, context } = event.payload;
      const left = { left_at: at, ...context ? { context } : {} };
      return changeParticipant(room, session_id, participant_id, left);
    }
    default:
      return room;
  }
}
