import { parseArgs, type ParseArgsConfig } from "node:util";
import { usageError } from "./failure.ts";
import { type CommandName, commands } from "./manual.ts";
import type { Option } from "./option.ts";

/** The given values of a command's options. */
export type Values<C extends CommandName> = {
  [K in keyof typeof commands[C]["options"]]?:
    typeof commands[C]["options"][K] extends { many: true } ? string[]
      : typeof commands[C]["options"][K] extends { value: string } ? string
      : boolean;
};

/**
 * What is wrong with the arguments. An unknown option is named by its place: it
 * may be a key that was given in the wrong one.
 */
function problemOf(
  command: CommandName,
  args: string[],
  options: NonNullable<ParseArgsConfig["options"]>,
): string {
  const { tokens } = parseArgs({
    args,
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name)
      ? options[token.name]
      : undefined;
    if (!option) {
      // Counted with the command, which is the first
      return `Argument ${token.index + 2} is not an option of ${command}`;
    }
    const flag = `--${token.name}`;
    if (option.type === "boolean") {
      if (token.value !== undefined) return `${flag} takes no value`;
    } else if (token.value === undefined) {
      return `${flag} needs a value`;
    } else if (!token.inlineValue && token.value.startsWith("-")) {
      return `${flag} needs a value; write one with a dash as ${flag}=VALUE`;
    }
  }
  return "Wrong arguments";
}

/** Parses the arguments of a command by its options in the manual. */
export function parse<C extends CommandName>(
  command: C,
  args: string[],
): { values: Values<C>; positionals: string[] } {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  const known: Record<string, Option> = commands[command].options;
  for (const [name, { value, short, many = false }] of Object.entries(known)) {
    options[name] = {
      type: value ? "string" : "boolean",
      multiple: many,
      ...short !== undefined && { short },
    };
  }
  try {
    const { values, positionals } = parseArgs({
      args,
      options,
      allowPositionals: true,
    });
    return { values: values as Values<C>, positionals };
  } catch {
    throw usageError(problemOf(command, args, options));
  }
}

/** Throws if any arguments are left. */
export function refuseMore(args: readonly string[]): void {
  if (args.length > 0) throw usageError("Too many arguments");
}
