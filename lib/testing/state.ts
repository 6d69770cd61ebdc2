import type { RoomComposition } from "../core/compositions.ts";
import type { EventPayloads } from "../core/events.ts";
import type { RoomParticipant } from "../core/participants.ts";
import type { RoomRecording } from "../core/recordings.ts";
import type { Room } from "../core/rooms.ts";
import type { RoomSession } from "../core/sessions.ts";
import type { Records } from "./records.ts";

export type EventType = keyof EventPayloads;

/** A room without its sessions. */
export type RoomRecord = Omit<Room, "sessions">;
/** A session without its participants. */
export type SessionRecord = Omit<RoomSession, "participants"> & {
  room_id: string;
};
export type ParticipantRecord = OfSession<RoomParticipant>;
/** A participant, a recording or a composition. */
export type OfSession<T> = T & { session_id: string };

export interface State {
  readonly rooms: Records<RoomRecord>;
  readonly sessions: Records<SessionRecord>;
  readonly participants: Records<ParticipantRecord>;
  readonly recordings: Records<OfSession<RoomRecording>>;
  readonly compositions: Records<OfSession<RoomComposition>>;
  /** The ids of participants who are muted. */
  readonly muted: Set<string>;
  /** The tokens that were minted, each with what it allows. */
  readonly grants: Map<string, Grant>;
  /** The URL that links to files start with, without a slash at the end. */
  fileBase: string;
  /** The sizes that were chosen, by the ids of their records in lower case. */
  readonly fileSizes: Map<string, number>;
  now(): number;
  newId(): string;
  emit(type: EventType, payload: Record<string, unknown>, at?: number): void;
}

export interface Grant {
  type: "access" | "refresh";
  roomId: string;
  expiresMs: number;
}

/** A time as Telnyx writes it, with microseconds. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

export function activeSession(
  state: State,
  roomId: string,
): SessionRecord | undefined {
  return state.sessions.of(roomId).find(({ active }) => active);
}

/** The participants who are in a session now; none without a session. */
export function presentIn(
  state: State,
  session: SessionRecord | undefined,
): ParticipantRecord[] {
  const everyone = session ? state.participants.of(session.id) : [];
  return everyone.filter(({ left_at }) => !left_at);
}

/** Removes a seed's `active_session_id`, which is derived from then on. */
export function forgetActiveSession({ rooms }: State, roomId: string): void {
  const room = rooms.get(roomId);
  if (!room) return;
  const { active_session_id: _, ...rest } = room;
  rooms.put(rest);
}

export function empty(state: State): void {
  const { rooms, sessions, participants, recordings, compositions } = state;
  const all = [rooms, sessions, participants, recordings, compositions];
  const others = [state.muted, state.grants, state.fileSizes];
  for (const records of [...all, ...others]) records.clear();
}

/** A session as in a response. */
export function sessionView(
  state: State,
  session: SessionRecord,
  includeParticipants: boolean | undefined,
): RoomSession {
  if (!includeParticipants) return session;
  return { ...session, participants: state.participants.of(session.id) };
}

/** A room as in a response. */
export function roomView(
  state: State,
  room: RoomRecord,
  includeSessions: boolean | undefined,
): Room {
  const view: Room = { ...room };
  if (!Object.hasOwn(view, "active_session_id")) {
    view.active_session_id = activeSession(state, room.id)?.id ?? null;
  }
  if (!includeSessions) return view;
  view.sessions = state.sessions.of(room.id)
    .map((session) => sessionView(state, session, true));
  return view;
}
