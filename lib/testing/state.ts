import type { RoomComposition } from "../compositions.ts";
import type { RoomParticipant } from "../participants.ts";
import type { RoomRecording } from "../recordings.ts";
import type { Room } from "../rooms.ts";
import type { RoomSession } from "../sessions.ts";

/** A room, by itself. */
export type RoomRecord = Omit<Room, "sessions">;
/** A session, by itself. */
export type SessionRecord = Omit<RoomSession, "participants"> & {
  room_id: string;
};
/** A participant. */
export type ParticipantRecord = OfSession<RoomParticipant>;
/** A participant, a recording or a composition. */
export type OfSession<T> = T & { session_id: string };

/** All that a fake provider has, by ids in lower case. */
export interface State {
  readonly rooms: Map<string, RoomRecord>;
  readonly sessions: Map<string, SessionRecord>;
  readonly participants: Map<string, ParticipantRecord>;
  readonly recordings: Map<string, OfSession<RoomRecording>>;
  readonly compositions: Map<string, OfSession<RoomComposition>>;
  /** The ids of participants who are muted. */
  readonly muted: Set<string>;
  /** The tokens that were minted, each with what it is good for. */
  readonly grants: Map<string, Grant>;
  /** The time, in milliseconds since the epoch. */
  now(): number;
  /** A UUID that was not there before. */
  newId(): string;
  /** Tells that something happened. */
  emit(type: EventType, payload: Record<string, unknown>, at: number): void;
}

/** What happens in rooms (Telnyx API reference, *Webhooks*). */
export type EventType = `video.room.${
  | "session.started"
  | "session.ended"
  | "participant.joined"
  | "participant.left"
  | "recording.started"
  | "recording.completed"
  | "composition.completed"}`;

/** What a token lets its holder do. */
export interface Grant {
  type: "access" | "refresh";
  roomId: string;
  /** When it ends, in milliseconds since the epoch. */
  ends: number;
}

/** A time as the provider writes it, with microseconds. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** The record of an id, whatever its case; nothing if there is none. */
export function find<T>(records: Map<string, T>, id: string): T | undefined {
  return records.get(String(id).toLowerCase());
}

/** Puts a record there, in place of the one of its id. */
export function put<T extends { id: string }>(
  records: Map<string, T>,
  record: T,
): T {
  records.set(record.id.toLowerCase(), record);
  return record;
}

/** Changes fields of a record; the object that was there stays as it is. */
export function change<T extends { id: string }>(
  records: Map<string, T>,
  record: T,
  changes: Partial<T>,
): T {
  return put(records, { ...record, ...changes });
}

/** Takes a record away. */
export function drop<T extends { id: string }>(
  records: Map<string, T>,
  { id }: T,
): void {
  records.delete(id.toLowerCase());
}

/** The records for which something holds. */
export function where<T>(
  records: Map<string, T>,
  holds: (record: T) => boolean,
): T[] {
  return [...records.values()].filter(holds);
}

/** Whether a record is of the room. */
export function isIn(id: string) {
  return ({ room_id }: { room_id: string }) =>
    room_id.toLowerCase() === id.toLowerCase();
}

/** Whether a record is of the session. */
export function isOf(id: string) {
  return ({ session_id }: { session_id: string }) =>
    session_id.toLowerCase() === id.toLowerCase();
}

/** The sessions of a room, the oldest first. */
export function sessionsOf(state: State, roomId: string): SessionRecord[] {
  return where(state.sessions, isIn(roomId));
}

/** The session of a room that is going on, if there is one. */
export function activeSession(
  state: State,
  roomId: string,
): SessionRecord | undefined {
  return sessionsOf(state, roomId).find(({ active }) => active);
}

/** Who is in a session now. */
export function presentIn(
  state: State,
  sessionId: string,
): ParticipantRecord[] {
  return where(state.participants, isOf(sessionId))
    .filter(({ left_at }) => !left_at);
}

/**
 * Forgets what a seed said of a room's active session: from now on it is the one
 * that is going on.
 */
export function forgetActiveSession({ rooms }: State, roomId: string): void {
  const room = find(rooms, roomId);
  if (!room) return;
  const { active_session_id: _, ...rest } = room;
  put(rooms, rest);
}
