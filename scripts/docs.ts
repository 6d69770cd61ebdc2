/**
 * `deno task docs [cli] [--serve]`: writes `docs/cli.md`, `docs/terminal.svg` and
 * the tables of operations. Without `cli`, it builds the site in `site/dist/`, and
 * with `--serve` serves it on 127.0.0.1.
 */
import { callingOptions } from "../lib/cli/calling.ts";
import type { Command, Option, Options } from "../lib/cli/command.ts";
import { about, commands } from "../lib/cli/commands.ts";
import { curlOption } from "../lib/cli/curl.ts";
import { destroyOptions } from "../lib/cli/destroy.ts";
import { exitCodes, exitMeanings } from "../lib/cli/failure.ts";
import { environment, flag, meaning } from "../lib/cli/help.ts";
import { listOptions } from "../lib/cli/list.ts";
import { routesText } from "./fake_routes.ts";
import { tableOf, tables } from "./operation_table.ts";
import { deno } from "./registry.ts";
import { formatted, must, root } from "./sh.ts";

/** Code in a table, where an unescaped `|` would end the cell. */
const cell = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;

function optionList(options: Options): string {
  return Object.entries(options).map(([name, option]) =>
    `- \`${flag(name, option)}\`: ${meaning(option)}`
  ).join("\n");
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

/** The options of every command of a kind, which are described once. */
const shared: Options = {
  ...listOptions,
  ...destroyOptions,
  ...callingOptions,
  ...curlOption,
};

const isList = ({ options }: Command) => "limit" in options;

/** The options of a command, without those that are described for all. */
function ownOptions(command: Command): [string, Option][] {
  return Object.entries(command.options).filter(([name]) =>
    !(name in shared) && !(isList(command) && name !== "delete")
  );
}

/** The options by which each list chooses. */
function filters(): string {
  return Object.entries(commands).filter(([, command]) => isList(command))
    .map(([name, { options }]) => {
      const chosen = Object.entries(options)
        .filter(([option]) => !(option in shared) && option !== "delete")
        .map(([option, declared]) => `\`${flag(option, declared)}\``);
      return `- ${name}: ${chosen.join(", ")}`;
    }).join("\n");
}

/** The commands, and those after each with the same options and words. */
function groups(): [names: string[], command: Command][] {
  const found = new Map<string, [string[], Command]>();
  for (const [name, command] of Object.entries(commands)) {
    const { more = [] } = command;
    const own = ownOptions(command);
    if (more.length === 0 && own.length === 0) continue;
    if (isList(command) && more.length === 0) continue;
    const key = own.length === 0 ? name : JSON.stringify(own);
    const [names] = found.get(key) ?? [[]];
    found.set(key, [[...names, name], command]);
  }
  return [...found.values()];
}

function section([names, command]: [string[], Command]): string[] {
  const { more = [] } = command;
  const own = ownOptions(command);
  return [
    `### ${names.map((name) => `\`${name}\``).join(", ")}`,
    ...more.map(prose),
    ...own.length > 0 ? [optionList(Object.fromEntries(own))] : [],
  ];
}

function markdown(): string {
  const all = Object.entries(commands);
  return [
    "# telnyx-rooms",
    "<!-- `deno task docs` writes this page from lib/cli/ -->",
    `${about}. It runs under Deno, Node 20.16 or later, and Bun. The npm package ` +
    "installs it; without installing it, run `npx @videorooms/telnyx` in its " +
    "place. In Deno it is `deno run --allow-net --allow-env --allow-read " +
    "--allow-write jsr:@videorooms/telnyx/cli`.",
    tableOf(
      ["command", "what it does"],
      all.map(([name, { args, about }]) => [
        cell(`${name} ${args}`.trimEnd()),
        about,
      ]),
    ),
    "A `<room>` is its id or its exact name. A `-` stands for words on stdin, one " +
    "on each line. `telnyx-rooms help COMMAND` shows examples and every option.",
    "Lists are printed as their pages come, and end with the reader: " +
    "`telnyx-rooms list | head` asks for one page.",
    "## Options",
    ...groups().flatMap(section),
    "### Every list",
    "The days of `--since` and `--until`, as YYYY-MM-DD, are those on which rooms " +
    "and compositions were created, sessions and recordings began, or people " +
    "joined.",
    optionList(listOptions),
    filters(),
    "### What cannot be undone",
    "It says what it is about to do, and asks; where nobody can be asked, it " +
    "needs `--yes`.",
    optionList(destroyOptions),
    "### Every command that calls the API",
    optionList(callingOptions),
    "If it makes one request, `--curl` prints that, and sends nothing.",
    "## Environment",
    Object.entries(environment)
      .map(([variable, meaning]) => `- \`${variable}\`: ${meaning}`)
      .join("\n"),
    "## Exit status",
    Object.entries(exitMeanings)
      .map(([key, meaning]) =>
        `\`${exitCodes[key as keyof typeof exitCodes]}\` ${meaning}`
      ).join("; ") + ".",
    "## Examples",
    shell(
      all.flatMap(([, { examples = [] }]) =>
        examples.slice(0, 1).flatMap(([line, does]) => [`# ${does}`, line])
      ),
    ),
  ].join("\n\n");
}

/** The formatted content of `docs/cli.md`. */
export const page = (): string => formatted(markdown(), "md");

/** The parts that are written between the markers of documents. */
const parts: Record<string, string> = {
  ...tables,
  "docs/fake.md": routesText(),
};
const part = /(?<=<!-- deno task docs writes .*-->)[^]*(?=<!-- end of .*-->)/;

/** The documents that are written, as they are to be, by their paths. */
export async function documents(): Promise<[path: string, text: string][]> {
  const found: [string, string][] = [["docs/cli.md", page()]];
  for (const [path, text] of Object.entries(parts)) {
    const old = await Deno.readTextFile(root + path);
    if (!part.test(old)) throw new Error(`${path} has no markers`);
    const updated = old.replace(part, () => `\n\n${text}\n\n`);
    found.push([path, formatted(updated, "md")]);
  }
  return found;
}

if (import.meta.main) {
  const record = ["run", "--allow-all", "scripts/terminal.ts"];
  const shown = await must(Deno.execPath(), record, { env: { TZ: "UTC" } });
  const picture = "docs/terminal.svg";
  for (
    const [path, text] of [
      ...await documents(),
      [picture, JSON.parse(shown)[picture]],
    ]
  ) await Deno.writeTextFile(root + path, text);
  if (Deno.args[0] !== "cli") {
    const site = ["task", "tool", "scripts/site.ts", ...Deno.args];
    Deno.exit(await deno(site) ? 0 : 1);
  }
}
