import type { Room } from "../core/rooms.ts";
import type { RoomSession } from "../core/sessions.ts";
import {
  activeSession,
  isOf,
  type RoomRecord,
  type SessionRecord,
  sessionsOf,
  type State,
  where,
} from "./state.ts";

/** A session as in a response. */
export function sessionView(
  state: State,
  session: SessionRecord,
  includeParticipants: boolean | undefined,
): RoomSession {
  if (!includeParticipants) return session;
  const participants = where(state.participants, isOf(session.id));
  return { ...session, participants };
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
  view.sessions = sessionsOf(state, room.id)
    .map((session) => sessionView(state, session, true));
  return view;
}
