import type { Room } from "../core/rooms.ts";
import type { RoomSession } from "../core/sessions.ts";
import {
  activeSession,
  type RoomRecord,
  type SessionRecord,
  type State,
} from "./state.ts";

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
