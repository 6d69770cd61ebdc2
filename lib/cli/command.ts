// What a command of the command line is, and what it runs with.
import type { FetchFn } from "../client/fetch_fn.ts";

/** A stream of text, such as `process.stdout`. */
export interface Output {
  /** Writes text; a promise that it returns settles once that is done. */
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** The user's input, such as `process.stdin`. */
interface Input {
  isTTY?: boolean;
  /** The first line; `""` if there is none. */
  readLine(): Promise<string>;
  /** Everything, up to its end. */
  readAll(): Promise<string>;
}

/** The effects that a command needs. */
export interface Context {
  env: Record<string, string | undefined>;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  fetch: FetchFn;
  /** What starts this program, if not `telnyx-rooms`. */
  program?: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Aborts when the user interrupts the command. */
  stop: AbortSignal;
}

/** An option, by its name without dashes. */
export interface Option {
  /** The placeholder of its value; absent if it is on or off. */
  value?: string;
  /** Whether the value is the path of a file. */
  file?: true;
  /** Whether the value is a room, by its id or its name. */
  room?: true;
  /** Whether it can be given more than once. */
  many?: true;
  short?: string;
  /** The value without it. */
  default?: string;
  about: string;
  /** The option or field of an operation that it sets: `createdAt.gte`. */
  sets?: string;
  /** Converts the text of its value. */
  parse?: (text: string) => unknown;
}

export type Options = Readonly<Record<string, Option>>;

/** The values of options, as they were given. */
export type Values<O extends Options = Options> = string extends keyof O
  ? Record<string, string | boolean | string[] | undefined>
  : {
    [K in keyof O]?: O[K] extends { many: true } ? string[]
      : O[K] extends { value: string } ? string
      : boolean;
  };

/** What a command was given. */
export interface Given<O extends Options = Options> {
  name: string;
  values: Values<O>;
  positionals: string[];
}

/** A command: its help, its completions and what it does all come from here. */
export interface Command<O extends Options = Options> {
  /** Its arguments, as the synopsis shows them. */
  args: string;
  about: string;
  /** Paragraphs with details. */
  more?: readonly string[];
  options: O;
  /** Command lines, each with what it does. */
  examples?: readonly (readonly [line: string, does: string])[];
  /** Does it; returns the exit code, if it is not 0. */
  run(given: Given<O>, context: Context): Promise<number | void> | void;
}

/** Declares a command, with the types of its options. */
export function command<const O extends Options>(
  declared: Command<O>,
): Command<O> {
  return declared;
}

/** The ids of a room and of a session in the examples of commands. */
export const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
export const sessionId = "7b61621f-62e0-4aad-ab11-9fd19e272e74";

/** The words in the placeholder of a value or an argument: `on|off`. */
export function wordsOf(value = ""): string[] {
  return /^\w+(\|\w+)+$/.test(value) ? value.split("|") : [];
}
