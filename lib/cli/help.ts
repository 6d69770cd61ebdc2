// Help, in the width of the terminal.
import type { Command, Option, Options } from "./command.ts";
import { exitCodes, exitMeanings } from "./failure.ts";
import { wrap } from "./text.ts";

/** The option of every command. */
export const helpOption = {
  short: "h",
  about: "show help",
} as const satisfies Option;

/** The option without a command. */
export const versionOption = {
  short: "v",
  about: "show the version",
} as const satisfies Option;

export const environment: Record<string, string> = {
  TELNYX_API_KEY: "the API key, unless --api-key-file is given",
  TELNYX_BASE_URL: "the base URL, unless --base-url is given",
  NO_COLOR: "disables color if not empty",
};

/** The most cells of a line: longer ones are harder to read. */
const widest = 80;

/** The width below which a meaning is below its term, not beside it. */
const widthForTwo = 60;

/** Terms beside their meanings, under a heading. */
function section(
  heading: string,
  rows: readonly (readonly [term: string, meaning: string])[],
  width: number,
): string[] {
  const longest = Math.max(...rows.map(([term]) => term.length));
  const indent = longest > 3 && width < widthForTwo ? 6 : longest + 4;
  const lines = rows.flatMap(([term, meaning]) => {
    const isBeside = term.length + 4 <= indent;
    const meanings = wrap(meaning, width - indent).map((line, i) =>
      `  ${isBeside && i === 0 ? term : ""}`.padEnd(indent) + line
    );
    return isBeside ? meanings : [`  ${term}`, ...meanings];
  });
  return ["", `${heading}:`, ...lines];
}

/** An option as a synopsis shows it: `-h, --help`, `--port N`. */
export function flag(name: string, { short, value }: Option): string {
  return `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
}

/** What an option is for, and its default. */
export function meaning({ about, default: value }: Option): string {
  return value === undefined ? about : `${about} (default ${value})`;
}

function optionSection(all: Options, width: number): string[] {
  const rows = Object.entries(all)
    .map(([name, option]) => [flag(name, option), meaning(option)] as const);
  return section("Options", rows, width);
}

/** A command with its arguments, and `[options]` if it has any. */
export function synopsis(name: string, { args, options }: Command): string {
  const hasOptions = Object.keys(options).length > 0;
  return `${name} ${args}`.trimEnd() + (hasOptions ? " [options]" : "");
}

/** What `telnyx-rooms help NAME` prints. */
export function commandHelp(
  name: string,
  command: Command,
  columns = widest,
): string {
  const width = Math.min(columns, widest);
  const { about, more = [], examples = [], options } = command;
  const lines = [
    ...wrap(`telnyx-rooms ${name}: ${about}`, width),
    "",
    ...wrap(`Usage: telnyx-rooms ${synopsis(name, command)}`, width),
    ...more.flatMap((text) => ["", ...wrap(text, width)]),
    ...optionSection({ ...options, help: helpOption }, width),
    ...examples.length > 0 ? ["", "Examples:"] : [],
    // A line that is copied is not broken
    ...examples.flatMap(([line, does]) => [
      ...wrap(`# ${does}`, width - 2).map((text) => `  ${text}`),
      `  ${line}`,
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** What `telnyx-rooms help` prints. */
export function generalHelp(
  about: string,
  commands: Readonly<Record<string, Command>>,
  columns = widest,
): string {
  const width = Math.min(columns, widest);
  const general = { help: helpOption, version: versionOption };
  const lines = [
    ...wrap(`telnyx-rooms: ${about}`, width),
    ...section(
      "Commands",
      Object.entries(commands).map(([name, { args, about }]) => [
        `${name} ${args}`.trimEnd(),
        about,
      ]),
      width,
    ),
    "",
    ...wrap("telnyx-rooms help COMMAND shows the options of a command.", width),
    ...wrap(
      "No account? telnyx-rooms serve is a fake of Telnyx to try them on.",
      width,
    ),
    ...wrap(
      "A <room> is an id or an exact name; - reads ids from stdin.",
      width,
    ),
    ...optionSection(general, width),
    ...section("Environment", Object.entries(environment), width),
    ...section(
      "Exit codes",
      Object.entries(exitCodes).map(([key, code]) => [
        String(code).padStart(3),
        exitMeanings[key as keyof typeof exitCodes],
      ]),
      width,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
