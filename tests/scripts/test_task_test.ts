import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { deno } from "../support/child.ts";

/** The result of `deno task test` for one file with this code. */
async function run(code: string) {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/a_test.ts`, code);
  const { code: exit, stdout, stderr } = await deno(
    ["task", "--quiet", "test", dir],
    { NO_COLOR: "1", CI: "true" },
  );
  await Deno.remove(dir, { recursive: true });
  assertEquals(stderr, "");
  return { exit, lines: stripVTControlCharacters(stdout).split("\n") };
}

Deno.test("deno task test has lines of dots, the failures whole, what was skipped, and one summary", async () => {
  const { exit, lines } = await run(`
    for (let i = 0; i < 100; i++) Deno.test("passes " + i, () => {});
    Deno.test("adds", () => { throw new Error("2, not 3"); });
    Deno.test({ name: 'reads "<x>" (needs zsh)', ignore: true, fn() {} });
  `);
  assertEquals(exit, 1);
  const text = lines.join("\n");
  for (
    const part of [
      "Packages are here, and types are checked (",
      "Tests and examples: 101 have run (",
      "a_test.ts:3",
      "error: Error: 2, not 3\n",
      '\nSkipped:\n- reads "<x>" (needs zsh)\n',
    ]
  ) assertStringIncludes(text, part);
  const dots = lines.filter((line) => /^[.,!]+$/.test(line));
  assertEquals(dots.map((line) => line.length), [72, 30]);
  assertEquals(text.match(/adds => /g)?.length, 1);
  assertEquals(
    lines.filter((line) => /\bpassed\b/.test(line)),
    ["100 passed, 1 failed, 1 skipped"],
  );
  assertEquals(lines.slice(-2), ["100 passed, 1 failed, 1 skipped", ""]);
  assert(lines.length < 40, text);
});

Deno.test("deno task test says what is wrong with a file that cannot run, or an example in it", async () => {
  const broken: [string, string][] = [
    ['const x: number = "a";', "Type 'string' is not assignable"],
    ['throw new Error("it breaks");', "Error: it breaks"],
    [
      '/**\n * ```ts\n * throw new Error("it is old");\n * ```\n */\nexport {};',
      "a_test.ts:2 => ",
    ],
  ];
  for (const [code, message] of broken) {
    const { exit, lines } = await run(code);
    assertEquals([exit, lines.at(-2)], [1, "0 passed, 1 failed, 0 skipped"]);
    assertStringIncludes(lines.join("\n"), message);
  }
});
