import { allRecordings } from "../client/recordings.ts";
import { allRooms } from "../client/rooms.ts";
import { allSessions } from "../client/sessions.ts";
import { day } from "../core/arguments.ts";
import type { RoomRecording } from "../core/recordings.ts";
import type { RoomSession } from "../core/sessions.ts";
import { roomUsage } from "../core/usage.ts";
import {
  type Calling,
  callingOptions,
  printWaits,
  readApiKey,
  toCallOptions,
} from "./calling.ts";
import { command, type Context } from "./command.ts";
import { CommandError, exitCodes, usageError } from "./failure.ts";
import { refuseMore } from "./parse.ts";
import { statusLine } from "./progress.ts";
import { namedUsage, type Period, usageCsv, usageTable } from "./usage_view.ts";
import { toJson, toViewOptions } from "./view.ts";

/** How many pages are read at once. */
const concurrency = 8;

/** The most sessions, and the most recordings, that are kept in memory. */
const mostKept = 1_000_000;

/** How often the progress is drawn, in milliseconds. */
const everyMs = 100;

const dayMs = 86_400_000;

/** The day that is some days after another. */
function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** The days of the report: 30 of them up to today, unless others are given. */
function toPeriod(
  { from, to }: { from?: string; to?: string },
  { now }: Context,
): Period {
  for (const [flag, text] of [["--from", from], ["--to", to]]) {
    if (text !== undefined && day(text)) {
      throw usageError(`${flag} must be a day, as YYYY-MM-DD`);
    }
  }
  const last = to ?? new Date(now()).toISOString().slice(0, 10);
  const first = from ?? dayAfter(last, -29);
  // The day after is the end of the report
  if (last === "9999-12-31") throw usageError(`--to must be before ${last}`);
  if (first > last) throw usageError("--from must not be after --to");
  return { from: first, to: last };
}

/** Reads lists to their ends, and shows how far they are. */
function listReader(context: Context) {
  const line = statusLine(context);
  const printWait = printWaits(context);
  let drawnAt = -Infinity;
  return {
    opts: {
      concurrency,
      onAttempt(event: Parameters<typeof printWait>[0]) {
        if (event.waitMs !== undefined) line.clear();
        printWait(event);
      },
    },
    async read<Item, Kept>(
      what: string,
      list: AsyncIterable<Item>,
      keep: (item: Item) => Kept,
    ): Promise<Kept[]> {
      const kept: Kept[] = [];
      try {
        for await (const item of list) {
          if (kept.length === mostKept) {
            throw new CommandError(
              `There are more than ${mostKept} ${what}: narrow the days with ` +
                "--from and --to",
              exitCodes.failed,
            );
          }
          kept.push(keep(item));
          if (context.now() - drawnAt < everyMs) continue;
          drawnAt = context.now();
          line.show(`${kept.length} ${what}`);
        }
      } finally {
        line.clear();
      }
      return kept;
    },
  };
}

/** The fields of a session that are counted. */
function countedSession(session: RoomSession): RoomSession {
  return {
    id: session.id,
    room_id: session.room_id ?? null,
    active: session.active ?? null,
    created_at: session.created_at ?? null,
    updated_at: session.updated_at ?? null,
    ended_at: session.ended_at ?? null,
    participants: (session.participants ?? []).map((participant) => ({
      id: participant.id,
      joined_at: participant.joined_at ?? null,
      left_at: participant.left_at ?? null,
    })),
  };
}

/** The fields of a recording that are counted. */
function countedRecording(recording: RoomRecording): RoomRecording {
  return {
    id: recording.id,
    room_id: recording.room_id ?? null,
    session_id: recording.session_id ?? null,
    started_at: recording.started_at ?? null,
    created_at: recording.created_at ?? null,
    duration_secs: recording.duration_secs ?? null,
    size_mb: recording.size_mb ?? null,
  };
}

/** Everything that the report is made of. */
async function readAll(
  apiKey: string,
  { from, to }: Period,
  calling: Calling,
  context: Context,
) {
  const { fetch } = context;
  const { opts: reading, read } = listReader(context);
  const opts = { ...calling, ...reading };
  const ofSessions = {
    ...opts,
    includeParticipants: true,
    createdAt: { lte: to },
  };
  // The active ones first: one that ends meanwhile is in both lists, not in none
  const sessions = [
    ...await read(
      "active sessions",
      allSessions(fetch, apiKey, { ...ofSessions, active: true }),
      countedSession,
    ),
    ...await read(
      "sessions",
      allSessions(fetch, apiKey, { ...ofSessions, endedAt: { gte: from } }),
      countedSession,
    ),
  ];
  const recordings = await read(
    "recordings",
    allRecordings(fetch, apiKey, {
      ...opts,
      startedAt: { gte: from, lte: to },
    }),
    countedRecording,
  );
  const names = await read(
    "rooms",
    allRooms(fetch, apiKey, opts),
    ({ id, unique_name }) => [id, unique_name ?? ""] as const,
  );
  return { sessions, recordings, names: new Map(names) };
}

/** `telnyx-rooms usage` */
export const usage = command({
  args: "",
  about: "show what was used, by day and by room",
  more: [
    "It counts sessions, the most people at once, participant-minutes, and the " +
    "minutes and gigabytes of recordings, which are of one participant each. " +
    "Days are in UTC. What is still going on counts up to now.",
    "With --csv, a row is a room on a day; with --json, the whole, its days and " +
    "its rooms are one object.",
  ],
  options: {
    from: {
      value: "YYYY-MM-DD",
      default: "30 days up to --to",
      about: "the first day",
    },
    to: { value: "YYYY-MM-DD", default: "today", about: "the last day" },
    csv: { about: "print CSV for a spreadsheet" },
    ...callingOptions,
  },
  examples: [
    [
      "telnyx-rooms usage --from 2026-11-01 --to 2026-11-30 --csv > november.csv",
      "save the usage of a month for a spreadsheet",
    ],
  ],
  async run({ values, positionals }, context) {
    refuseMore(positionals);
    const { csv, json } = values;
    if (csv && json) throw usageError("Choose --csv or --json");
    const period = toPeriod(values, context);
    const calling = toCallOptions(values, context);
    const apiKey = await readApiKey(values, context);
    const read = await readAll(apiKey, period, calling, context);
    const { sessions, recordings, names } = read;
    const report = roomUsage(sessions, context.now(), {
      from: period.from,
      to: dayAfter(period.to, 1),
      recordings,
    });
    const named = namedUsage(report, names);
    context.stdout.write(
      csv
        ? usageCsv(named)
        : json
        ? toJson({ ...period, ...named })
        : usageTable(named, period, toViewOptions(context)),
    );
  },
});
