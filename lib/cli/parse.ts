import { parseArgs, type ParseArgsConfig } from "node:util";
import { usageError } from "./failure.ts";
import { type CommandName, commands } from "./manual.ts";
import type { Option } from "./option.ts";

/** The given values of a command's options. */
export type Values<C extends CommandName> = {
  [K in keyof typeof commands[C]["options"]]?:
    typeof commands[C]["options"][K] extends { value: string } ? string
      : boolean;
};

/** Parses the arguments of a command by its options in the manual. */
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
    // Only the first sentence names the problem
    throw usageError(String((error as Error).message).split(/\.\s/)[0] ?? "");
  }
}

/** Throws if any arguments are left. */
export function refuseMore(args: readonly string[]): void {
  if (args.length > 0) throw usageError("Too many arguments");
}
