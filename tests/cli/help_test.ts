import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { page } from "../../scripts/docs.ts";
import { root } from "../../scripts/sh.ts";
import { commands, helpOf, version } from "../../lib/cli/commands.ts";

for (const columns of [40, 80, 200]) {
  Deno.test(`helpOf() fits ${columns} columns, but for lines to copy`, () => {
    for (const name of [undefined, ...Object.keys(commands)]) {
      const examples = name === undefined ? [] : commands[name]?.examples ?? [];
      const toCopy = examples.map(([line]) => `  ${line}`);
      for (const line of helpOf(name, columns).split("\n")) {
        if (toCopy.includes(line)) continue;
        const [, longWord = ""] = /^ *(\S+)$/.exec(line) ?? [];
        const most = Math.min(columns, 80);
        assert(line.length <= most || longWord.length > 30, line);
      }
    }
  });
}

Deno.test("helpOf() a command shows its options and its examples", () => {
  for (const [name, { options, examples = [] }] of Object.entries(commands)) {
    const text = helpOf(name).replace(/\n +/g, " ");
    for (const [option, { value, about }] of Object.entries(options)) {
      assertStringIncludes(text, `--${option}${value ? ` ${value}` : ""} `);
      assertStringIncludes(text, about);
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
