import type { RoomSession } from "@videorooms/telnyx";
import { span } from "../../lib/cli/time.ts";

/** A session or a stay on the time axis; places are percents of its width. */
export interface TimelineRow {
  kind: "session" | "person";
  name: string;
  /** How long, and whether it goes on. */
  words: string;
  /** Whether it goes on. */
  open: boolean;
  /** Where its bar begins and how wide it is; undefined if that is unknown. */
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

/** How far ticks may be apart. */
const steps: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 30, 90, 365].map((n) => n * day),
];

/** How many ticks there are at the most, besides "now". */
const maxTicks = 4;

/** Longer names would leave no place for the words after them. */
const maxName = 20;

function ticks(from: number, now: number): Timeline["ticks"] {
  const length = now - from;
  const step = steps.find((step) => length / step <= maxTicks) ??
    Math.ceil(length / maxTicks / day) * day;
  const found = [{ at: 100, label: "now" }];
  for (let back = step; back <= length; back += step) {
    found.unshift({
      at: (1 - back / length) * 100,
      label: `${span(new Date(now - back).toISOString(), now)} ago`,
    });
  }
  return found;
}

function short(name: string): string {
  const letters = [...name];
  return letters.length > maxName
    ? `${letters.slice(0, maxName - 1).join("")}…`
    : name;
}

/** A span in whole minutes, unless it is shorter than one. */
function roughly(from: string, to: string | number): string | undefined {
  const began = Date.parse(from);
  const ms = new Date(to).getTime() - began;
  return span(from, began + (ms < minute ? ms : ms - ms % minute));
}

/** How long a stay or a session was, or has been going on. */
function length(
  from: string | null | undefined,
  to: string | null | undefined,
  open: boolean,
  now: number,
): string {
  if (!from || !(to || open)) return "how long is unknown";
  const long = roughly(from, to || now);
  return long === undefined
    ? "how long is unknown"
    : open
    ? `${long} so far`
    : long;
}

/**
 * Lays sessions out, and in each the people, on an axis from the earliest begin
 * (at least a minute ago) until now.
 *
 * @param now Milliseconds since the epoch.
 */
export function timeline(
  sessions: readonly RoomSession[],
  now: number,
): Timeline {
  const begins = sessions
    .flatMap(({ created_at, participants }) => [
      created_at,
      ...(participants ?? []).map(({ joined_at }) => joined_at),
    ])
    .map((time) => Date.parse(time ?? ""))
    .filter((ms) => !Number.isNaN(ms));
  const from = Math.min(now - minute, ...begins);

  const place = (ms: number) =>
    Math.min(100, Math.max(0, (ms - from) / (now - from) * 100));
  function bar(
    began: string | null | undefined,
    ended: string | null | undefined,
    open: boolean,
  ): TimelineRow["bar"] {
    const [first, last] = [
      Date.parse(began ?? ""),
      ended ? Date.parse(ended) : open ? now : NaN,
    ];
    if (!(first <= last)) return undefined;
    return { start: place(first), width: place(last) - place(first) };
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
