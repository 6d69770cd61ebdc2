import { assert, assertEquals } from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { cellsOf } from "../../lib/cli/width.ts";
import { root } from "../../scripts/sh.ts";
import { lines } from "../../scripts/terminal.ts";
import { deno } from "../support/child.ts";

Deno.test("every command is recorded", () => {
  const recorded = new Set(lines.map(([words]) => words.split(" ")[0]));
  const names = Object.keys(commands);
  assertEquals(names.filter((name) => !recorded.has(name)), []);
});

Deno.test("every command prints what was recorded, in 80 and 40 columns, and as docs/terminal.svg: TZ=UTC deno run -A scripts/terminal.ts --update records it again", async () => {
  const { code, stdout, stderr } = await deno(
    ["run", "--allow-all", "--no-check", "scripts/terminal.ts"],
    { TZ: "UTC" },
  );
  assertEquals([code, stderr], [0, ""]);
  for (const [path, text] of Object.entries(JSON.parse(stdout))) {
    assertEquals(text, await Deno.readTextFile(root + path), path);
  }
});

for (const columns of [80, 40]) {
  Deno.test(`help, tables and errors fit ${columns} columns, but for ids and links`, async () => {
    const snapshot = await Deno.readTextFile(
      `${root}tests/cli/recorded_${columns}.txt`,
    );
    const forPeople = snapshot.split(/^(?=\$ )/m).filter((record) =>
      /^\$ telnyx-rooms (help|list|get|sessions|participants|recordings|usage|lst)\b/
        .test(record) && !/ --(curl|csv|delete)/.test(record)
    );
    assert(forPeople.length > 10);
    for (const record of forPeople) {
      for (const line of record.trimEnd().split("\n").slice(1)) {
        const hasLongWord = line.split(" ").some((word) => word.length >= 36);
        assert(hasLongWord || cellsOf(line) <= columns, line);
      }
    }
  });
}
