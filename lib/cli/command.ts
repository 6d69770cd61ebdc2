// What a command of the command line is.
import type { Operation } from "../core/mod.ts";
import type { Option } from "./option.ts";
import type { ViewOptions } from "./view.ts";

/** A command of the command line. */
export interface Command {
  /** Its arguments, as the synopsis shows them. */
  args: string;
  about: string;
  /** Paragraphs with details. */
  more?: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** Command lines, each with what it does. */
  examples?: readonly (readonly [line: string, does: string])[];
  /** The operations that it can call; the first that fits is called. */
  uses?: readonly Use[];
}

/** One of the operations that a command can call. */
export interface Use {
  /** Its ids are the first arguments of the command. */
  operation: Operation;
  /** The option that selects this operation. */
  flag?: string;
  /** Options that are always set. */
  opts?: Record<string, unknown>;
  /** Where the payload comes from, if not from options. */
  payload?: "arguments" | "stdin";
  /** The question to confirm before doing what cannot be undone. */
  question?: string;
  /** The result as text. */
  show(result: unknown, options: ViewOptions): string;
}
