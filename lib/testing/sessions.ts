import type { RoomParticipant } from "../participants.ts";
import type { RoomRecording } from "../recordings.ts";
import { secondsFrom, settle } from "./due.ts";
import { tokenProblem } from "./join_tokens.ts";
import { theRoom } from "./seed.ts";
import {
  activeSession,
  change,
  drop,
  find,
  forgetActiveSession,
  isOf,
  type ParticipantRecord,
  presentIn,
  put,
  type RoomRecord,
  type SessionRecord,
  type State,
  timestamp,
  where,
} from "./state.ts";

/** Begins the recordings of someone who has joined: the sound, the picture. */
function startRecordings(
  state: State,
  { room_id }: SessionRecord,
  { session_id, id: participant_id }: ParticipantRecord,
): void {
  const at = state.now();
  for (const type of ["audio", "video"]) {
    const recording: RoomRecording & { session_id: string } = {
      id: state.newId(),
      room_id,
      session_id,
      participant_id,
      status: "processing",
      type,
      codec: type === "audio" ? "opus" : "vp8",
      created_at: timestamp(at),
      updated_at: timestamp(at),
      started_at: timestamp(at),
      record_type: "room_recording",
    };
    put(state.recordings, recording);
    const { id: recording_id } = recording;
    const payload = { room_id, session_id, participant_id, recording_id, type };
    state.emit("video.room.recording.started", payload, at);
  }
}

/** Ends the recordings of someone who has left. */
function stopRecordings(state: State, participantId: string): void {
  const at = timestamp(state.now());
  const running = where(
    state.recordings,
    ({ participant_id, ended_at }) =>
      participant_id === participantId && !ended_at,
  );
  for (const recording of running) {
    change(state.recordings, recording, { ended_at: at, updated_at: at });
  }
}

function startSession(
  state: State,
  { id: room_id }: RoomRecord,
): SessionRecord {
  const at = state.now();
  const session = put(state.sessions, {
    id: state.newId(),
    room_id,
    active: true,
    created_at: timestamp(at),
    updated_at: timestamp(at),
    record_type: "room_session",
  });
  forgetActiveSession(state, room_id);
  const payload = { room_id, session_id: session.id };
  state.emit("video.room.session.started", payload, at);
  return session;
}

/** Has someone join a room, as a client does that holds a join token. */
export function join(
  state: State,
  roomId: string,
  { context, token }: { context?: string; token?: string },
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
  const present = running ? presentIn(state, running.id) : [];
  const most = room.max_participants ?? Infinity;
  if (present.length >= most) refuse(`it is full: ${most} participants`);
  const session = running ?? startSession(state, room);
  const at = state.now();
  const participant: ParticipantRecord = put(state.participants, {
    id: state.newId(),
    session_id: session.id,
    ...context !== undefined && { context },
    joined_at: timestamp(at),
    updated_at: timestamp(at),
    record_type: "room_participant",
  });
  state.emit("video.room.participant.joined", {
    room_id: room.id,
    session_id: session.id,
    participant_id: participant.id,
    ...context !== undefined && { context },
  }, at);
  if (room.enable_recording) startRecordings(state, session, participant);
  return { ...participant };
}

/** Takes someone out of a session. */
function remove(
  state: State,
  participant: ParticipantRecord,
  left_reason: string,
): void {
  const at = state.now();
  const { id: participant_id, session_id, joined_at, context } = participant;
  change(state.participants, participant, {
    left_at: timestamp(at),
    updated_at: timestamp(at),
  });
  state.muted.delete(participant_id);
  stopRecordings(state, participant_id);
  state.emit("video.room.participant.left", {
    room_id: find(state.sessions, session_id)?.room_id,
    session_id,
    participant_id,
    ...context !== undefined && { context },
    duration_secs: secondsFrom(joined_at, at),
    left_reason,
  }, at);
}

function stopSession(
  state: State,
  session: SessionRecord,
  ended_reason: string,
): void {
  const at = state.now();
  const { id: session_id, room_id, created_at } = session;
  change(state.sessions, session, {
    active: false,
    ended_at: timestamp(at),
    updated_at: timestamp(at),
  });
  forgetActiveSession(state, room_id);
  state.emit("video.room.session.ended", {
    room_id,
    session_id,
    duration_secs: secondsFrom(created_at, at),
    ended_reason,
  }, at);
}

/** Ends a session, and puts everyone out. */
export function end(state: State, session: SessionRecord): void {
  for (const person of presentIn(state, session.id)) {
    remove(state, person, "left");
  }
  stopSession(state, session, "Ended from API");
}

/** Puts people out; a session that nobody is in any more ends. */
export function putOut(
  state: State,
  people: ParticipantRecord[],
  reason: "left" | "kicked",
): void {
  for (const person of people) {
    remove(state, person, reason);
    const session = find(state.sessions, person.session_id);
    if (session?.active && presentIn(state, session.id).length === 0) {
      stopSession(state, session, "all participants left");
    }
  }
}

/** Has someone leave, as a client does. */
export function leave(state: State, participantId: string): void {
  settle(state);
  const person = find(state.participants, participantId);
  if (!person || person.left_at) {
    throw new Error(`Cannot find participant ${participantId} in a session`);
  }
  putOut(state, [person], "left");
}

/** Removes a room, and ends the session in it. */
export function removeRoom(state: State, room: RoomRecord): void {
  const session = activeSession(state, room.id);
  if (session) end(state, session);
  drop(state.rooms, room);
}

/** When what is to be composed of a session began and ended. */
export function spanOf(state: State, session: SessionRecord) {
  const [first] = where(state.recordings, isOf(session.id));
  return {
    started_at: first?.started_at ?? session.created_at ?? null,
    ended_at: session.ended_at ?? timestamp(state.now()),
  };
}
