/**
 * `deno task docs [cli] [--serve]`: writes `docs/cli.md` and the tables of
 * operations. Without `cli`, it builds the site in `site/dist/`, and with
 * `--serve` serves it on 127.0.0.1.
 */
import { flag, meaning, synopsis } from "../lib/cli/help.ts";
import type { Command } from "../lib/cli/command.ts";
import {
  about,
  type CommandName,
  commands,
  environment,
  exitCodes,
  exitMeanings,
  general,
  name,
} from "../lib/cli/manual.ts";
import { callingOptions, type Option } from "../lib/cli/option.ts";
import { withRoutes } from "./fake_routes.ts";
import { tables, withTable } from "./operation_table.ts";
import { deno } from "./registry.ts";
import { root } from "./sh.ts";

const names = Object.keys(commands) as CommandName[];

/** Code in a table, where an unescaped `|` would end the cell. */
const cell = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;

function table(heads: string[], rows: [string, string | number][]): string {
  return [heads, heads.map(() => "---"), ...rows]
    .map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function optionTable(options: Record<string, Option>): string {
  return table(
    ["option", "meaning"],
    Object.entries(options).map(([name, option]) => [
      cell(flag(name, option)),
      meaning(option),
    ]),
  );
}

function shell(lines: string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}

/** Formats JSON, flags and variables in prose as code. */
function prose(text: string): string {
  return text.replace(
    /\{"id", "error": \{.*?\}\}|\{.*?\}|--[a-z-]+|\b(TELNYX_API_KEY|updated_at)\b/g,
    "`$&`",
  ).replaceAll(" * ", " `*` ");
}

function section(command: CommandName): string[] {
  const { about, more = [], options: all }: Command = commands[command];
  const options = Object.fromEntries(
    Object.entries(all).filter(([option]) => !(option in callingOptions)),
  );
  return [
    `### \`${synopsis(command)}\``,
    `${about[0]?.toUpperCase()}${about.slice(1)}.`,
    ...more.map(prose),
    ...Object.keys(options).length > 0 ? [optionTable(options)] : [],
  ];
}

function markdown(): string {
  const all: Command[] = names.map((name) => commands[name]);
  return [
    `# ${name}`,
    "<!-- `deno task docs` writes this page from lib/cli/manual.ts -->",
    "## Name",
    `\`${name}\`: ${about}`,
    "## Synopsis",
    shell([
      ...names.map((command) => `${name} ${synopsis(command)}`),
      `${name} [COMMAND] --help`,
      `${name} --version`,
    ]),
    "## Description",
    "It runs under Deno, Node 20 or later, and Bun. The npm package installs it; " +
    "without installing it, run `npx @videorooms/telnyx` in its place. " +
    "In Deno it is `deno run --allow-net --allow-env --allow-read " +
    "jsr:@videorooms/telnyx/cli`.",
    "## Commands",
    ...names.flatMap(section),
    "## Options",
    optionTable({ ...general }),
    "Every command that calls the API takes these as well:",
    optionTable(callingOptions),
    "## Environment",
    table(
      ["variable", "meaning"],
      Object.entries(environment).map((
        [variable, meaning],
      ) => [cell(variable), meaning]),
    ),
    "## Exit status",
    table(
      ["code", "meaning"],
      Object.entries(exitCodes).map(([key, code]) => [
        String(code),
        exitMeanings[key as keyof typeof exitCodes],
      ]),
    ),
    "## Examples",
    shell(
      all.flatMap(({ examples = [] }) =>
        examples.flatMap(([line, does]) => [`# ${does}`, line])
      ),
    ),
  ].join("\n\n");
}

/** The formatted content of `docs/cli.md`. */
export async function page(): Promise<string> {
  const fmt = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "md", "-"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const [{ stdout }] = await Promise.all([
    fmt.output(),
    new Blob([markdown()]).stream().pipeTo(fmt.stdin),
  ]);
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  await Deno.writeTextFile(`${root}/docs/cli.md`, await page());
  for (const [page, table] of Object.entries(tables)) {
    const text = await Deno.readTextFile(`${root}${page}`);
    await Deno.writeTextFile(`${root}${page}`, withTable(text, table));
  }
  const fake = await Deno.readTextFile(`${root}/docs/fake.md`);
  await Deno.writeTextFile(`${root}/docs/fake.md`, await withRoutes(fake));
  if (Deno.args[0] !== "cli") {
    const isBuilt = await deno([
      "task",
      "tool",
      "scripts/site.ts",
      ...Deno.args,
    ]);
    Deno.exit(isBuilt ? 0 : 1);
  }
}
