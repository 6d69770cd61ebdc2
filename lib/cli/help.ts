import {
  about,
  type Command,
  type CommandName,
  commands,
  environment,
  exitCodes,
  exitMeanings,
  general,
  name,
} from "./manual.ts";
import type { Option } from "./option.ts";
import { wrap } from "./wrap.ts";

/** Terms beside what they mean, under a heading; nothing where there are none. */
function section(heading: string, rows: [string, string][]): string[] {
  if (rows.length === 0) return [];
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

/** An option as a synopsis has it: `-h, --help`, `--port N`. */
export function flag(option: string, { short, value }: Option): string {
  return `${short ? `-${short}, ` : ""}--${option}${value ? ` ${value}` : ""}`;
}

/** What an option is for, and what holds without it. */
export function meaning({ about, default: without }: Option): string {
  return without === undefined ? about : `${about} (default ${without})`;
}

function flags(options: Record<string, Option>): [string, string][] {
  return Object.entries(options).map(([option, its]) =>
    [flag(option, its), meaning(its)] as [string, string]
  );
}

/** Command lines, each below what it does, as they may be long. */
function examples(of: Command[]): string[] {
  const all = of.flatMap(({ examples = [] }) => examples);
  return all.length === 0 ? [] : [
    "",
    "Examples:",
    ...all.flatMap(([line, does]) => [`  # ${does}`, `  ${line}`]),
  ];
}

const withArgs = (command: CommandName) =>
  `${command} ${commands[command].args}`.trimEnd();

/** A command with its arguments, and `[options]` where it has some. */
export function synopsis(command: CommandName): string {
  const { options }: Command = commands[command];
  const some = Object.keys(options).length > 0;
  return withArgs(command) + (some ? " [options]" : "");
}

/** What `--help` prints, of one command or of them all. */
export function help(command?: CommandName): string {
  const names = Object.keys(commands) as CommandName[];
  const its: Command | undefined = command && commands[command];
  const lines = command && its
    ? [
      `${name} ${command}: ${its.about}`,
      "",
      `Usage: ${name} ${synopsis(command)}`,
      ...(its.more ?? []).flatMap((text) => ["", ...wrap(text, 80)]),
      ...section("Options", flags({ ...its.options, help: general.help })),
      ...examples([its]),
    ]
    : [
      `${name}: ${about}`,
      ...section(
        "Commands",
        names.map((its) => [withArgs(its), commands[its].about]),
      ),
      "",
      `  ${name} COMMAND --help tells a command's options.`,
      ...section("Options", flags({ ...general })),
      ...section("Environment", Object.entries(environment)),
      ...section(
        "Exit codes",
        Object.entries(exitCodes).map(([key, code]) => [
          String(code).padStart(3),
          exitMeanings[key as keyof typeof exitCodes],
        ]),
      ),
    ];
  return `${lines.join("\n")}\n`;
}
