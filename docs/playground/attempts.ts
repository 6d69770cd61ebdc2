import type { AttemptEvent } from "@videorooms/telnyx";
import { duration } from "./units.ts";

/** An attempt as the page shows it. Times count from the start of the call. */
export interface Attempt {
  /** Counted from 1. */
  number: number;
  /** When it started, in milliseconds. */
  startedMs: number;
  /** How it ended; undefined while it is running. */
  ended?: AttemptEvent;
  /** When the caller aborted it, in milliseconds. */
  abortedMs?: number;
}

/** An attempt in words: its result, its duration and what happens next. */
export interface AttemptWords {
  result: string;
  took: string;
  next: string;
}

export type AttemptState = "waiting" | "good" | "bad";

/** The state of an attempt so far. */
export function attemptState({ ended, abortedMs }: Attempt): AttemptState {
  if (abortedMs !== undefined) return "bad";
  return !ended ? "waiting" : ended.error ? "bad" : "good";
}

/** Describes an attempt; undefined stands for one that was not made. */
export function attemptWords(attempt: Attempt | undefined): AttemptWords {
  if (!attempt) return { result: "not made", took: "", next: "" };
  const { startedMs, ended, abortedMs } = attempt;
  if (!ended) {
    return abortedMs === undefined
      ? { result: "waiting", took: "", next: "" }
      : {
        result: "aborted",
        took: duration(abortedMs - startedMs),
        next: "stops",
      };
  }
  const { status, error, durationMs, waitMs } = ended;
  const result = [status, error?.code].filter(Boolean).join(" ");
  return {
    result,
    took: duration(durationMs),
    next: !error
      ? "done"
      : waitMs === undefined
      ? "stops"
      : `waits ${duration(waitMs)}`,
  };
}

/** A bar on the time axis; positions are percentages of its width. */
export interface AttemptBar {
  number: number;
  state: AttemptState;
  start: number;
  width: number;
  /** The width of the wait after it; 0 if there is none. */
  wait: number;
}

/** Attempts on a time axis that starts at 0. */
export interface AttemptChart {
  bars: AttemptBar[];
  ticks: { at: number; label: string }[];
}

/** The length of the axis: 500 ms, doubled until `ms` fits. */
function axisMs(ms: number): number {
  let axis = 500;
  while (axis < ms) axis *= 2;
  return axis;
}

/**
 * Lays out attempts. A wait is drawn only up to now, so the length of the axis
 * depends on the elapsed time alone.
 *
 * @param nowMs Milliseconds since the start of the call.
 */
export function attemptChart(
  attempts: readonly Attempt[],
  nowMs: number,
): AttemptChart {
  const span = axisMs(nowMs);
  const percent = (ms: number) => Math.min(100, Math.max(0, ms / span * 100));
  const bars = attempts.map((attempt): AttemptBar => {
    const { number, startedMs, ended, abortedMs } = attempt;
    const endMs = ended ? startedMs + ended.durationMs : abortedMs ?? nowMs;
    const waitedMs = Math.min(ended?.waitMs ?? 0, Math.max(0, nowMs - endMs));
    const start = percent(startedMs);
    const end = percent(endMs);
    return {
      number,
      state: attemptState(attempt),
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
