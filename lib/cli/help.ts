import type { Command } from "./command.ts";
import {
  about,
  type CommandName,
  commands,
  environment,
  exitCodes,
  exitMeanings,
  general,
  name,
} from "./manual.ts";
import type { Option } from "./option.ts";
import { wrap } from "./text.ts";

/** Terms beside their meanings, under a heading. */
function section(heading: string, rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([term]) => term.length)) + 4;
  return [
    "",
    `${heading}:`,
    ...rows.flatMap(([term, meaning]) =>
      wrap(meaning, 80 - width).map((line, i) =>
        `  ${i === 0 ? term : ""}`.padEnd(width) + line
      )
    ),
  ];
}

/** An option as a synopsis shows it: `-h, --help`, `--port N`. */
export function flag(name: string, { short, value }: Option): string {
  return `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
}

/** What an option is for, and its default. */
export function meaning({ about, default: value }: Option): string {
  return value === undefined ? about : `${about} (default ${value})`;
}

function options(all: Record<string, Option>): string[] {
  return section(
    "Options",
    Object.entries(all).map(([name, option]) => [
      flag(name, option),
      meaning(option),
    ]),
  );
}

const withArgs = (command: CommandName) =>
  `${command} ${commands[command].args}`.trimEnd();

/** A command with its arguments, and `[options]` if it has any. */
export function synopsis(command: CommandName): string {
  const { options }: Command = commands[command];
  const hasOptions = Object.keys(options).length > 0;
  return withArgs(command) + (hasOptions ? " [options]" : "");
}

function commandHelp(command: CommandName): string[] {
  const { about, more = [], examples = [], ...rest }: Command =
    commands[command];
  return [
    `${name} ${command}: ${about}`,
    "",
    `Usage: ${name} ${synopsis(command)}`,
    ...more.flatMap((text) => ["", ...wrap(text, 80)]),
    ...options({ ...rest.options, help: general.help }),
    ...examples.length > 0 ? ["", "Examples:"] : [],
    // An example may be as long as a line
    ...examples.flatMap(([line, does]) => [`  # ${does}`, `  ${line}`]),
  ];
}

function generalHelp(): string[] {
  return [
    `${name}: ${about}`,
    ...section(
      "Commands",
      Object.entries(commands).map(([command, { about }]) => [
        withArgs(command as CommandName),
        about,
      ]),
    ),
    "",
    `  ${name} COMMAND --help shows the options of a command.`,
    ...options({ ...general }),
    ...section("Environment", Object.entries(environment)),
    ...section(
      "Exit codes",
      Object.entries(exitCodes).map(([key, code]) => [
        String(code).padStart(3),
        exitMeanings[key as keyof typeof exitCodes],
      ]),
    ),
  ];
}

/** What `--help` prints, for one command or in general. */
export function help(command?: CommandName): string {
  return `${(command ? commandHelp(command) : generalHelp()).join("\n")}\n`;
}
