import type { AttemptEvent } from "@videorooms/telnyx";
import { duration } from "./units.ts";

/** An attempt as the page follows it. Times are from the look-up's begin. */
export interface Attempt {
  /** Which it is, from 1. */
  number: number;
  /** When it began, in milliseconds. */
  beganMs: number;
  /** How it ended; undefined while it lasts. */
  ended?: AttemptEvent;
  /** When the caller aborted it, in milliseconds. */
  abortedMs?: number;
}

/** An attempt in words: what came, how long it took, and what follows. */
export interface AttemptWords {
  answer: string;
  took: string;
  then: string;
}

/** What came of an attempt. */
export type Fate = "waiting" | "good" | "bad";

/** What came of an attempt so far. */
export function fate({ ended, abortedMs }: Attempt): Fate {
  if (abortedMs !== undefined) return "bad";
  return !ended ? "waiting" : ended.error ? "bad" : "good";
}

/** Says an attempt in words; of one that was not made, that it was not. */
export function attemptWords(attempt: Attempt | undefined): AttemptWords {
  if (!attempt) return { answer: "not made", took: "", then: "" };
  const { beganMs, ended, abortedMs } = attempt;
  if (!ended) {
    return abortedMs === undefined
      ? { answer: "waiting", took: "", then: "" }
      : {
        answer: "aborted",
        took: duration(abortedMs - beganMs),
        then: "stops",
      };
  }
  const { status, error, durationMs, waitMs } = ended;
  const answer = [status, error?.code].filter(Boolean).join(" ");
  return {
    answer,
    took: duration(durationMs),
    then: !error
      ? "done"
      : waitMs === undefined
      ? "stops"
      : `waits ${duration(waitMs)}`,
  };
}

/** A bar on the time axis, in percent of its width. */
export interface AttemptBar {
  number: number;
  fate: Fate;
  start: number;
  width: number;
  /** How wide the wait after it is; 0 for none. */
  wait: number;
}

/** What the attempts look like on a time axis from 0. */
export interface AttemptChart {
  bars: AttemptBar[];
  ticks: { at: number; label: string }[];
}

/** The widest that an axis may be, by how much has to fit, in milliseconds. */
function axisMs(ms: number): number {
  let axis = 500;
  while (axis < ms) axis *= 2;
  return axis;
}

/**
 * Lays attempts out. Waits are drawn as far as they have come, so the axis
 * grows with the time that has passed alone.
 *
 * @param nowMs Milliseconds since the look-up began.
 */
export function attemptChart(
  attempts: readonly Attempt[],
  nowMs: number,
): AttemptChart {
  const span = axisMs(nowMs);
  const percent = (ms: number) => Math.min(100, Math.max(0, ms / span * 100));
  const bars = attempts.map((attempt): AttemptBar => {
    const { number, beganMs, ended, abortedMs } = attempt;
    const endMs = ended ? beganMs + ended.durationMs : abortedMs ?? nowMs;
    const waitedMs = Math.min(ended?.waitMs ?? 0, Math.max(0, nowMs - endMs));
    const start = percent(beganMs);
    const end = percent(endMs);
    return {
      number,
      fate: fate(attempt),
      start,
      width: end - start,
      wait: percent(endMs + waitedMs) - end,
    };
  });
  const ticks = [0, 25, 50, 75, 100].map((at) => ({
    at,
    label: at === 0 ? "0" : duration(span * at / 100),
  }));
  return { bars, ticks };
}
