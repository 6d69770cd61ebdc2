// Where the bars of a timeline are.
import type { ShownRoom, ShownSession } from "./types.ts";

/** A bar, in percent of the axis. */
export interface Bar {
  start: number;
  width: number;
  /** Whether it goes on. */
  isOpen: boolean;
}

/** Distances between marks, in minutes. */
const steps = [0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 10_080];

/** The marks of an axis, not more than eight: where, and at which time. */
export function ticks(startMs: number, endMs: number) {
  const span = endMs - startMs;
  const step = 60_000 *
    (steps.find((minutes) => span / (minutes * 60_000) <= 6) ?? 43_200);
  const found: { at: number; ms: number }[] = [];
  for (
    let ms = Math.ceil(startMs / step) * step;
    ms <= endMs && found.length < 8;
    ms += step
  ) {
    found.push({ at: (ms - startMs) / span * 100, ms });
  }
  return found;
}

/** The timeline of a session: who was there, and what was recorded of them. */
export function timeline(
  room: ShownRoom,
  session: ShownSession,
  nowMs: number,
) {
  const timeOf = (text: string | null | undefined) => {
    const ms = Date.parse(text ?? "");
    return Number.isNaN(ms) ? undefined : ms;
  };
  const startMs = timeOf(session.created_at) ?? nowMs;
  const endMs = Math.max(
    startMs + 30_000,
    session.active ? nowMs : timeOf(session.ended_at) ?? nowMs,
  );
  const barOf = (from: number, to: number | undefined): Bar => {
    const at = (ms: number) =>
      Math.min(100, Math.max(0, (ms - startMs) / (endMs - startMs) * 100));
    const start = at(from);
    return {
      start,
      width: Math.max(0, at(to ?? nowMs) - start),
      isOpen: to === undefined,
    };
  };
  const rows = session.participants.map((person) => {
    const from = timeOf(person.joined_at) ?? startMs;
    const to = timeOf(person.left_at) ??
      (session.active ? undefined : timeOf(session.ended_at));
    return {
      id: person.id,
      name: person.context || "Somebody",
      bar: barOf(from, to),
      ms: (to ?? nowMs) - from,
      recordings: room.recordings
        .filter(({ participant_id, type }) =>
          participant_id === person.id && type === "video"
        )
        .map(({ started_at, ended_at }) =>
          barOf(timeOf(started_at) ?? from, timeOf(ended_at))
        ),
    };
  });
  return { startMs, endMs, rows, ticks: ticks(startMs, endMs) };
}
