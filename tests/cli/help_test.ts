import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { page } from "../../scripts/docs.ts";
import { root } from "../../scripts/sh.ts";
import { help } from "../../lib/cli/help.ts";
import {
  type Command,
  type CommandName,
  commands,
  exitCodes,
} from "../../lib/cli/manual.ts";

const names = Object.keys(commands) as CommandName[];

Deno.test("help() fits 80 columns", () => {
  for (const name of [undefined, ...names]) {
    for (const line of help(name).split("\n")) assert(line.length <= 80, line);
  }
});

Deno.test("help() names every command, exit code and variable", () => {
  for (const name of names) assertStringIncludes(help(), `\n  ${name} `);
  for (const code of Object.values(exitCodes)) {
    assert(new RegExp(`  ${code}  \\w`).test(help()), String(code));
  }
  assertStringIncludes(help(), "TELNYX_API_KEY");
  assertStringIncludes(help(), "NO_COLOR");
});

Deno.test("help() of a command tells its options, their defaults and its examples", () => {
  for (const name of names) {
    const { options, examples = [] }: Command = commands[name];
    const text = help(name).replace(/\n +/g, " ");
    for (const [option, its] of Object.entries(options)) {
      const { value, about, default: without } = its;
      assertStringIncludes(text, `--${option}${value ? ` ${value}` : ""} `);
      assertStringIncludes(text, about);
      if (without) assertStringIncludes(text, `(default ${without})`);
    }
    for (const [line] of examples) assertStringIncludes(text, line);
  }
});

Deno.test("docs/cli.md is what `deno task docs` writes", async () => {
  assertEquals(await Deno.readTextFile(`${root}/docs/cli.md`), await page());
});
