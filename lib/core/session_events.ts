// Derives events from the records of sessions.
import type { EventPayloads, KnownEvent } from "./events.ts";
import { compare, toInstant } from "./instant.ts";
import type { RoomSession } from "./sessions.ts";

/** The types of events that can be derived from a session's record. */
export type SessionEventType =
  | "video.room.session.started"
  | "video.room.session.ended"
  | "video.room.participant.joined"
  | "video.room.participant.left";

/** An event of a session, as in its webhook. */
export type SessionEvent = KnownEvent<SessionEventType>;

/** In the order of events that happened at the same time. */
const eventTypes: SessionEventType[] = [
  "video.room.session.started",
  "video.room.participant.joined",
  "video.room.participant.left",
  "video.room.session.ended",
];

/** The whole seconds between two times, if both are known. */
function durationOf(
  from: string | null | undefined,
  to: string | null | undefined,
): { duration_secs?: number } {
  const [start, end] = [toInstant(from), toInstant(to)];
  if (start === undefined || end === undefined || end < start) return {};
  return { duration_secs: Number((end - start) / 1_000_000n) };
}

function toEvent<Type extends SessionEventType>(
  event_type: Type,
  recordId: string,
  occurred_at: string | null | undefined,
  payload: EventPayloads[Type],
): SessionEvent[] {
  if (!occurred_at) return [];
  // A stable id: the record's UUID, with its version digit replaced by the type
  const version = "abcd"[eventTypes.indexOf(event_type)];
  const id = recordId.slice(0, 14) + version + recordId.slice(15);
  const event = { id, event_type, occurred_at, payload, record_type: "event" };
  return [event as SessionEvent];
}

/** Derives the events of a session and its participants from its record. */
function eventsOf(session: RoomSession): SessionEvent[] {
  const { id: session_id, room_id, created_at, ended_at } = session;
  const place = { ...room_id ? { room_id } : {}, session_id };
  const participantEvents = (session.participants ?? []).flatMap(
    (participant) => {
      const { id: participant_id, context, joined_at, left_at } = participant;
      const payload = {
        ...place,
        participant_id,
        ...context ? { context } : {},
      };
      return [
        ...toEvent(
          "video.room.participant.joined",
          participant_id,
          joined_at,
          payload,
        ),
        ...toEvent("video.room.participant.left", participant_id, left_at, {
          ...payload,
          ...durationOf(joined_at, left_at),
        }),
      ];
    },
  );
  return [
    ...toEvent("video.room.session.started", session_id, created_at, place),
    ...participantEvents,
    ...toEvent("video.room.session.ended", session_id, ended_at, {
      ...place,
      ...durationOf(created_at, ended_at),
    }),
  ];
}

/** The sessions by their start, then their end: one without an end is last. */
function inOrder(sessions: readonly RoomSession[]): RoomSession[] {
  return sessions
    .map((session) => ({
      session,
      start: toInstant(session.created_at),
      hasNoEnd: session.ended_at ? 0 : 1,
      end: toInstant(session.ended_at),
    }))
    .sort((a, b) =>
      compare(a.start, b.start) || compare(a.hasNoEnd, b.hasNoEnd) ||
      compare(a.end, b.end) || compare(a.session.id, b.session.id)
    )
    .map(({ session }) => session);
}

/**
 * Derives the events of sessions from their records, oldest first. Of what
 * happened at the same instant, an earlier session's events come first: it ends
 * before the next one starts.
 */
export function sessionEvents(
  sessions: readonly RoomSession[],
): SessionEvent[] {
  return inOrder(sessions)
    .flatMap((session, nth) =>
      eventsOf(session).map((event) => ({
        event,
        instant: toInstant(event.occurred_at),
        nth,
        type: eventTypes.indexOf(event.event_type),
      }))
    )
    .sort((a, b) =>
      compare(a.instant, b.instant) || compare(a.nth, b.nth) ||
      compare(a.type, b.type)
    )
    .map(({ event }) => event);
}
