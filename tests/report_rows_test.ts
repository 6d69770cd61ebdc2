import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { oldestPackages, type ReportRow } from "../scripts/install_package.ts";
import { type Output, root } from "../scripts/sh.ts";
import { reportRows, rowOf, Skipped } from "./report_rows.ts";

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

const results = '[{"name":"a"},{"name":"b","failure":"No"}]';
const prints = (code: number, stdout: string) =>
  Promise.resolve({ code, stdout, stderr: "" });
const runs: [
  what: string,
  run: () => Promise<Output | void>,
  row: Omit<ReportRow, "name" | "version">,
][] = [
  ["nothing", () => Promise.resolve(), { passed: 1, failures: [] }],
  ["results in its last line", () => prints(0, `begins\n${results}\n`), {
    passed: 1,
    failures: ["b\nNo"],
  }],
  ["results, and exits with 1", () => prints(1, results), {
    passed: 0,
    failures: [`Error: exit code 1\n${results}`],
  }],
  ["no results", () => prints(0, "killed"), {
    passed: 0,
    failures: ["Error: exit code 0\nkilled"],
  }],
  ["an error", () => Promise.reject(new Error("No")), {
    passed: 0,
    failures: ["Error: No"],
  }],
  ["that it is skipped", () => Promise.reject(new Skipped("no Chromium")), {
    passed: 0,
    failures: [],
    skipped: "no Chromium",
  }],
];
for (const [what, run, expected] of runs) {
  Deno.test(`rowOf() counts what comes of a run that gives ${what}`, async () => {
    const row = await rowOf("row", run);
    assertEquals(row, { name: "row", version: "", ...expected });
  });
}

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
