import type { RoomParticipant } from "../core/participants.ts";
import type { RoomSession } from "../core/sessions.ts";
import { secondsBetween, settle } from "./due.ts";
import { tokenProblem } from "./join_tokens.ts";
import { theRoom } from "./seed.ts";
import {
  activeSession,
  forgetActiveSession,
  type ParticipantRecord,
  presentIn,
  type RoomRecord,
  type SessionRecord,
  type State,
  timestamp,
} from "./state.ts";

/** The ids that every event of a participant has. */
function placeOf({ sessions }: State, { id, session_id }: ParticipantRecord) {
  const room_id = sessions.get(session_id)?.room_id ?? null;
  return { room_id, session_id, participant_id: id };
}

function startRecordings(state: State, participant: ParticipantRecord): void {
  const place = placeOf(state, participant);
  const at = timestamp(state.now());
  for (const type of ["audio", "video"]) {
    const recording_id = state.newId();
    state.recordings.put({
      id: recording_id,
      ...place,
      status: "processing",
      type,
      codec: type === "audio" ? "opus" : "vp8",
      created_at: at,
      updated_at: at,
      started_at: at,
      record_type: "room_recording",
    });
    const payload = { ...place, recording_id, type };
    state.emit("video.room.recording.started", payload);
  }
}

/** The recordings of a participant that have not ended. */
const runningOf = (
  { recordings }: State,
  { id, session_id }: ParticipantRecord,
) =>
  recordings.of(session_id).filter(({ participant_id, ended_at }) =>
    participant_id === id && !ended_at
  );

function stopRecordings(state: State, participant: ParticipantRecord): void {
  const at = timestamp(state.now());
  for (const recording of runningOf(state, participant)) {
    state.recordings.change(recording, { ended_at: at, updated_at: at });
  }
}

function startSession(
  state: State,
  { id: room_id }: RoomRecord,
): SessionRecord {
  const at = timestamp(state.now());
  const session = state.sessions.put({
    id: state.newId(),
    room_id,
    active: true,
    created_at: at,
    updated_at: at,
    record_type: "room_session",
  });
  forgetActiveSession(state, room_id);
  const payload = { room_id, session_id: session.id };
  state.emit("video.room.session.started", payload);
  return session;
}

/** Adds a participant to a room, as a client does that joins it. */
export function join(
  state: State,
  roomId: string,
  { context, token }: {
    context?: string | undefined;
    token?: string | undefined;
  },
): RoomParticipant {
  settle(state);
  const room = theRoom(state, roomId);
  const refuse = (why: string) => {
    throw new Error(`Cannot join room ${roomId} as ${why}`);
  };
  const problem = token !== undefined &&
    tokenProblem(state, token, "access", room.id);
  if (problem) refuse(`the token ${problem}`);
  const running = activeSession(state, room.id);
  const present = presentIn(state, running);
  const max = room.max_participants ?? Infinity;
  if (present.length >= max) refuse(`it is full: ${max} participants`);
  const session = running ?? startSession(state, room);
  const at = timestamp(state.now());
  const participant: ParticipantRecord = state.participants.put({
    id: state.newId(),
    session_id: session.id,
    ...context !== undefined && { context },
    joined_at: at,
    updated_at: at,
    record_type: "room_participant",
  });
  state.emit("video.room.participant.joined", {
    ...placeOf(state, participant),
    ...context !== undefined && { context },
  });
  if (room.enable_recording) startRecordings(state, participant);
  return { ...participant };
}

function remove(
  state: State,
  participant: ParticipantRecord,
  left_reason: string,
): void {
  const at = state.now();
  state.participants.change(participant, {
    left_at: timestamp(at),
    updated_at: timestamp(at),
  });
  state.muted.delete(participant.id);
  stopRecordings(state, participant);
  const { context, joined_at } = participant;
  state.emit("video.room.participant.left", {
    ...placeOf(state, participant),
    ...context !== undefined && { context },
    duration_secs: secondsBetween(joined_at, at),
    left_reason,
  });
}

function stopSession(
  state: State,
  session: SessionRecord,
  ended_reason: string,
): void {
  const at = state.now();
  const { id: session_id, room_id, created_at } = session;
  state.sessions.change(session, {
    active: false,
    ended_at: timestamp(at),
    updated_at: timestamp(at),
  });
  forgetActiveSession(state, room_id);
  state.emit("video.room.session.ended", {
    room_id,
    session_id,
    duration_secs: secondsBetween(created_at, at),
    ended_reason,
  });
}

/** Removes everyone from a session, and ends it. */
export function end(state: State, session: SessionRecord): void {
  for (const participant of presentIn(state, session)) {
    remove(state, participant, "left");
  }
  stopSession(state, session, "Ended from API");
}

/** Removes participants; the last one's leaving ends the session. */
export function removeAll(
  state: State,
  participants: ParticipantRecord[],
  reason: "left" | "kicked",
): void {
  for (const participant of participants) {
    remove(state, participant, reason);
    const session = state.sessions.get(participant.session_id);
    if (session?.active && presentIn(state, session).length === 0) {
      stopSession(state, session, "all participants left");
    }
  }
}

/** Removes a participant, as a client does that leaves. */
export function leave(state: State, participantId: string): void {
  settle(state);
  const participant = state.participants.get(participantId);
  if (!participant || participant.left_at) {
    throw new Error(`Cannot find participant ${participantId} in a session`);
  }
  removeAll(state, [participant], "left");
}

/** Ends the active session of a room, and removes the room. */
export function removeRoom(state: State, room: RoomRecord): void {
  const session = activeSession(state, room.id);
  if (session) end(state, session);
  state.rooms.drop(room);
}

export function startEmptySession(state: State, roomId: string): RoomSession {
  const room = theRoom(state, roomId);
  if (activeSession(state, room.id)) {
    throw new Error(
      `Cannot start a session in room ${room.id} as one is active`,
    );
  }
  return { ...startSession(state, room) };
}

export function endActiveSession(state: State, roomId: string): void {
  const { id } = theRoom(state, roomId);
  const session = activeSession(state, id);
  if (session) return end(state, session);
  throw new Error(`Cannot find an active session in room ${id}: start one`);
}

/** Turns the recording of a room on or off, also of those who are in it. */
export function record(state: State, roomId: string, isOn: boolean): void {
  const room = theRoom(state, roomId);
  state.rooms.change(room, {
    enable_recording: isOn,
    updated_at: timestamp(state.now()),
  });
  for (const person of presentIn(state, activeSession(state, room.id))) {
    const isRecorded = runningOf(state, person).length > 0;
    if (!isOn) stopRecordings(state, person);
    else if (!isRecorded) startRecordings(state, person);
  }
}
