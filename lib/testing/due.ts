import type { RoomComposition } from "../compositions.ts";
import type { RoomRecording } from "../recordings.ts";
import { change, type OfSession, type State, timestamp } from "./state.ts";

/** How long a step takes that the provider does by itself, in milliseconds. */
const stepMs = 1000;

/** Whole seconds from one time to another. */
export function secondsFrom(start: unknown, ms: number): number {
  return Math.max(0, Math.floor((ms - Date.parse(`${start}`)) / 1000)) || 0;
}

/** A recording is ready a step after its end. */
function settleRecording(state: State, recording: OfSession<RoomRecording>) {
  const { id: recording_id, started_at, ended_at, status } = recording;
  const at = Date.parse(`${ended_at}`) + stepMs;
  if (status !== "processing" || !(at <= state.now())) return;
  const duration_secs = secondsFrom(started_at, at - stepMs);
  const file = {
    size_mb: Math.round(duration_secs * 1.5) / 10,
    download_url: `https://download.example.com/${recording_id}.webm`,
    duration_secs,
  };
  change(state.recordings, recording, {
    ...file,
    status: "completed",
    updated_at: timestamp(at),
    completed_at: timestamp(at),
  });
  const { room_id, session_id, participant_id, type, codec } = recording;
  const whose = { room_id, session_id, participant_id, recording_id };
  const payload = { ...whose, type, codec, ...file };
  state.emit("video.room.recording.completed", payload, at);
}

/** A composition is enqueued for a step, processed for another, and ready. */
function settleComposition(
  state: State,
  composition: OfSession<RoomComposition>,
) {
  const { id: composition_id, status, created_at } = composition;
  const at = Date.parse(`${created_at}`) + 2 * stepMs;
  if (status === "completed" || state.now() < at - stepMs) return;
  if (state.now() < at) {
    const updated_at = timestamp(at - stepMs);
    change(state.compositions, composition, {
      status: "processing",
      updated_at,
    });
    return;
  }
  const { started_at, ended_at } = composition;
  const duration_secs = secondsFrom(started_at, Date.parse(`${ended_at}`));
  const file = {
    download_url: `https://download.example.com/${composition_id}.mp4`,
    duration_secs,
    size_mb: Math.round(duration_secs * 3) / 10,
  };
  change(state.compositions, composition, {
    ...file,
    status: "completed",
    updated_at: timestamp(at),
    completed_at: timestamp(at),
  });
  const { room_id, session_id, format, resolution } = composition;
  const what = { composition_id, room_id, session_id, format, resolution };
  state.emit("video.room.composition.completed", { ...what, ...file }, at);
}

/** Has what is due by now become ready: recordings and compositions. */
export function settle(state: State): void {
  for (const recording of state.recordings.values()) {
    settleRecording(state, recording);
  }
  for (const composition of state.compositions.values()) {
    settleComposition(state, composition);
  }
}
