// What happens to a room without a request: what a test, a page or a script does.
import { isPending, settleAll } from "./due.ts";
import { theRoom } from "./seed.ts";
import {
  end,
  startRecordings,
  startSession,
  stopRecordings,
} from "./sessions.ts";
import type { RoomSession } from "../core/sessions.ts";
import {
  activeSession,
  change,
  presentIn,
  type SessionRecord,
  type State,
  timestamp,
} from "./state.ts";

/** The active session of a room; throws if there is none. */
function running(state: State, roomId: string): SessionRecord {
  const { id } = theRoom(state, roomId);
  const session = activeSession(state, id);
  if (session) return session;
  throw new Error(`Cannot find an active session in room ${id}: start one`);
}

/** Starts a session with nobody in it. */
export function startEmptySession(state: State, roomId: string): RoomSession {
  const room = theRoom(state, roomId);
  if (activeSession(state, room.id)) {
    throw new Error(
      `Cannot start a session in room ${room.id} as one is active`,
    );
  }
  return { ...startSession(state, room) };
}

/** Ends the active session of a room. */
export function endActiveSession(state: State, roomId: string): void {
  end(state, running(state, roomId));
}

/** Turns the recording of a room on or off, also of those who are in it. */
export function record(state: State, roomId: string, isOn: boolean): void {
  const room = theRoom(state, roomId);
  change(state.rooms, room, {
    enable_recording: isOn,
    updated_at: timestamp(state.now()),
  });
  const session = activeSession(state, room.id);
  for (const person of session ? presentIn(state, session.id) : []) {
    const isRecorded = state.recordings.of(person.session_id)
      .some(({ participant_id, ended_at }) =>
        participant_id === person.id && !ended_at
      );
    if (!isOn) stopRecordings(state, person);
    else if (session && !isRecorded) startRecordings(state, session, person);
  }
}

/**
 * Completes what has ended in a room but is not complete: recordings and
 * compositions. Returns how many that were.
 */
export function complete(state: State, roomId: string): number {
  const { id } = theRoom(state, roomId);
  const pending = [...state.recordings.values(), ...state.compositions.values()]
    .filter((record) => record.room_id === id && isPending(record)).length;
  settleAll(state, id);
  const left = [...state.recordings.values(), ...state.compositions.values()]
    .filter((record) => record.room_id === id && isPending(record)).length;
  return pending - left;
}
