import type { RoomComposition } from "../core/compositions.ts";
import type { RoomRecording } from "../core/recordings.ts";
import { fileBytes, type FileKind, linkTo, toMegabytes } from "./files.ts";
import type { Records } from "./records.ts";
import { type OfSession, type State, timestamp } from "./state.ts";

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

/** The fields of a record that the event of its completion has. */
const told: Record<FileKind, string[]> = {
  recordings: ["room_id", "session_id", "participant_id", "type", "codec"],
  compositions: ["room_id", "session_id", "format", "resolution"],
};

/** Completes a record, which keeps no link; the event has one. */
function complete<T extends RoomRecording | RoomComposition>(
  state: State,
  kind: FileKind,
  { download_url: _, ...record }: T,
  at: number,
): void {
  const { id, started_at, ended_at } = record;
  const file = {
    duration_secs: secondsBetween(started_at, Date.parse(`${ended_at}`)),
    size_mb: toMegabytes(fileBytes(state, kind, id)),
  };
  const time = timestamp(at);
  const status = "completed";
  const changes = { status, updated_at: time, completed_at: time };
  const records = state[kind] as Records<{ id: string }>;
  records.put({ ...record, ...file, ...changes });
  const noun = kind === "recordings" ? "recording" : "composition";
  state.emit(`video.room.${noun}.completed`, {
    [`${noun}_id`]: id,
    ...Object.fromEntries(
      told[kind].map((name) => [name, Reflect.get(record, name)]),
    ),
    download_url: linkTo(state, kind, id),
    ...file,
  }, at);
}

/** Every change that is to come, the oldest first. */
function dues(state: State): Due[] {
  const isPending = ({ status }: { status?: string | null }) =>
    status !== "completed";
  const later = (time: unknown, steps: number) =>
    Date.parse(`${time}`) + steps * stepMs;
  const completion = <T extends OfSession<RoomRecording | RoomComposition>>(
    kind: FileKind,
    record: T,
    at: number,
  ): Due => ({
    at,
    roomId: record.room_id,
    completes: true,
    apply: () => complete(state, kind, record, at),
  });
  const processing = (composition: OfSession<RoomComposition>): Due => {
    const at = later(composition.created_at, 1);
    const changes = { status: "processing", updated_at: timestamp(at) };
    return {
      at,
      roomId: composition.room_id,
      completes: false,
      apply: () => state.compositions.change(composition, changes),
    };
  };
  // A recording is completed a step after its end. A composition is enqueued for
  // a step, and processing for another
  return [
    ...state.recordings.of().filter(isPending).map((it) =>
      completion("recordings", it, later(it.ended_at, 1))
    ),
    ...state.compositions.of().filter(isPending).flatMap((it) => [
      processing(it),
      completion("compositions", it, later(it.created_at, 2)),
    ]),
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
