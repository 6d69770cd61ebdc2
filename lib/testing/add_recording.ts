import type { Decoder } from "../core/decode.ts";
import {
  getRecordingOperation,
  type RoomRecording,
} from "../core/recordings.ts";
import { copy } from "./copy.ts";
import { fileBytes, toMegabytes, withLink } from "./files.ts";
import { rangeError } from "./refusal.ts";
import { checkRecord } from "./seed.ts";
import { find, type OfSession, put, type State, timestamp } from "./state.ts";

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

/** Checks a recording as the result of a look-up. */
const decoder: Decoder<RoomRecording> = (data) => {
  const mismatch = getRecordingOperation.result?.({ data });
  return mismatch &&
    { ...mismatch, pointer: mismatch.pointer.replace("/data", "") };
};

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
  const session = find(state.sessions, `${session_id}`);
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
  checkRecord(doing, decoder, recording);
  if (find(state.recordings, id)) {
    throw new TypeError(
      `Cannot add recording ${id} as it exists: delete it first`,
    );
  }
  const key = id.toLowerCase();
  if (bytes === undefined) state.files.sizes.delete(key);
  else state.files.sizes.set(key, bytes);
  put(state.recordings, recording);
  return copy(withLink(state, "recordings", recording));
}
