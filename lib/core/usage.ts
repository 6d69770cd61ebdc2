// What was used: sessions, people and recordings, by day and by room.
import { checkArgument, numberInRange } from "./arguments.ts";
import { type Decoder, where } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";
import { compare, maxMs, minMs, toInstant } from "./instant.ts";
import { readOptions } from "./options.ts";
import type { RoomParticipant } from "./participants.ts";
import type { RoomRecording } from "./recordings.ts";
import type { RoomSession } from "./sessions.ts";

/** What was used in a period. */
export interface Usage {
  /** How many sessions there were; each counts once, on its first day. */
  sessions: number;
  /** How long they lasted, in seconds: those at the same time add up. */
  seconds: number;
  /** How long people were in them, in seconds: two for a minute are 120. */
  participantSeconds: number;
  /** The most people who were in sessions at the same time. */
  mostPeople: number;
  /** How many recordings began. */
  recordings: number;
  /** How long these are, in seconds; a recording is of one participant. */
  recordedSeconds: number;
  /** The size of their files, in megabytes. */
  recordedMegabytes: number;
}

/** What was used on a day. */
export interface DayUsage extends Usage {
  /** The day in UTC, as `YYYY-MM-DD`. */
  day: string;
}

/** What was used in a room. */
export interface RoomUsage extends Usage {
  /** UUID of the room; null for sessions and recordings that name none. */
  roomId: string | null;
  /** By day, the earliest first; days without use are left out. */
  days: DayUsage[];
}

/** What was used in all rooms. */
export interface UsageReport extends Usage {
  /** By day, the earliest first; days without use are left out. */
  days: DayUsage[];
  /** By room, the room with the most participant-seconds first. */
  rooms: RoomUsage[];
}

/** Options for {@linkcode roomUsage}. */
export interface RoomUsageOptions {
  /** The start of the period, a day or a time in ISO 8601: what is earlier does not count. */
  from?: string | undefined;
  /** The end of the period, which is not part of it. */
  to?: string | undefined;
  /** The recordings; each counts as a whole, on the day it began. */
  recordings?: readonly RoomRecording[] | undefined;
}

/**
 * A period, in microseconds since the epoch; its end is not part of it. They are
 * exact from the year 1684 to 2255, and sorted much faster than bigints.
 */
interface Span {
  start: number;
  end: number;
}

/** What a session counts as. */
interface CountedSession {
  roomId: string | null;
  span: Span;
  stays: Span[];
}

/** What a recording counts as. */
interface CountedRecording {
  roomId: string | null;
  began: number;
  seconds: number;
  megabytes: number;
}

const dayMicros = 86_400_000_000;

const timeText: Decoder<string> = /* @__PURE__ */ where(
  "a day or a time in ISO 8601",
  (value) => toInstant(value) !== undefined,
);

/** Microseconds since the epoch; undefined if the time is unreadable. */
function toMicros(time: unknown): number | undefined {
  const instant = toInstant(time);
  return instant === undefined ? undefined : Number(instant);
}

/** The part of a period within another; of no length if there is none. */
function within({ start, end }: Span, bounds: Span): Span {
  const from = Math.max(start, bounds.start);
  return { start: from, end: Math.max(from, Math.min(end, bounds.end)) };
}

/** Days since the epoch. */
function dayOf(micros: number): number {
  return Math.floor(micros / dayMicros);
}

function spellDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The records, each once: one that is listed again may have changed. */
function eachOnce<T extends { id: string }>(records: readonly T[]): T[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

const least = (a: number, b: number) => Math.min(a, b);
const most = (a: number, b: number) => Math.max(a, b);

/** The times that are known. */
function knownTimes(times: readonly (string | null | undefined)[]): number[] {
  return times.map(toMicros).filter((time) => time !== undefined);
}

/** When a session began and ended; undefined if its start is unknown. */
function sessionSpan(session: RoomSession, now: number): Span | undefined {
  const { active, created_at, ended_at, updated_at } = session;
  const people = session.participants ?? [];
  const joined = () => knownTimes(people.map(({ joined_at }) => joined_at));
  const start = toMicros(created_at) ?? joined().reduce(least, Infinity);
  if (start === Infinity) return undefined;
  // A session that has ended, nobody knows when, lasted as long as is known
  const lastKnown = () =>
    knownTimes([updated_at, ...people.map(({ left_at }) => left_at)])
      .reduce(most, start);
  const end = toMicros(ended_at) ?? (active === false ? lastKnown() : now);
  return { start, end: Math.max(start, end) };
}

/** When someone was in a session; undefined if that is unknown. */
function staySpan(
  { joined_at, left_at }: RoomParticipant,
  session: Span,
): Span | undefined {
  const start = toMicros(joined_at);
  if (start === undefined) return undefined;
  return within({ start, end: toMicros(left_at) ?? session.end }, session);
}

/** Whether something of the period is within the bounds. */
function touches({ start, end }: Span, bounds: Span): boolean {
  return start < bounds.end && (start >= bounds.start || end > bounds.start);
}

function countSessions(
  sessions: readonly RoomSession[],
  now: number,
  bounds: Span,
): CountedSession[] {
  const counted: CountedSession[] = [];
  for (const session of eachOnce(sessions)) {
    const span = sessionSpan(session, now);
    if (!span || !touches(span, bounds)) continue;
    const stays = eachOnce(session.participants ?? [])
      .map((participant) => staySpan(participant, span))
      .filter((stay) => stay !== undefined)
      .map((stay) => within(stay, bounds));
    const roomId = session.room_id ?? null;
    counted.push({ roomId, span: within(span, bounds), stays });
  }
  return counted;
}

function countRecordings(
  recordings: readonly RoomRecording[],
  roomOf: ReadonlyMap<string, string | null>,
  bounds: Span,
): CountedRecording[] {
  const counted: CountedRecording[] = [];
  for (const recording of eachOnce(recordings)) {
    const { room_id, session_id, started_at, created_at } = recording;
    const began = toMicros(started_at) ?? toMicros(created_at);
    if (began === undefined || began < bounds.start || began >= bounds.end) {
      continue;
    }
    counted.push({
      roomId: room_id ?? roomOf.get(session_id ?? "") ?? null,
      began,
      seconds: Math.max(0, recording.duration_secs ?? 0),
      megabytes: Math.max(0, recording.size_mb ?? 0),
    });
  }
  return counted;
}

/** Tells how many of the spans run at once, for each piece of a day. */
function sweep(
  spans: readonly Span[],
  onPiece: (day: number, running: number, micros: number) => void,
): void {
  const lasting = spans.filter(({ start, end }) => start < end);
  const starts = Float64Array.from(lasting, ({ start }) => start).sort();
  const ends = Float64Array.from(lasting, ({ end }) => end).sort();
  let [started, ended, since] = [0, 0, 0];
  while (ended < ends.length) {
    const start = starts[started] ?? Infinity;
    const end = ends[ended] ?? Infinity;
    const next = Math.min(start, end);
    const running = started - ended;
    while (running > 0 && since < next) {
      const day = dayOf(since);
      const until = Math.min(next, (day + 1) * dayMicros);
      onPiece(day, running, until - since);
      since = until;
    }
    since = next;
    if (end <= start) ended++;
    else started++;
  }
}

/** The numbers of a {@linkcode Usage}, whose times are added as integers. */
type Sums = ReturnType<typeof noSums>;

function noSums() {
  return {
    sessions: 0,
    sessionMicros: 0,
    participantMicros: 0,
    mostPeople: 0,
    recordings: 0,
    recordedSeconds: 0,
    megabytes: 0,
  };
}

function toUsage(sums: Sums): Usage {
  return {
    sessions: sums.sessions,
    seconds: sums.sessionMicros / 1e6,
    participantSeconds: sums.participantMicros / 1e6,
    mostPeople: sums.mostPeople,
    recordings: sums.recordings,
    recordedSeconds: sums.recordedSeconds,
    // Decimal fractions do not add up exactly
    recordedMegabytes: Math.round(sums.megabytes * 1e6) / 1e6,
  };
}

/** The usage of some sessions and recordings, as a whole and by day. */
function usageOf(
  sessions: readonly CountedSession[],
  recordings: readonly CountedRecording[],
): Usage & { days: DayUsage[] } {
  const total = noSums();
  const days = new Map<number, Sums>();
  /** Counts something that was on a day: for that day, and for the whole. */
  const count = (day: number, add: (sums: Sums) => void) => {
    const sums = days.get(day) ?? noSums();
    days.set(day, sums);
    add(sums);
    add(total);
  };
  for (const { span } of sessions) {
    count(dayOf(span.start), (sums) => sums.sessions++);
  }
  sweep(sessions.map(({ span }) => span), (day, running, micros) => {
    count(day, (sums) => sums.sessionMicros += running * micros);
  });
  sweep(sessions.flatMap(({ stays }) => stays), (day, running, micros) => {
    count(day, (sums) => {
      sums.participantMicros += running * micros;
      sums.mostPeople = Math.max(sums.mostPeople, running);
    });
  });
  for (const { began, seconds, megabytes } of recordings) {
    count(dayOf(began), (sums) => {
      sums.recordings++;
      sums.recordedSeconds += seconds;
      sums.megabytes += megabytes;
    });
  }
  const inOrder = [...days].sort(([a], [b]) => a - b);
  return {
    ...toUsage(total),
    days: inOrder.map(([day, sums]) => ({
      day: spellDay(day),
      ...toUsage(sums),
    })),
  };
}

/** The records of each room, by its id. */
function byRoom<T extends { roomId: string | null }>(
  records: readonly T[],
): Map<string | null, T[]> {
  const groups = new Map<string | null, T[]>();
  for (const record of records) {
    const group = groups.get(record.roomId);
    if (group) group.push(record);
    else groups.set(record.roomId, [record]);
  }
  return groups;
}

function byUse(a: RoomUsage, b: RoomUsage): number {
  return b.participantSeconds - a.participantSeconds ||
    b.seconds - a.seconds || compare(a.roomId ?? "", b.roomId ?? "");
}

function readPeriod({ from, to }: RoomUsageOptions): Span {
  const bound = (name: string, time: string | undefined, otherwise: number) =>
    time === undefined
      ? otherwise * 1000
      : toMicros(checkArgument(name, timeText, time)) ?? 0;
  const start = bound("from", from, minMs);
  const end = bound("to", to, maxMs + 1);
  if (end < start) {
    throw new InvalidArgumentError("to", "must not be before 'from'");
  }
  return { start, end };
}

/**
 * What was used: sessions, the time that people were in them, the most people at
 * once, and recordings; as a whole, by day in UTC, and by room. A pure function.
 *
 * Get the sessions with `includeParticipants`: without their participants, nobody
 * is known to have been in them.
 *
 * - A session that is active counts until `now`, and so does everyone who has not
 *   left it. One that has ended counts until its `ended_at` or, without it, its last
 *   change; nobody was in it any longer than it lasted.
 * - Nothing counts twice: not a record that is listed twice, nor a session that goes
 *   past midnight, whose seconds are divided between the days. Someone who joined
 *   twice, such as from two devices, was there twice.
 * - The seconds of days add up to those of the whole, to the microsecond; the most
 *   people of the whole are those of one of its days.
 * - What has no time is left out: a session without any, a participant without
 *   `joined_at`.
 *
 * @param sessions The sessions, from `allSessions` or a room.
 * @param now The time, in milliseconds since the epoch, such as `Date.now()`.
 * @param opts The period, and the recordings.
 * @returns What was used.
 * @throws {InvalidArgumentError} If `now` or the period is wrong.
 *
 * @example How long people have been in rooms
 * ```ts
 * import { allSessions, roomUsage } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * let now = Date.parse("2026-11-28T23:50:00Z");
 * const fake = fakeRooms({ rooms: [{ id }], now: () => now });
 * const ann = fake.join(id, { context: "Ann" });
 * fake.join(id, { context: "Bob" });
 * now += 5 * 60_000;
 * fake.leave(ann.id);
 * now += 10 * 60_000; // into the next day
 *
 * const sessions = await Array.fromAsync(
 *   allSessions(fake.fetch, "any", { includeParticipants: true }),
 * );
 * const { participantSeconds, mostPeople, days } = roomUsage(sessions, now);
 * assertEquals([participantSeconds / 60, mostPeople], [20, 2]);
 * assertEquals(
 *   days.map(({ day, participantSeconds }) => [day, participantSeconds / 60]),
 *   [["2026-11-28", 15], ["2026-11-29", 5]],
 * );
 * ```
 */
export function roomUsage(
  sessions: readonly RoomSession[],
  now: number,
  opts: RoomUsageOptions = {},
): UsageReport {
  checkArgument("now", numberInRange(minMs, maxMs), now);
  const known = ["from", "to", "recordings"];
  const { recordings = [], ...period } = readOptions("", opts, known);
  const bounds = readPeriod(period);
  const counted = countSessions(sessions, Math.round(now * 1000), bounds);
  const roomOf = new Map(
    sessions.map(({ id, room_id }) => [id, room_id ?? null]),
  );
  const recorded = countRecordings(recordings, roomOf, bounds);
  const sessionsOf = byRoom(counted);
  const recordingsOf = byRoom(recorded);
  const roomIds = new Set([...sessionsOf.keys(), ...recordingsOf.keys()]);
  const rooms = [...roomIds].map((roomId) => ({
    roomId,
    ...usageOf(sessionsOf.get(roomId) ?? [], recordingsOf.get(roomId) ?? []),
  }));
  return { ...usageOf(counted, recorded), rooms: rooms.sort(byUse) };
}
