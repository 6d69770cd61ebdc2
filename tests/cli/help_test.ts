import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { page } from "../../scripts/docs.ts";
import { root } from "../../scripts/sh.ts";
import { commands, helpOf, version } from "../../lib/cli/commands.ts";
import { exitCodes } from "../../lib/cli/failure.ts";

const names = Object.keys(commands);

for (const columns of [40, 80, 200]) {
  Deno.test(`helpOf() fits ${columns} columns, but for lines to copy`, () => {
    for (const name of [undefined, ...names]) {
      const examples = name === undefined ? [] : commands[name]?.examples ?? [];
      const toCopy = examples.map(([line]) => `  ${line}`);
      for (const line of helpOf(name, columns).split("\n")) {
        if (toCopy.includes(line)) continue;
        const [, longWord = ""] = /^ *(\S+)$/.exec(line) ?? [];
        assert(line.length <= columns || longWord.length > 30, line);
      }
    }
  });
}

Deno.test("helpOf() names every command, exit code and variable", () => {
  for (const name of names) {
    assertStringIncludes(helpOf(undefined), `\n  ${name} `);
  }
  for (const code of Object.values(exitCodes)) {
    assert(new RegExp(`  ${code}  \\w`).test(helpOf(undefined)), String(code));
  }
  assertStringIncludes(helpOf(undefined), "TELNYX_API_KEY");
  assertStringIncludes(helpOf(undefined), "NO_COLOR");
});

Deno.test("helpOf() a command shows its options, their defaults and its examples", () => {
  for (const [name, { options, examples = [] }] of Object.entries(commands)) {
    const text = helpOf(name).replace(/\n +/g, " ");
    for (const [option, declared] of Object.entries(options)) {
      const { value, about, default: defaultValue } = declared;
      assertStringIncludes(text, `--${option}${value ? ` ${value}` : ""} `);
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

Deno.test("version is the package's", () => {
  assertEquals(version, config.version);
});
