import { parseArgs, type ParseArgsConfig } from "node:util";
import { usageError } from "./failure.ts";
import { type CommandName, commands } from "./manual.ts";
import type { Option } from "./option.ts";

/** The values of a command's options, such as were given. */
export type Values<C extends CommandName> = {
  [K in keyof typeof commands[C]["options"]]?:
    typeof commands[C]["options"][K] extends { value: string } ? string
      : boolean;
};

/** Reads a command's arguments as its options in the manual say. */
export function parse<C extends CommandName>(
  command: C,
  args: string[],
): { values: Values<C>; positionals: string[] } {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  const known: Record<string, Option> = commands[command].options;
  for (const [name, { value }] of Object.entries(known)) {
    options[name] = { type: value ? "string" : "boolean" };
  }
  try {
    const { values, positionals } = parseArgs({
      args,
      options,
      allowPositionals: true,
    });
    return { values: values as Values<C>, positionals };
  } catch (error) {
    // The first sentence says what is wrong; Node goes on to explain dashes
    throw usageError(String((error as Error).message).split(/\.\s/)[0] ?? "");
  }
}

/** Refuses arguments that a command has no use for. */
export function refuseMore(words: readonly string[]): void {
  if (words.length > 0) throw usageError("There are too many arguments");
}
