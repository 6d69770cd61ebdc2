import type { FetchFn } from "../client/fetch_fn.ts";

/** A stream of text, such as `process.stdout`. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** The user's input, such as `process.stdin`. */
export interface Input {
  isTTY?: boolean;
  /** The first line; `""` if there is none. */
  readLine(): Promise<string>;
}

/** The effects that a command needs. */
export interface Context {
  env: Record<string, string | undefined>;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  fetch: FetchFn;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Aborts when the user interrupts the command. */
  stop: AbortSignal;
}
