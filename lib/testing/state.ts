import { uuid } from "../arguments.ts";
import type { RoomComposition } from "../compositions.ts";
import { jsonType } from "../decode.ts";
import type { RoomParticipant } from "../participants.ts";
import type { RoomRecording } from "../recordings.ts";
import { type Room, room as roomDecoder } from "../rooms.ts";
import type { RoomSession } from "../sessions.ts";

/** A room, by itself. */
export type RoomRecord = Omit<Room, "sessions">;
/** A session, by itself. */
export type SessionRecord = Omit<RoomSession, "participants"> & {
  room_id: string;
};
/** A participant. */
export type ParticipantRecord = OfSession<RoomParticipant>;
/** A recording, or a composition. */
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

/** Changes fields of a record. */
export function change<T extends { id: string }>(
  records: Map<string, T>,
  record: T,
  changes: Partial<T>,
): T {
  return put(records, { ...record, ...changes });
}

/** Those records of which something holds. */
export function where<T>(
  records: Map<string, T>,
  holds: (record: T) => boolean,
): T[] {
  return [...records.values()].filter(holds);
}

/** A copy of JSON data, undefined fields included; jsdom has no structuredClone. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, it]) => [name, copy(it)]);
  return Object.fromEntries(fields) as T;
}

/** The seed, and after its own fields those that it leaves out. */
function fill<T extends object>(seed: object, defaults: T): T {
  const missing = Object.entries(defaults).filter(([name]) =>
    !Object.hasOwn(seed, name)
  );
  return { ...seed, ...Object.fromEntries(missing) } as T;
}

const began = "2021-04-16T09:46:20.954863Z";
const changed = "2021-04-16T10:24:55.962200Z";

/** The room of an id, for the test that manages the fake. */
export function theRoom(state: State, id: string): RoomRecord {
  const room = find(state.rooms, id);
  if (!room) throw new TypeError(`Cannot find room ${id}: add it first`);
  return room;
}

/**
 * Puts a room there, in place of the one of its id, with the sessions and
 * participants that are in it; what it leaves out is filled in.
 */
export function setRoom(state: State, seed: Room): void {
  const wrong = roomDecoder(seed) ??
    (uuid(seed.id) && { pointer: "/id", expected: "a UUID", value: seed.id });
  if (wrong) {
    throw new TypeError(
      `Cannot set the room as ${wrong.pointer || "it"} must be ` +
        `${wrong.expected}: received ${jsonType(wrong.value)}`,
    );
  }
  const { sessions, ...room } = copy(seed);
  for (const { id } of where(state.sessions, isIn(room.id))) {
    removeSession(state, id);
  }
  put(
    state.rooms,
    fill<RoomRecord>(room, {
      id: room.id,
      max_participants: 50,
      unique_name: `room-${room.id.slice(0, 8)}`,
      created_at: began,
      updated_at: changed,
      enable_recording: false,
      webhook_event_url: null,
      webhook_event_failover_url: "",
      webhook_timeout_secs: null,
      video_codecs: ["h264", "vp8"],
      record_type: "room",
    }),
  );
  for (const session of sessions ?? []) addSession(state, room.id, session);
}

/** Whether a record is of the room. */
function isIn(id: string) {
  return ({ room_id }: { room_id: string }) =>
    room_id.toLowerCase() === id.toLowerCase();
}

/** Whether a record is of the session. */
export function isOf(id: string) {
  return ({ session_id }: { session_id: string }) =>
    session_id.toLowerCase() === id.toLowerCase();
}

function addSession(state: State, room_id: string, seed: RoomSession): void {
  const { participants, ...session } = seed;
  put(
    state.sessions,
    fill<SessionRecord>({ ...session, room_id: session.room_id ?? room_id }, {
      id: session.id,
      room_id,
      active: false,
      created_at: began,
      updated_at: changed,
      record_type: "room_session",
    }),
  );
  for (const participant of participants ?? []) {
    put(
      state.participants,
      fill<ParticipantRecord>({
        ...participant,
        session_id: participant.session_id ?? session.id,
      }, {
        id: participant.id,
        session_id: session.id,
        joined_at: began,
        updated_at: changed,
        record_type: "room_participant",
      }),
    );
  }
}

function removeSession(state: State, id: string): void {
  state.sessions.delete(id.toLowerCase());
  for (const participant of where(state.participants, isOf(id))) {
    state.participants.delete(participant.id.toLowerCase());
  }
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

/** A session as a response has it. */
export function sessionView(
  state: State,
  session: SessionRecord,
  includeParticipants: boolean | undefined,
): RoomSession {
  if (!includeParticipants) return session;
  const participants = where(state.participants, isOf(session.id));
  return { ...session, participants };
}

/** A room as a response has it. */
export function roomView(
  state: State,
  room: RoomRecord,
  includeSessions: boolean | undefined,
): Room {
  const view: Room = {
    active_session_id: activeSession(state, room.id)?.id ?? null,
    ...room,
  };
  if (!includeSessions) return view;
  view.sessions = sessionsOf(state, room.id)
    .map((session) => sessionView(state, session, true));
  return view;
}
