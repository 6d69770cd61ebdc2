import type { RoomComposition } from "../compositions.ts";
import type { RoomRecording } from "../recordings.ts";
import { change, type OfSession, type State, timestamp } from "./state.ts";

/** How long a step takes that the provider does by itself, in milliseconds. */
const stepMs = 1000;

/** Whole seconds from one time to another. */
export function secondsFrom(start: unknown, ms: number): number {
  return Math.max(0, Math.floor((ms - Date.parse(`${start}`)) / 1000)) || 0;
}

/** What the provider does by itself at a time. */
interface Due {
  /** In milliseconds since the epoch. */
  at: number;
  carryOut(): void;
}

/** The fields of a file that is ready. */
function ready(id: string, kind: "webm" | "mp4", duration_secs: number) {
  return {
    download_url: `https://download.example.com/${id}.${kind}`,
    duration_secs,
    size_mb: Math.round(duration_secs * 1.5) / 10,
  };
}

/** What a record becomes when its file is ready. */
function completed(at: number) {
  const time = timestamp(at);
  return { status: "completed", updated_at: time, completed_at: time };
}

/** A recording is ready a step after its end. */
function dueOf(state: State, recording: OfSession<RoomRecording>): Due {
  const { id: recording_id, started_at, ended_at, status } = recording;
  const end = Date.parse(`${ended_at}`);
  const at = status === "completed" ? NaN : end + stepMs;
  return {
    at,
    carryOut() {
      const file = ready(recording_id, "webm", secondsFrom(started_at, end));
      change(state.recordings, recording, { ...file, ...completed(at) });
      const { room_id, session_id, participant_id, type, codec } = recording;
      const whose = { room_id, session_id, participant_id, recording_id };
      const payload = { ...whose, type, codec, ...file };
      state.emit("video.room.recording.completed", payload, at);
    },
  };
}

/** A composition is enqueued for a step, processed for another, and ready. */
function stepOf(state: State, composition: OfSession<RoomComposition>): Due {
  const { id: composition_id, status, created_at } = composition;
  const { started_at, ended_at } = composition;
  const made = Date.parse(`${created_at}`);
  const at = made + 2 * stepMs;
  if (status === "enqueued" && state.now() < at) {
    const step = made + stepMs;
    const changes = { status: "processing", updated_at: timestamp(step) };
    return {
      at: step,
      carryOut: () => void change(state.compositions, composition, changes),
    };
  }
  return {
    at: status === "completed" ? NaN : at,
    carryOut() {
      const secs = secondsFrom(started_at, Date.parse(`${ended_at}`));
      const file = ready(composition_id, "mp4", secs);
      change(state.compositions, composition, { ...file, ...completed(at) });
      const { room_id, session_id, format, resolution } = composition;
      const what = { composition_id, room_id, session_id, format, resolution };
      state.emit("video.room.composition.completed", { ...what, ...file }, at);
    },
  };
}

/** Does what is due by now, in order: recordings and compositions get ready. */
export function settle(state: State): void {
  [
    ...[...state.recordings.values()].map((each) => dueOf(state, each)),
    ...[...state.compositions.values()].map((each) => stepOf(state, each)),
  ].filter(({ at }) => at <= state.now()).sort((a, b) => a.at - b.at)
    .forEach(({ carryOut }) => carryOut());
}
