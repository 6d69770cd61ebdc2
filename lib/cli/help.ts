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
  type Option,
} from "./manual.ts";
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
  const all = of.flatMap(({ examples }) => examples);
  return all.length === 0 ? [] : [
    "",
    "Examples:",
    ...all.flatMap(([line, does]) => [`  # ${does}`, `  ${line}`]),
  ];
}

/** A command with its arguments, and `[options]` where it has some. */
export function synopsis(command: CommandName): string {
  const { args, options }: Command = commands[command];
  const more = Object.keys(options).length > 0 ? "[options]" : "";
  return [command, args, more].filter(Boolean).join(" ");
}

/** What `--help` prints, of one command or of them all. */
export function help(command?: CommandName): string {
  const names = Object.keys(commands) as CommandName[];
  const lines = command
    ? [
      `${name} ${command}: ${commands[command].about}`,
      "",
      `Usage: ${name} ${synopsis(command)}`,
      ...commands[command].more.flatMap((text) => ["", ...wrap(text, 80)]),
      ...section(
        "Options",
        flags({ ...commands[command].options, help: general.help }),
      ),
      ...examples([commands[command]]),
    ]
    : [
      `${name}: ${about}`,
      ...section(
        "Commands",
        names.map((its) => [synopsis(its), commands[its].about]),
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
