import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { withFolder } from "../cli/command.ts";
import { deno } from "../support/child.ts";

/** What `deno task test` prints for a folder with these files, of which one fails. */
const linesOf = (files: Record<string, string>) =>
  withFolder(async (dir) => {
    for (const [name, code] of Object.entries(files)) {
      await Deno.writeTextFile(`${dir}/${name}`, code);
    }
    const { code, stdout, stderr } = await deno(
      ["task", "--quiet", "test", dir],
      { NO_COLOR: "1", CI: "true" },
    );
    assertEquals([code, stderr], [1, ""]);
    return stripVTControlCharacters(stdout).split("\n");
  });

Deno.test("deno task test has lines of dots, the failures whole, what was skipped, and one summary", async () => {
  const lines = await linesOf({
    "a_test.ts": `
    for (let i = 0; i < 100; i++) Deno.test("passes " + i, () => {});
    Deno.test("adds", () => { throw new Error("2, not 3"); });
    Deno.test({ name: 'reads "<x>" (needs zsh)', ignore: true, fn() {} });
  `,
    "example.ts":
      '/**\n * ```ts\n * throw new Error("it is old");\n * ```\n */\nexport {};',
  });
  const text = lines.join("\n");
  for (
    const part of [
      "Packages are here, and types are checked (",
      "Tests and examples: 102 have run (",
      "a_test.ts:3",
      "error: Error: 2, not 3\n",
      "example.ts:2 => ",
      '\nSkipped:\n- reads "<x>" (needs zsh)\n',
    ]
  ) assertStringIncludes(text, part);
  const dots = lines.filter((line) => /^[.,!]+$/.test(line));
  assertEquals(dots.map((line) => line.length), [72, 31]);
  assertEquals(text.match(/adds => /g)?.length, 1);
  const summary = "100 passed, 2 failed, 1 skipped";
  assertEquals(lines.filter((line) => /\bpassed\b/.test(line)), [summary]);
  assertEquals(lines.slice(-2), [summary, ""]);
  assert(lines.length < 40, text);
});

Deno.test("deno task test says what is wrong with a file that cannot run", async () => {
  const broken = {
    'const x: number = "a";': "Type 'string' is not assignable",
    'throw new Error("it breaks");': "Error: it breaks",
  };
  for (const [code, message] of Object.entries(broken)) {
    const lines = await linesOf({ "a_test.ts": code });
    assertEquals(lines.at(-2), "0 passed, 1 failed, 0 skipped");
    assertStringIncludes(lines.join("\n"), message);
  }
});
