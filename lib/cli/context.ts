import type { FetchFn } from "../fetch_fn.ts";

/** A stream that text is written to, such as `process.stdout`. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** The outside world, handed in. */
export interface Context {
  env: Record<string, string | undefined>;
  stdout: Output;
  stderr: Output;
  fetch: FetchFn;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits, and rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Aborts when the user asks the command to stop. */
  stop: AbortSignal;
}
