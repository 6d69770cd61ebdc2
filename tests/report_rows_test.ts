import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { oldestPackages, type ReportRow } from "../scripts/install_package.ts";
import { root } from "../scripts/sh.ts";
import { reportRows } from "./report_rows.ts";

const row: ReportRow = {
  name: "Node 20",
  version: "v20",
  passed: 3,
  failures: [],
};
const skipped: ReportRow = { ...row, passed: 0, skipped: "not installed" };
const failed: ReportRow = { ...row, failures: ["it is wrong"] };

Deno.test("reportRows() ends with the totals, and says what failed", () => {
  const { text, passed } = reportRows([row, skipped, failed], false);
  assertEquals(passed, false);
  assertStringIncludes(text, "Node 20: it is wrong\n");
  assertStringIncludes(text, "skipped: not installed");
  assertEquals(text.split("\n").at(-1), "6 passed, 1 failed, 1 skipped");
});

Deno.test("reportRows() fails if nothing has passed, and for a skipped row where every row is needed", () => {
  const passes = (rows: ReportRow[], needsEvery: boolean) =>
    reportRows(rows, needsEvery).passed;
  assertEquals([passes([row, skipped], false), passes([row], true)], [
    true,
    true,
  ]);
  assertEquals(passes([row, skipped], true), false);
  assertEquals([passes([], false), passes([skipped], false)], [false, false]);
});

Deno.test("README.md names the oldest versions that deno task test:npm runs", async () => {
  const readme = await Deno.readTextFile(`${root}README.md`);
  const oldest = {
    Deno: oldestPackages["deno-oldest"],
    Bun: oldestPackages["bun-oldest"],
  };
  for (const [name, specifier] of Object.entries(oldest)) {
    const [, version] = /@~?(\d+\.\d+)[^@]*$/.exec(specifier) ?? [];
    assert(version, specifier);
    assertStringIncludes(readme, `| ${name} ${version} or later `);
  }
  assertStringIncludes(readme, "| Node 20 or later ");
});
