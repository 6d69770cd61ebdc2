// What cannot be undone: it says what it is about to do, and asks.
import { call } from "../client/call.ts";
import { paginate } from "../client/paginate.ts";
import { getRoom } from "../client/rooms.ts";
import { getCompositionOperation } from "../core/compositions.ts";
import { ApiError } from "../core/errors.ts";
import type { Data, Operation } from "../core/operation.ts";
import type { RoomParticipant } from "../core/participants.ts";
import { presentParticipants } from "../core/present_participants.ts";
import {
  getRecordingOperation,
  listRecordingsOperation,
} from "../core/recordings.ts";
import { getRoomOperation } from "../core/rooms.ts";
import {
  getSessionOperation,
  isActive,
  type RoomSession,
} from "../core/sessions.ts";
import type { Calling } from "./calling.ts";
import type { Context, Options } from "./command.ts";
import { CommandError, exitCodes, usageError } from "./failure.ts";
import { toIds } from "./operation_arguments.ts";
import { collect, redrawMs, statusLine } from "./progress.ts";
import { printable, wrap } from "./text.ts";
import { bytesText, people } from "./view.ts";

export const destroyOptions = {
  yes: { about: "do not ask for confirmation" },
  "dry-run": { about: "only say what would be done" },
} as const satisfies Options;

/** What an operation would destroy. */
export interface Target {
  ids: readonly string[];
  opts: Record<string, unknown>;
  payload: unknown;
  apiKey: string;
  calling: Calling;
  context: Context;
}

/** What is destroyed: in words, and as it is recorded. */
export interface Described {
  text: string;
  records: readonly unknown[];
}

/** Looks up each record, one after another. */
function each<T>(
  { ids, apiKey, calling, context }: Target,
  operation: Operation<string, object, undefined, Data<T>>,
  included: object = {},
): Promise<T[]> {
  async function* records() {
    const opts = { ...calling, ...included };
    for (const id of ids) {
      const sent = { ids: toIds(operation, id) };
      yield (await call(context.fetch, apiKey, operation, sent, opts)).data;
    }
  }
  const line = statusLine(context);
  return collect(records(), line, (count) => `${count} of ${ids.length}`);
}

const within = (n: number, it: string) =>
  n > 0 ? ` (${people(n)} in ${it})` : "";

/** Rooms: `"Standup" (2 people in it)`. */
export async function describeRooms(target: Target): Promise<Described> {
  const records = await each(target, getRoomOperation, {
    includeSessions: true,
  });
  const count = records.flatMap(presentParticipants).length;
  const names = records.map(({ unique_name, id }) =>
    unique_name ? `"${unique_name}"` : `room ${id}`
  );
  const text = names.length === 1
    ? `${names[0]}${within(count, "it")}`
    : `${names.length} rooms${within(count, "them")}`;
  return { text, records };
}

function whoIsIn(session: RoomSession): RoomParticipant[] {
  const people = isActive(session) ? session.participants : undefined;
  return (people ?? []).filter(({ left_at }) => !left_at);
}

const sessionsOf = (target: Target) =>
  each(target, getSessionOperation, { includeParticipants: true });

/** The name of a session's room; undefined if it has none, or is gone. */
async function roomNameOf(
  { room_id }: RoomSession,
  { apiKey, calling, context }: Target,
): Promise<string | undefined> {
  if (!room_id) return undefined;
  try {
    const room = await getRoom(context.fetch, apiKey, room_id, calling);
    return room.unique_name ?? undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Sessions: `the session in "Standup" (2 people in it)`. */
export async function describeSessions(target: Target): Promise<Described> {
  const records = await sessionsOf(target);
  const [session, ...more] = records;
  const count = records.flatMap(whoIsIn).length;
  if (!session || more.length > 0) {
    const text = `${records.length} sessions${within(count, "them")}`;
    return { text, records };
  }
  const name = await roomNameOf(session, target);
  const which = name === undefined ? "" : ` in "${name}"`;
  return { text: `the session${which}${within(count, "it")}`, records };
}

/** People in a session: `Alice and Bob`, or `12 people`. */
export async function describePeople(target: Target): Promise<Described> {
  const [session] = await sessionsOf(target);
  const { payload, opts: { exclude = [] } } = target;
  const same = (ids: unknown, { id }: RoomParticipant) =>
    Array.isArray(ids) &&
    ids.some((other) => `${other}`.toLowerCase() === id.toLowerCase());
  const records = (session ? whoIsIn(session) : []).filter((person) =>
    (payload === "all" || same(payload, person)) && !same(exclude, person)
  );
  const names = records.map(({ context, id }) => context || id);
  const [last, ...others] = names.reverse();
  const text = names.length > 3 || last === undefined
    ? people(names.length)
    : others.length === 0
    ? last
    : `${others.reverse().join(", ")} and ${last}`;
  return { text, records };
}

interface Media {
  id: string;
  size_mb?: number | null;
}

/** Files in words: `214 recordings (18.2 GB)`. */
function mediaText(kind: string, records: readonly Media[]): string {
  const sizes = records.map(({ size_mb }) => size_mb)
    .filter((size) => typeof size === "number");
  const bytes = sizes.reduce((sum, size) => sum + size * 1e6, 0);
  const size = sizes.length > 0 ? ` (${bytesText(bytes)})` : "";
  const { length } = records;
  return `${length} ${kind}${length === 1 ? "" : "s"}${size}`;
}

function matchingRecordings(
  { opts, apiKey, calling, context }: Target,
): Promise<Media[]> {
  const all = { ...opts, ...calling };
  const list = paginate(context.fetch, apiKey, listRecordingsOperation, all);
  const line = statusLine(context, redrawMs);
  return collect(list, line, (count) => `${count} recordings so far`);
}

/** Recordings by their ids, or all that match the options. */
export async function describeRecordings(target: Target): Promise<Described> {
  const records = target.ids.length > 0
    ? await each(target, getRecordingOperation)
    : await matchingRecordings(target);
  return { text: mediaText("recording", records), records };
}

/** Compositions: `1 composition (9.0 kB)`. */
export async function describeCompositions(target: Target): Promise<Described> {
  const records = await each(target, getCompositionOperation);
  return { text: mediaText("composition", records), records };
}

/** Throws if nobody can be asked: without a terminal, `--yes` is needed. */
export function checkCanAsk({ stdin, stderr }: Context): void {
  if (stdin.isTTY && stderr.isTTY) return;
  throw usageError(
    "Cannot ask for confirmation without a terminal: add --yes",
  );
}

/** Resolves if the user answers yes; rejects otherwise. */
export async function confirm(
  question: string,
  { stdin, stderr, stop }: Context,
): Promise<void> {
  const asked = printable(`${question} [y/N]`);
  const lines = wrap(asked, stderr.columns ?? 80);
  stderr.write(`${lines.join("\n")} `);
  const answer = await stdin.readLine();
  if (stop.aborted) stderr.write("\n"); // the shell goes on below the question
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CommandError("Nothing was done", exitCodes.failed);
}
