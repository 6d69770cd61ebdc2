import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { page } from "../../scripts/docs.ts";
import { root } from "../../scripts/sh.ts";
import { help } from "../../lib/cli/help.ts";
import type { Command } from "../../lib/cli/command.ts";
import { type CommandName, commands, exitCodes } from "../../lib/cli/manual.ts";

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

Deno.test("help() of a command shows its options, their defaults and its examples", () => {
  for (const command of names) {
    const { options, examples = [] }: Command = commands[command];
    const text = help(command).replace(/\n +/g, " ");
    for (const [name, option] of Object.entries(options)) {
      const { value, about, default: defaultValue } = option;
      assertStringIncludes(text, `--${name}${value ? ` ${value}` : ""} `);
      assertStringIncludes(text, about);
      if (defaultValue) {
        assertStringIncludes(text, `(default ${defaultValue})`);
      }
    }
    for (const [line] of examples) assertStringIncludes(text, line);
  }
});

Deno.test("docs/cli.md is what `deno task docs` writes", async () => {
  assertEquals(await Deno.readTextFile(`${root}/docs/cli.md`), await page());
});
