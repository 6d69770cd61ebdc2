import type { RoomComposition } from "../core/compositions.ts";
import type { RoomRecording } from "../core/recordings.ts";
import { fileBytes, type FileKind, linkTo, toMegabytes } from "./files.ts";
import {
  change,
  type OfSession,
  put,
  recordsWhere,
  type State,
  timestamp,
} from "./state.ts";

/** How long Telnyx takes for a step of its own, in milliseconds. */
const stepMs = 1000;

/** Whole seconds from one time to another; 0 if one is not known. */
export function secondsBetween(start: unknown, endMs: number): number {
  return Math.max(0, Math.floor((endMs - Date.parse(`${start}`)) / 1000)) || 0;
}

/** A change that Telnyx makes by itself. */
interface Due {
  /** Milliseconds since the epoch. */
  at: number;
  roomId: string | null | undefined;
  /** Whether the record is complete then. */
  completes: boolean;
  apply(): void;
}

/** Completes a record, which keeps no link; returns the fields of its file. */
function complete<T extends RoomRecording | RoomComposition>(
  state: State,
  kind: FileKind,
  records: Map<string, T>,
  record: T,
  at: number,
) {
  const { download_url: _, ...rest } = record;
  const { id, started_at, ended_at } = record;
  const file = {
    duration_secs: secondsBetween(started_at, Date.parse(`${ended_at}`)),
    size_mb: toMegabytes(fileBytes(state, kind, id)),
  };
  const time = timestamp(at);
  const status = "completed";
  const changes = { status, updated_at: time, completed_at: time };
  put(records, { ...rest as T, ...file, ...changes });
  return { download_url: linkTo(state, kind, id), ...file };
}

/** A recording is completed a step after its end. */
function dueOfRecording(
  state: State,
  recording: OfSession<RoomRecording>,
): Due {
  const { id: recording_id, room_id, session_id, participant_id } = recording;
  const { ended_at, type, codec } = recording;
  const at = Date.parse(`${ended_at}`) + stepMs;
  return {
    at,
    roomId: room_id,
    completes: true,
    apply() {
      const records = state.recordings;
      const file = complete(state, "recordings", records, recording, at);
      const ids = { room_id, session_id, participant_id, recording_id };
      const payload = { ...ids, type, codec, ...file };
      state.emit("video.room.recording.completed", payload, at);
    },
  };
}

/** A composition is enqueued for a step, and processing for another. */
function duesOfComposition(
  state: State,
  composition: OfSession<RoomComposition>,
): Due[] {
  const { id: composition_id, room_id, session_id } = composition;
  const { created_at, format, resolution } = composition;
  const startAt = Date.parse(`${created_at}`) + stepMs;
  const endAt = startAt + stepMs;
  return [{
    at: startAt,
    roomId: room_id,
    completes: false,
    apply() {
      const updated_at = timestamp(startAt);
      const changes = { status: "processing", updated_at };
      change(state.compositions, composition, changes);
    },
  }, {
    at: endAt,
    roomId: room_id,
    completes: true,
    apply() {
      const records = state.compositions;
      const file = complete(state, "compositions", records, composition, endAt);
      const ids = { composition_id, room_id, session_id };
      const payload = { ...ids, format, resolution, ...file };
      state.emit("video.room.composition.completed", payload, endAt);
    },
  }];
}

/** Every change that is to come, the oldest first. */
function dues(state: State): Due[] {
  const isPending = ({ status }: { status?: string | null }) =>
    status !== "completed";
  return [
    ...recordsWhere(state.recordings, isPending)
      .map((recording) => dueOfRecording(state, recording)),
    ...recordsWhere(state.compositions, isPending)
      .flatMap((composition) => duesOfComposition(state, composition)),
  ].sort((a, b) => a.at - b.at);
}

/** Applies the changes that are due by now, the oldest first. */
export function settle(state: State): void {
  const now = state.now();
  for (const { at, apply } of dues(state)) if (at <= now) apply();
}

/** Applies all changes to come of a room; returns how many complete. */
export function settleAll(state: State, id: string): number {
  const all = dues(state)
    .filter(({ at, roomId }) => roomId === id && Number.isFinite(at));
  for (const { apply } of all) apply();
  return all.filter(({ completes }) => completes).length;
}
