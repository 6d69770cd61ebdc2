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
  apply(): void;
}

/**
 * Completes a recording or a composition; returns the fields of its file. The
 * record keeps no link: each response has its own.
 */
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
): Due[] {
  const { id: recording_id, room_id, session_id, participant_id } = recording;
  const { ended_at, type, codec } = recording;
  const at = Date.parse(`${ended_at}`) + stepMs;
  return [{
    at,
    apply() {
      const records = state.recordings;
      const file = complete(state, "recordings", records, recording, at);
      const ids = { room_id, session_id, participant_id, recording_id };
      const payload = { ...ids, type, codec, ...file };
      state.emit("video.room.recording.completed", payload, at);
    },
  }];
}

/** A composition is enqueued for a step, and processing for another. */
function dueOfComposition(
  state: State,
  composition: OfSession<RoomComposition>,
): Due[] {
  const { id: composition_id, room_id, session_id } = composition;
  const { created_at, format, resolution } = composition;
  const startAt = Date.parse(`${created_at}`) + stepMs;
  const endAt = startAt + stepMs;
  return [{
    at: startAt,
    apply() {
      const updated_at = timestamp(startAt);
      const changes = { status: "processing", updated_at };
      change(state.compositions, composition, changes);
    },
  }, {
    at: endAt,
    apply() {
      const records = state.compositions;
      const file = complete(state, "compositions", records, composition, endAt);
      const ids = { composition_id, room_id, session_id };
      const payload = { ...ids, format, resolution, ...file };
      state.emit("video.room.composition.completed", payload, endAt);
    },
  }];
}

/** Whether it is not complete yet. */
export function isPending({ status }: { status?: string | null }): boolean {
  return status !== "completed";
}

/** Every change that is to come. */
function dues(state: State): (Due & { roomId: string | undefined })[] {
  const of = (record: { room_id?: string | null }, all: Due[]) =>
    all.map((due) => ({ ...due, roomId: record.room_id ?? undefined }));
  return [
    ...recordsWhere(state.recordings, isPending)
      .flatMap((recording) => of(recording, dueOfRecording(state, recording))),
    ...recordsWhere(state.compositions, isPending)
      .flatMap((composition) =>
        of(composition, dueOfComposition(state, composition))
      ),
  ].sort((a, b) => a.at - b.at);
}

/** Applies the changes that are due by now, the oldest first. */
export function settle(state: State): void {
  dues(state).filter(({ at }) => at <= state.now())
    .forEach(({ apply }) => apply());
}

/** Applies the changes of a room that are to come, as if they were due. */
export function settleAll(state: State, id: string): void {
  dues(state).filter(({ at, roomId }) => roomId === id && Number.isFinite(at))
    .forEach(({ apply }) => apply());
}
