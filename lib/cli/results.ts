/** The results of operations as text. */
import type * as api from "../core/mod.ts";
import { type Column, fields, table } from "./table.ts";
import { span } from "./time.ts";
import { stayOf, type ViewOptions } from "./view.ts";

const isNumber = (value: unknown) => typeof value === "number";

const id: Column<{ id: string }> = ["ID", ({ id }) => id];
const status: Column<{ status?: string | null }> = [
  "STATUS",
  ({ status }) => status,
];
const length: Column<{ duration_secs?: number | null }> = [
  "LENGTH",
  ({ duration_secs: n }) => isNumber(n) && span(0, n * 1000),
];
const size: Column<{ size_mb?: number | null }> = [
  "SIZE",
  ({ size_mb: n }) => isNumber(n) && `${n} MB`,
];

const participantColumns = (
  active?: boolean | null,
): Column<api.RoomParticipant>[] => [
  id,
  ["STAY", (person) => stayOf(person, active)],
  ["NAME", ({ context }) => context],
];

/** Formats a list as a table. */
const listed =
  <T>(columns: readonly Column<T>[]) =>
  (records: readonly T[], options: ViewOptions) =>
    table(columns, records, options);

export const rooms = listed<api.Room>([
  id,
  ["STATE", (room) => room.active_session_id ? "in session" : "idle"],
  ["MAX", ({ max_participants }) => max_participants && `${max_participants}`],
  ["REC", ({ enable_recording }) => enable_recording && "on"],
  ["NAME", ({ unique_name }) => unique_name],
]);

export const sessions = listed<api.RoomSession>([
  id,
  ["STATE", ({ active }) => active ? "active" : "ended"],
  [
    "BEGAN (UTC)",
    (session) => session.created_at?.slice(0, 16).replace("T", " "),
  ],
  [
    "LENGTH",
    ({ active, created_at, ended_at }, now) =>
      created_at && span(created_at, ended_at || (active ? now : NaN)),
  ],
]);

/** Formats participants; a session that has ended may have left some in it. */
export const participants = listed<api.RoomParticipant>(participantColumns());

/** Formats a session, with a table of its participants. */
export function session(
  { participants, ...session }: api.RoomSession,
  options: ViewOptions,
): string {
  const people = table(
    participantColumns(session.active),
    participants ?? [],
    options,
  );
  return `${fields(session, options)}\n${people}`;
}

export const recordings = listed<api.RoomRecording>([
  id,
  ["TYPE", ({ type }) => type],
  status,
  length,
  size,
]);

export const compositions = listed<api.RoomComposition>([
  id,
  status,
  length,
  size,
]);

/** The number of recordings that were deleted. */
export const deleted = ({ room_recordings: n }: api.DeletedRecordings) =>
  `Deleted: ${n}\n`;
