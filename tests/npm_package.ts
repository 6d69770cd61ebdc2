/**
 * `deno task test:npm [--keep FILE]`: builds the package, installs its tarball in
 * empty projects, and tests it on every runtime and with consumers' compilers.
 * Ends with a table, and the line `N passed, N failed, N skipped`. `--keep` saves
 * the tested tarball, so that a release publishes that very file.
 */
import { parseArgs } from "node:util";
import { runPlayground } from "./playground/playground.ts";
import { runExamples } from "./examples/examples.ts";
import { runRuntimes } from "./runtimes/runtimes.ts";
import { runCompilers } from "./types/compilers.ts";
import { checkCode, checkPackage } from "./types/package.ts";
import {
  binary,
  npmProject,
  pack,
  type Row,
} from "../scripts/install_package.ts";

const { values: { keep } } = parseArgs({
  args: Deno.args,
  options: { keep: { type: "string" } },
});
const work = await Deno.makeTempDir();
const rows: Row[] = [];
try {
  const tarball = await pack(work);
  if (keep !== undefined) await Deno.copyFile(tarball, keep);
  const project = `${work}/project`;
  const tools = `${work}/tools`;
  await npmProject(project, [tarball]);
  const code = await checkCode(project);
  rows.push(code);
  if (code.passed > 0) {
    rows.push(
      ...await runRuntimes(project, tools),
      await runPlayground(project, tools),
      ...await runExamples(tarball, project, tools),
      ...await runCompilers(tarball, `${work}/compilers`),
      ...await checkPackage(
        tarball,
        project,
        `${work}/checks`,
        (["node-20", "node-24", "node-newest"] as const)
          .map((name) => binary(tools, name)),
      ),
    );
  }
} finally {
  await Deno.remove(work, { recursive: true });
}

for (const { name, failures } of rows) {
  for (const failure of failures) console.log(`${name}: ${failure}\n`);
}
const sum = (count: (row: Row) => number) =>
  rows.reduce((total, row) => total + count(row), 0);
for (const { name, version, passed, failures, skipped } of rows) {
  const share = skipped
    ? `skipped: ${skipped}`
    : `${passed} of ${passed + failures.length}`;
  console.log(`${name.padEnd(30)}${version.padEnd(20)}${share}`);
}
const failed = sum(({ failures }) => failures.length);
const skipped = sum(({ skipped }) => skipped ? 1 : 0);
const passed = sum(({ passed }) => passed);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
Deno.exit(failed > 0 || passed === 0 ? 1 : 0);
