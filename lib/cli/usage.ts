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
  readApiKey,
  toCallOptions,
} from "./calling.ts";
import { command, type Context } from "./command.ts";
import { CommandError, exitCodes, usageError } from "./failure.ts";
import { collect, redrawMs, statusLine } from "./progress.ts";
import {
  dayAfter,
  namedUsage,
  type Period,
  usageCsv,
  usageTable,
} from "./usage_view.ts";
import { toJson, toViewOptions } from "./view.ts";

/** How many pages are read at once. */
const concurrency = 8;

/** The most sessions, and the most recordings, that are kept in memory. */
const mostKept = 1_000_000;

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
  if (first > last) {
    const end = to === undefined ? "today" : "--to";
    throw usageError(`--from must not be after ${end}`);
  }
  return { from: first, to: last };
}

/** A record with the fields that are counted: a million of them fit in memory. */
function pick<T extends object, K extends keyof T>(
  record: T,
  names: readonly K[],
): Pick<T, K> {
  const fields = names.map((name) => [name, record[name]]);
  return Object.fromEntries(fields) as Pick<T, K>;
}

const countedSession = ({ participants, ...session }: RoomSession) => ({
  ...pick(session, [
    "id",
    "room_id",
    "active",
    "created_at",
    "updated_at",
    "ended_at",
  ]),
  participants: (participants ?? []).map((participant) =>
    pick(participant, ["id", "joined_at", "left_at"])
  ),
});

const countedRecording = (recording: RoomRecording) =>
  pick(recording, [
    "id",
    "room_id",
    "session_id",
    "started_at",
    "created_at",
    "duration_secs",
    "size_mb",
  ]);

/** Everything that the report is made of. */
async function readAll(
  apiKey: string,
  { from, to }: Period,
  calling: Calling,
  context: Context,
) {
  const { fetch } = context;
  const line = statusLine(context, redrawMs);
  const opts = { ...calling, concurrency };
  /** Reads a list to its end. */
  function read<Item, Kept>(
    what: string,
    list: AsyncIterable<Item>,
    keep: (item: Item) => Kept,
  ): Promise<Kept[]> {
    async function* kept() {
      let count = 0;
      for await (const item of list) {
        if (count++ < mostKept) yield keep(item);
        else {
          throw new CommandError(
            `There are more than ${mostKept} ${what}: narrow the days with ` +
              "--from and --to",
            exitCodes.failed,
          );
        }
      }
    }
    return collect(kept(), line, (count) => `${what}: ${count}`);
  }
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
  async run({ values }, context) {
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
