import type { FetchFn } from "../fetch_fn.ts";

/** A stream that text is written to, such as `process.stdout`. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** Where a user's text comes from, such as `process.stdin`. */
export interface Input {
  isTTY?: boolean;
  /** The first line; `""` if there is none. */
  readLine(): Promise<string>;
}

/** The outside world, handed in. */
export interface Context {
  env: Record<string, string | undefined>;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  fetch: FetchFn;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Aborts when the user asks the command to stop. */
  stop: AbortSignal;
}
