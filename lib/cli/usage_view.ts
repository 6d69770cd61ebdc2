// What was used, as a table with bars, and as CSV.
import type { Usage, UsageReport } from "../core/usage.ts";
import { printable } from "./text.ts";
import { paints, type ViewOptions } from "./view.ts";
import { cellsOf, cut, pad } from "./width.ts";

/** The days that a report is about, both included. */
export interface Period {
  from: string;
  to: string;
}

/** The numbers of a report, by their names in JSON and CSV. */
const usageNumbers = [
  "sessions",
  "most_people",
  "session_minutes",
  "participant_minutes",
  "recordings",
  "recorded_minutes",
  "recorded_gb",
] as const;

type Numbers = Record<typeof usageNumbers[number], number>;

/** A report as it is printed: in minutes and gigabytes, and with rooms' names. */
interface NamedUsage extends Numbers {
  days: (Numbers & { day: string })[];
  rooms: (Numbers & {
    room_id: string | null;
    name: string;
    days: (Numbers & { day: string })[];
  })[];
}

/** Rounded to a millionth, so that the error of a sum cannot be seen. */
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

function numbersOf(usage: Usage): Numbers {
  return {
    sessions: usage.sessions,
    most_people: usage.mostPeople,
    session_minutes: rounded(usage.seconds / 60),
    participant_minutes: rounded(usage.participantSeconds / 60),
    recordings: usage.recordings,
    recorded_minutes: rounded(usage.recordedSeconds / 60),
    recorded_gb: rounded(usage.recordedMegabytes / 1000),
  };
}

/** The report as it is printed. */
export function namedUsage(
  report: UsageReport,
  names: ReadonlyMap<string, string>,
): NamedUsage {
  const withDays = ({ days, ...usage }: Pick<UsageReport, "days"> & Usage) => ({
    ...numbersOf(usage),
    days: days.map(({ day, ...usage }) => ({ day, ...numbersOf(usage) })),
  });
  return {
    ...withDays(report),
    rooms: report.rooms.map(({ roomId, ...usage }) => ({
      room_id: roomId,
      name: names.get(roomId ?? "") ?? "",
      ...withDays(usage),
    })),
  };
}

/** The columns of numbers, the most important first: the last are dropped first. */
const columns: readonly [head: string, text: (usage: Numbers) => string][] = [
  ["MINUTES", (it) => whole(it.participant_minutes)],
  ["PEOPLE", (it) => whole(it.most_people)],
  ["SESSIONS", (it) => whole(it.sessions)],
  ["REC MIN", (it) => whole(it.recorded_minutes)],
  ["GB", (it) => gigabytes(it.recorded_gb)],
];

function whole(value: number): string {
  if (value === 0) return "-";
  return value < 0.5 ? "<1" : Math.round(value).toLocaleString("en-US");
}

function gigabytes(value: number): string {
  if (value === 0) return "-";
  return value < 0.005 ? "<0.01" : value.toFixed(2);
}

/** The least and the most cells of a bar, and the least of a label, a day. */
const minBar = 8;
const maxBar = 30;
const minLabel = 10;

/** The cells of a label for which a column of numbers gives way. */
const wideLabel = 20;

const gap = 2;

/** The eighths of a cell. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of some cells, in eighths; one that is not empty can be seen. */
export function bar(share: number, cells: number): string {
  const isVisible = share > 0 && cells > 0;
  const n = isVisible ? Math.max(1, Math.round(share * cells * 8)) : 0;
  return "█".repeat(Math.floor(n / 8)) + eighths[n % 8];
}

interface UsageRow {
  label: string;
  usage: Numbers;
}

interface Section {
  head: string;
  rows: readonly UsageRow[];
}

/**
 * Sections with numbers and, on a terminal, a bar for the participant-minutes.
 * They have the same columns, of which the last are left out to fit the width.
 */
function sectionsWithBars(
  sections: readonly Section[],
  options: ViewOptions,
): string[] {
  const { width } = options;
  const { dim, green } = paints(options);
  const all = sections.map(({ head, rows }) => ({
    head,
    rows: rows.map(({ label, usage }) => ({
      label: printable(label),
      cells: columns.map(([, text]) => text(usage)),
      minutes: usage.participant_minutes,
    })),
  }));
  const every = all.flatMap(({ rows }) => rows);
  const widths = columns.map(([head], i) =>
    Math.max(head.length, ...every.map(({ cells }) => cells[i]?.length ?? 0))
  );
  const widest = Math.max(...every.map(({ label }) => cellsOf(label)));
  /** What the first columns of numbers leave for a label and a bar. */
  const left = (count: number) =>
    widths.slice(0, count).reduce((cells, width) => cells - gap - width, width);
  const barred = width === Infinity ? 0 : gap + minBar;
  let count = columns.length;
  while (count > 1 && left(count) - barred < Math.min(widest, wideLabel)) {
    count--;
  }
  const labelWidth = Math.min(
    widest,
    Math.max(minLabel, left(count) - barred),
    Math.max(wideLabel, left(count) - gap - maxBar),
  );
  const barWidth = width === Infinity
    ? 0
    : Math.max(0, Math.min(maxBar, left(count) - labelWidth - gap));
  const line = (label: string, cells: string[], bar: string) =>
    [
      pad(cut(label, labelWidth), labelWidth),
      ...cells.slice(0, count).map((cell, i) => cell.padStart(widths[i] ?? 0)),
      bar,
    ].join(" ".repeat(gap)).trimEnd();
  return all.flatMap(({ head, rows }) => {
    const most = Math.max(...rows.map(({ minutes }) => minutes));
    return [
      "",
      dim(line(head, columns.map(([head]) => head), "")),
      ...rows.map(({ label, cells, minutes }) =>
        line(label, cells, green(bar(most && minutes / most, barWidth)))
      ),
    ];
  });
}

const nothing = Object.fromEntries(
  usageNumbers.map((key) => [key, 0]),
) as Numbers;

const dayMs = 86_400_000;

/** The day that is some days after another. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** The most days that are shown one by one, also those without use. */
const mostDays = 92;

/** The rows of days; between two of them, those without use are shown as well. */
function dayRows(days: NamedUsage["days"]): UsageRow[] {
  const used = new Map(days.map(({ day, ...usage }) => [day, usage]));
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  if (first === undefined || last === undefined) return [];
  const count = (Date.parse(last) - Date.parse(first)) / dayMs + 1;
  const names = count > mostDays
    ? [...used.keys()]
    : Array.from({ length: count }, (_, i) => dayAfter(first, i));
  return names.map((label) => ({ label, usage: used.get(label) ?? nothing }));
}

/** The most rooms that are shown on a terminal. */
const mostRooms = 10;

/** What was used, for people: as a whole, by day and by room. */
export function usageTable(
  { days, rooms, ...total }: NamedUsage,
  { from, to }: Period,
  options: ViewOptions,
): string {
  const { bold, dim } = paints(options);
  const title = `${from} to ${to} (UTC)`;
  if (days.length === 0) return `${title}: nothing was used\n`;
  const shown = options.width === Infinity ? rooms : rooms.slice(0, mostRooms);
  const more = rooms.length - shown.length;
  const facts: [string, string][] = [
    [
      "Sessions",
      `${whole(total.sessions)}, ${whole(total.session_minutes)} min`,
    ],
    ["People", `${whole(total.most_people)} at once`],
    ["Time", `${whole(total.participant_minutes)} participant-minutes`],
    [
      "Recorded",
      total.recordings === 0
        ? "nothing"
        : `${whole(total.recorded_minutes)} min, ` +
          `${gigabytes(total.recorded_gb)} GB`,
    ],
  ];
  return [
    bold(title),
    "",
    ...facts.map(([label, text]) => `  ${dim(label.padEnd(9))} ${text}`),
    ...sectionsWithBars([
      { head: "DAY", rows: dayRows(days) },
      {
        head: "ROOM",
        rows: shown.map(({ room_id, name, ...usage }) => ({
          label: name || room_id || "unknown",
          usage,
        })),
      },
    ], options),
    ...more > 0
      ? [dim(`and ${more} more: add --csv or --json for every room`)]
      : [],
    "",
  ].join("\n");
}

/**
 * A cell of a CSV file (RFC 4180). A text that a spreadsheet would take for a
 * formula gets an apostrophe before it.
 */
export function csvCell(value: string | number): string {
  if (typeof value === "number") return `${value}`;
  const text = printable(value).replace(/^[=+\-@＝＋－＠]/, "'$&");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function usageCsv({ rooms }: NamedUsage): string {
  const rows = rooms.flatMap(({ room_id, name, days }) =>
    days.map(({ day, ...usage }) => [
      day,
      room_id ?? "",
      name,
      ...usageNumbers.map((key) => usage[key]),
    ])
  );
  rows.sort(([a = ""], [b = ""]) => a < b ? -1 : a > b ? 1 : 0);
  return [["day", "room_id", "room", ...usageNumbers], ...rows]
    .map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}
