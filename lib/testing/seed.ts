import { uuid } from "../core/arguments.ts";
import { jsonType, problemOf, requiredField } from "../core/decode.ts";
import type { Data, Operation } from "../core/operation.ts";
import { getRoomOperation, type Room } from "../core/rooms.ts";
import { isPlain } from "../core/plain_json.ts";
import {
  getRecordingOperation,
  type RoomRecording,
} from "../core/recordings.ts";
import { propertyOf } from "../core/redact.ts";
import type { RoomSession } from "../core/sessions.ts";
import { fileBytes, toMegabytes, withLink } from "./files.ts";
import { isSame } from "./filters.ts";
import { rangeError } from "./refusal.ts";
import {
  forgetActiveSession,
  type OfSession,
  type RoomRecord,
  type State,
  timestamp,
} from "./state.ts";

/** A value that is not JSON, in words: its class or its type. */
function kindOf(value: unknown): string {
  if (typeof value === "number") return `${value}`; // NaN or Infinity
  const name = propertyOf(propertyOf(value, "constructor"), "name");
  return `a ${typeof name === "string" && name ? name : typeof value}`;
}

/** How deep a room may be; one that contains itself has no end. */
const maxDepth = 100;

/**
 * A deep copy of JSON data that keeps undefined fields. It reads everything once.
 *
 * @throws {TypeError} If JSON cannot say it as it is.
 */
export function copy<T>(value: T, depth = 0): T {
  if (depth > maxDepth) {
    throw new TypeError(
      `Cannot copy the room as it is deeper than ${maxDepth} levels, or ` +
        "contains itself",
    );
  }
  if (Array.isArray(value)) {
    return Array.from(value, (item) => copy(item, depth + 1)) as T;
  }
  const isJson = value === undefined || value === null ||
    typeof value === "string" || typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value));
  if (isJson) return value;
  if (typeof value !== "object" || !isPlain(value)) {
    throw new TypeError(
      `Cannot copy the room as it must be JSON data, received ${kindOf(value)}`,
    );
  }
  const fields = Object.entries(value)
    .map(([name, field]) => [name, copy(field, depth + 1)]);
  return Object.fromEntries(fields) as T;
}

const began = "2021-04-16T09:46:20.954863Z";
const changed = "2021-04-16T10:24:55.962200Z";

/** The fields of a new room, as in recorded responses. */
export const bareRoom = {
  enable_recording: false,
  webhook_event_url: null,
  webhook_event_failover_url: "",
  webhook_timeout_secs: null,
  video_codecs: ["h264", "vp8"],
  record_type: "room",
};

/** Replaces the sessions of a room, to which they belong whatever they say. */
function setSessions(
  state: State,
  room_id: string,
  sessions: readonly RoomSession[],
): void {
  for (const session of state.sessions.of(room_id)) {
    state.sessions.drop(session);
    for (const participant of state.participants.of(session.id)) {
      state.participants.drop(participant);
    }
  }
  for (const { participants, ...session } of sessions) {
    state.sessions.put({
      active: false,
      created_at: began,
      updated_at: changed,
      record_type: "room_session",
      ...session,
      room_id,
    });
    for (const participant of participants ?? []) {
      state.participants.put({
        joined_at: began,
        updated_at: changed,
        record_type: "room_participant",
        ...participant,
        session_id: session.id,
      });
    }
  }
}

/** Throws if a record of the caller is no result of a look-up, or its id no UUID. */
function checkRecord<T extends { id: string }>(
  doing: string,
  { result }: Operation<string, unknown, undefined, Data<T>>,
  record: T,
): void {
  const mismatch = result?.({ data: record }) ??
    requiredField(record, "id", uuid);
  if (!mismatch) return;
  const { expected, value } = mismatch;
  const pointer = mismatch.pointer.replace("/data", "");
  throw new TypeError(
    `Cannot ${doing} as ${pointer || "it"} ${
      problemOf(expected, jsonType(value))
    }`,
  );
}

/** The room with this id, for the methods of the fake. */
export function theRoom(state: State, id: string): RoomRecord {
  const room = state.rooms.get(id);
  if (!room) throw new TypeError(`Cannot find room ${id}: add it first`);
  return room;
}

/** Adds a room, which is kept; what it leaves out is filled in. */
export function addRoom(state: State, seed: Room): void {
  checkRecord("set the room", getRoomOperation, seed);
  if (state.rooms.get(seed.id)) {
    throw new TypeError(
      `Cannot add room ${seed.id} as it exists: change it instead`,
    );
  }
  const { sessions, ...room } = seed;
  state.rooms.put({
    max_participants: 50,
    unique_name: `room-${room.id.slice(0, 8)}`,
    created_at: began,
    updated_at: changed,
    ...bareRoom,
    ...room,
  });
  const { active_session_id: id } = room;
  const active = id && !uuid(id) ? [{ id, active: true }] : [];
  setSessions(state, room.id, sessions ?? active);
}

export function changeRoom(
  state: State,
  id: string,
  changes: { [K in keyof Room]?: Room[K] | undefined },
): void {
  const given = copy(changes);
  const changed = { ...theRoom(state, id), ...given } as Room;
  checkRecord("set the room", getRoomOperation, changed);
  if (!isSame(changed.id, id)) {
    throw new TypeError(`Cannot change the id of room ${id}: add another room`);
  }
  const { sessions, ...room } = changed;
  state.rooms.put(room);
  if (!Object.hasOwn(given, "sessions")) return;
  setSessions(state, id, sessions ?? []);
  if (!Object.hasOwn(given, "active_session_id")) {
    forgetActiveSession(state, id);
  }
}

/** A recording to add: any of its fields, and the size of its file. */
export type FakeRecording =
  & { [Name in keyof RoomRecording]?: RoomRecording[Name] | undefined }
  & {
    /**
     * The size of its file, which is made of bytes that depend on the `id` and on
     * their position, and not kept in memory. Default: a small WebM that a browser
     * plays.
     */
    bytes?: number | undefined;
  };

/** How long a recording is, unless it says so itself. */
const durationSecs = 2;

const doing = "add the recording";

/** Adds a recording; what it leaves out is filled in. */
export function addRecording(
  state: State,
  given: FakeRecording,
): RoomRecording {
  const { bytes, ...fields } = copy(given);
  if (bytes !== undefined && (!Number.isSafeInteger(bytes) || bytes < 0)) {
    throw rangeError(doing, "bytes", "an integer from 0", bytes);
  }
  const seed: Partial<RoomRecording> = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  );
  const { id = state.newId(), session_id } = seed;
  const session = state.sessions.get(session_id);
  const now = state.now();
  const ended_at = timestamp(now);
  const { status = "completed", type = "video" } = seed;
  const isCompleted = status === "completed";
  const recording: OfSession<RoomRecording> = {
    id,
    room_id: session?.room_id ?? state.newId(),
    participant_id: state.newId(),
    status,
    type,
    codec: type === "audio" ? "opus" : "vp8",
    created_at: ended_at,
    updated_at: ended_at,
    started_at: timestamp(now - durationSecs * 1000),
    ...isCompleted && {
      ended_at,
      completed_at: ended_at,
      duration_secs: durationSecs,
      size_mb: toMegabytes(bytes ?? fileBytes(state, "recordings", id)),
    },
    record_type: "room_recording",
    ...seed,
    session_id: session_id ?? state.newId(),
  };
  checkRecord(doing, getRecordingOperation, recording);
  if (state.recordings.get(id)) {
    throw new TypeError(
      `Cannot add recording ${id} as it exists: delete it first`,
    );
  }
  const key = id.toLowerCase();
  if (bytes === undefined) state.fileSizes.delete(key);
  else state.fileSizes.set(key, bytes);
  state.recordings.put(recording);
  return copy(withLink(state, "recordings", recording));
}
