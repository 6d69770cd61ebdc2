// Reads the arguments of a command, and the values of its options.
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Command, Context, Given, Option } from "./command.ts";
import {
  longestWord,
  looksSecret,
  unknownWord,
  usageError,
} from "./failure.ts";

/** Parses the arguments of a command by its options; throws if one is wrong. */
export function parse(
  name: string,
  { options: declared, args: synopsis }: Pick<Command, "options" | "args">,
  args: string[],
): Given {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  const known: Record<string, Option> = declared;
  for (const [name, { value, short, many = false }] of Object.entries(known)) {
    options[name] = {
      type: value ? "string" : "boolean",
      multiple: many,
      ...short !== undefined && { short },
    };
  }
  const { values, positionals, tokens } = parseArgs({
    args,
    options,
    allowPositionals: true,
    strict: false, // whose errors would repeat a word that may be a secret
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(options, token.name)) {
      const flags = Object.keys(options).map((name) => `--${name}`);
      throw unknownWord(token.rawName, `an option of ${name}`, flags);
    }
    const flag = `--${token.name}`;
    const { value, inlineValue } = token;
    if (options[token.name]?.type === "boolean") {
      if (value !== undefined) throw usageError(`${flag} takes no value`);
    } else if (value === undefined) {
      throw usageError(`${flag} needs a value`);
    } else if (!inlineValue && /^-./.test(value)) {
      throw usageError(
        `${flag} needs a value; write one with a dash as ${flag}=VALUE`,
      );
    }
  }
  const takesMany = synopsis.includes("...");
  if (!takesMany) refuseMore(positionals.slice(synopsis === "" ? 0 : 1));
  return { name, values: values as Given["values"], positionals };
}

/** Throws if any arguments are left; they are named unless they may be secrets. */
function refuseMore([word]: readonly string[]): void {
  if (word === undefined) return;
  throw usageError(
    looksSecret(word) || word.length > longestWord
      ? "Too many arguments"
      : `"${word}" is one argument too many`,
  );
}

/** The integer that an option is set to. */
export function toInteger(
  flag: string,
  text: string,
  min: number,
  max: number,
): number {
  const n = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (n >= min && n <= max) return n;
  throw usageError(`${flag} must be an integer from ${min} to ${max}`);
}

/** An option's seconds, in milliseconds. */
export function toMs(flag: string, text: string, min: number): number {
  const seconds = text.trim() === "" ? NaN : Number(text);
  if (seconds >= min && seconds <= 2_147_483) return seconds * 1000;
  throw usageError(
    `${flag} must be a number of seconds, such as 5 or ` +
      (min < 1 ? "0.5" : `2.5, and at least ${min}`),
  );
}

/** The URL that an option is set to. */
export function toUrl(flag: string, text: string | undefined): string {
  if (text !== undefined && URL.canParse(text) && /^https?:/i.test(text)) {
    return text;
  }
  throw usageError(`${flag} must be a URL, such as http://127.0.0.1:3000/`);
}

/** The words on stdin in place of a `-`: one on each line, such as ids. */
export async function withStdin(
  words: readonly string[],
  { stdin }: Pick<Context, "stdin">,
): Promise<string[]> {
  if (!words.includes("-")) return [...words];
  if (stdin.isTTY) throw usageError("Pipe ids into stdin, one on each line");
  const text = await stdin.readAll();
  // As PowerShell may write it
  if (text.includes("\0")) {
    throw usageError("stdin must be UTF-8, with an id on each line");
  }
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  // Given twice, it is the same stdin
  const at = words.indexOf("-");
  const after = words.slice(at + 1).filter((word) => word !== "-");
  const all = [...words.slice(0, at), ...lines, ...after];
  if (all.length === 0) throw usageError("There are no ids on stdin");
  return all;
}
