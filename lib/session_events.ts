import type { EventPayloads, KnownEvent } from "./events.ts";
import type { RoomSession } from "./sessions.ts";

/** The types of the events that a session's own record tells. */
export type SessionEventType =
  | "video.room.session.started"
  | "video.room.session.ended"
  | "video.room.participant.joined"
  | "video.room.participant.left";

/** Something that happened in a session: the event that a webhook tells. */
export type SessionEvent = KnownEvent<SessionEventType>;

/** In this order, of those that happened at the same time. */
const types: SessionEventType[] = [
  "video.room.session.started",
  "video.room.participant.joined",
  "video.room.participant.left",
  "video.room.session.ended",
];

/** Whole seconds from one time to another; nothing if one is not known. */
function secondsBetween(from: string, to: string): { duration_secs?: number } {
  const seconds = Math.floor((Date.parse(to) - Date.parse(from)) / 1000);
  return seconds >= 0 ? { duration_secs: seconds } : {};
}

function toEvent<Type extends SessionEventType>(
  event_type: Type,
  of: string,
  occurred_at: string | null | undefined,
  payload: EventPayloads[Type],
): SessionEvent[] {
  if (!occurred_at) return [];
  // The same id each time: that of the record, with the type for its version
  const id = of.slice(0, 14) + "abcd"[types.indexOf(event_type)] + of.slice(15);
  const event = { id, event_type, occurred_at, payload, record_type: "event" };
  return [event as SessionEvent];
}

/** Everything that the record of a session tells to have happened in it. */
function eventsOf(session: RoomSession): SessionEvent[] {
  const { id: session_id, room_id, created_at, ended_at } = session;
  const place = { ...room_id ? { room_id } : {}, session_id };
  const people = (session.participants ?? []).flatMap((participant) => {
    const { id: participant_id, context, joined_at, left_at } = participant;
    const who = { ...place, participant_id, ...context ? { context } : {} };
    return [
      ...toEvent(
        "video.room.participant.joined",
        participant_id,
        joined_at,
        who,
      ),
      ...toEvent("video.room.participant.left", participant_id, left_at, {
        ...who,
        ...secondsBetween(joined_at ?? "", left_at ?? ""),
      }),
    ];
  });
  return [
    ...toEvent("video.room.session.started", session_id, created_at, place),
    ...people,
    ...toEvent("video.room.session.ended", session_id, ended_at, {
      ...place,
      ...secondsBetween(created_at ?? "", ended_at ?? ""),
    }),
  ];
}

/** Everything that the records of sessions tell, the oldest event first. */
export function sessionEvents(sessions: RoomSession[]): SessionEvent[] {
  const place = (event: SessionEvent) =>
    `${event.occurred_at} ${types.indexOf(event.event_type)}`;
  return sessions.flatMap(eventsOf)
    .sort((a, b) => place(a) < place(b) ? -1 : 1);
}
