import type { RoomSession } from "@videorooms/telnyx";
import { span } from "../../lib/cli/time.ts";

/** A session or a stay on the time axis; positions are percentages of it. */
export interface TimelineRow {
  kind: "session" | "person";
  name: string;
  /** How long it lasted, or has lasted so far. */
  words: string;
  /** Whether it is still going on. */
  open: boolean;
  /** The start and width of its bar; undefined if unknown. */
  bar: { start: number; width: number } | undefined;
}

/** Sessions on a time axis that ends now. */
export interface Timeline {
  rows: TimelineRow[];
  ticks: { at: number; label: string }[];
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The possible distances between ticks, in milliseconds. */
const steps: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 30, 90, 365].map((n) => n * day),
];

/** The maximum number of ticks, besides "now". */
const maxTicks = 4;

/** Longer names would leave no space for the text after them. */
const maxName = 20;

function ticks(from: number, now: number): Timeline["ticks"] {
  const length = now - from;
  const step = steps.find((step) => length / step <= maxTicks) ??
    Math.ceil(length / maxTicks / day) * day;
  const ticks = [{ at: 100, label: "now" }];
  for (let back = step; back <= length; back += step) {
    ticks.unshift({
      at: (1 - back / length) * 100,
      label: `${span(new Date(now - back).toISOString(), now)} ago`,
    });
  }
  return ticks;
}

function short(name: string): string {
  const letters = [...name];
  return letters.length > maxName
    ? `${letters.slice(0, maxName - 1).join("")}…`
    : name;
}

/** A time span in whole minutes, unless it is shorter than one. */
function roundedSpan(from: string, to: string | number): string | undefined {
  const start = Date.parse(from);
  const ms = new Date(to).getTime() - start;
  return span(from, start + (ms < minute ? ms : ms - ms % minute));
}

/** How long a stay or a session lasted, or has lasted so far. */
function length(
  from: string | null | undefined,
  to: string | null | undefined,
  open: boolean,
  now: number,
): string {
  if (!from || !(to || open)) return "unknown duration";
  const duration = roundedSpan(from, to || now);
  return duration === undefined
    ? "unknown duration"
    : open
    ? `${duration} so far`
    : duration;
}

/**
 * Lays out sessions, each followed by its people, on a time axis from the
 * earliest start (at least a minute ago) to now.
 *
 * @param now Milliseconds since the epoch.
 */
export function timeline(
  sessions: readonly RoomSession[],
  now: number,
): Timeline {
  const starts = sessions
    .flatMap(({ created_at, participants }) => [
      created_at,
      ...(participants ?? []).map(({ joined_at }) => joined_at),
    ])
    .map((time) => Date.parse(time ?? ""))
    .filter((ms) => !Number.isNaN(ms));
  const from = Math.min(now - minute, ...starts);

  const percent = (ms: number) =>
    Math.min(100, Math.max(0, (ms - from) / (now - from) * 100));
  function bar(
    start: string | null | undefined,
    end: string | null | undefined,
    open: boolean,
  ): TimelineRow["bar"] {
    const [first, last] = [
      Date.parse(start ?? ""),
      end ? Date.parse(end) : open ? now : NaN,
    ];
    if (!(first <= last)) return undefined;
    return { start: percent(first), width: percent(last) - percent(first) };
  }

  const rows = sessions.flatMap((
    { active, created_at, ended_at, participants },
  ): TimelineRow[] => {
    const open = active === true && !ended_at;
    return [
      {
        kind: "session",
        name: active ? "Session, active" : "Session, ended",
        words: length(created_at, ended_at, open, now),
        open,
        bar: bar(created_at, ended_at, open),
      },
      ...(participants ?? []).map(
        ({ id, context, joined_at, left_at }): TimelineRow => ({
          kind: "person",
          name: short(context || id),
          words: length(joined_at, left_at, open && !left_at, now),
          open: open && !left_at,
          bar: bar(joined_at, left_at, open && !left_at),
        }),
      ),
    ];
  });
  return { rows, ticks: ticks(from, now) };
}
