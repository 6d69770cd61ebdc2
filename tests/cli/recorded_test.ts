import { assert, assertEquals } from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { cellsOf } from "../../lib/cli/width.ts";
import { root } from "../../scripts/sh.ts";
import { lines, snapshotFile, widths } from "../../scripts/terminal.ts";
import { deno } from "../support/child.ts";

/** Runs the recorder, in a process whose times are in UTC. */
async function recorder(argument: string): Promise<string> {
  const { code, stdout, stderr } = await deno(
    ["run", "--allow-all", "--no-check", "scripts/terminal.ts", argument],
    { TZ: "UTC" },
  );
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

Deno.test("every command is recorded", () => {
  const recorded = new Set(lines.map(({ args: [name] }) => name));
  const names = Object.keys(commands);
  assertEquals(names.filter((name) => !recorded.has(name)), []);
});

for (const columns of widths) {
  Deno.test(`every command in ${columns} columns prints what was recorded: deno run -A scripts/terminal.ts --update records it again`, async () => {
    const snapshot = await Deno.readTextFile(snapshotFile(columns));
    assertEquals(await recorder(`${columns}`), snapshot);
  });

  Deno.test(`help, tables and errors fit ${columns} columns, but for ids and links`, async () => {
    const snapshot = await Deno.readTextFile(snapshotFile(columns));
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

Deno.test("docs/terminal.svg is what `deno task docs` draws", async () => {
  const drawn = await Deno.readTextFile(`${root}docs/terminal.svg`);
  assertEquals(await recorder("svg"), drawn);
});
