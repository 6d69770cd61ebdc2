/**
 * `deno task docs [cli]`: writes `docs/cli.md`, `docs/terminal.svg`, the tables
 * of operations and, without `cli`, a site of all documents and API pages in
 * `docs/api/`.
 */
import { callingOptions } from "../lib/cli/calling.ts";
import type { Command, Option, Options } from "../lib/cli/command.ts";
import { about, commands } from "../lib/cli/commands.ts";
import { curlOption } from "../lib/cli/curl.ts";
import { destroyOptions } from "../lib/cli/destroy.ts";
import { exitCodes, exitMeanings } from "../lib/cli/failure.ts";
import { environment, flag, meaning } from "../lib/cli/help.ts";
import { listOptions } from "../lib/cli/list.ts";
import { withRoutes } from "./fake_routes.ts";
import { tables, withTable } from "./operation_table.ts";
import { must, root } from "./sh.ts";

/** Code in a table, where an unescaped `|` would end the cell. */
const cell = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;

function table(heads: string[], rows: string[][]): string {
  return [heads, heads.map(() => "---"), ...rows]
    .map((row) => `| ${row.join(" | ")} |`).join("\n");
}

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

const isList = ({ options }: Command) => "limit" in options;

/** The options that every command of a kind has. */
const shared: Options = {
  ...listOptions,
  ...destroyOptions,
  ...callingOptions,
  ...curlOption,
};

/** The options of a command, without those that every command of a kind has. */
function ownOptions(command: Command): [string, Option][] {
  return Object.entries(command.options).filter(([name]) =>
    !(name in shared) && !(isList(command) && name !== "delete")
  );
}

/** The options that choose what is listed, and which lists have them. */
function filterTable(): string {
  const found = new Map<string, { lists: string[]; about: string }>();
  for (
    const [name, command] of Object.entries(commands).filter(([, it]) =>
      isList(it)
    )
  ) {
    for (const [option, declared] of Object.entries(command.options)) {
      if (option in shared || ["since", "until", "delete"].includes(option)) {
        continue;
      }
      const key = cell(flag(option, declared));
      const { lists } = found.get(key) ?? { lists: [] };
      found.set(key, { lists: [...lists, name], about: declared.about });
    }
  }
  return table(
    ["option", "of", "meaning"],
    [...found].map(([key, { lists, about }]) => [key, lists.join(", "), about]),
  );
}

/** The commands, and those after each with the same options and words. */
function groups(): [names: string[], command: Command][] {
  const found = new Map<string, [string[], Command]>();
  for (const [name, command] of Object.entries(commands)) {
    const { more = [] } = command;
    const own = ownOptions(command);
    if (more.length === 0 && own.length === 0) continue;
    if (own.length === 1 && isList(command) && more.length === 0) continue;
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
    `${about}. It runs under Deno, Node 20 or later, and Bun. The npm package ` +
    "installs it; without installing it, run `npx @videorooms/telnyx` in its " +
    "place. In Deno it is `deno run --allow-net --allow-env --allow-read " +
    "--allow-write jsr:@videorooms/telnyx/cli`.",
    table(
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
    filterTable(),
    "### What cannot be undone",
    "It says what it is about to do, and asks; where nobody can be asked, it " +
    "needs `--yes`.",
    optionList(destroyOptions),
    "### Every command of one request",
    "The line names the API key as `$TELNYX_API_KEY`, so that it can be pasted " +
    "into a shell. Of a list, it is the request of the first page; only the name " +
    "of a room is looked up.",
    optionList(curlOption),
    "### Every command that calls the API",
    optionList(callingOptions),
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
      all.flatMap(([, { examples = [] }]) =>
        examples.slice(0, 1).flatMap(([line, does]) => [`# ${does}`, line])
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
  const draw = ["run", "--allow-all", "scripts/terminal.ts", "svg"];
  const picture = await must(Deno.execPath(), draw, { env: { TZ: "UTC" } });
  await Deno.writeTextFile(`${root}/docs/terminal.svg`, picture);
  if (Deno.args[0] !== "cli") {
    const site = ["scripts/site.ts", "docs/api"];
    await must(Deno.execPath(), ["task", "tool", ...site]);
  }
}
