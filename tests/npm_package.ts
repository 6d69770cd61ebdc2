/**
 * `deno task test:npm [--tarball FILE] [--every-row]`: builds the package, installs
 * its tarball in empty projects, and tests it on every runtime and with consumers'
 * compilers. Ends with a table, and the line `N passed, N failed, N skipped`.
 * `--tarball` tests that file instead, as a release does; with `--every-row`, a row
 * that was skipped has failed.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { reportRows } from "./report_rows.ts";
import { runExamples } from "./examples/examples.ts";
import { runPage } from "./page/page.ts";
import { runRuntimes } from "./runtimes/runtimes.ts";
import { runCompilers } from "./types/compilers.ts";
import { checkPackage } from "./types/package.ts";
import {
  binary,
  npmProject,
  pack,
  type ReportRow,
} from "../scripts/install_package.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    tarball: { type: "string" },
    "every-row": { type: "boolean", default: false },
  },
});
const work = await Deno.makeTempDir();
const rows: ReportRow[] = [];
try {
  const tarball = values.tarball === undefined
    ? await pack(work)
    : resolve(values.tarball);
  const project = `${work}/project`;
  const tools = `${work}/tools`;
  await npmProject(project, [tarball]);
  rows.push(
    ...await runRuntimes(project, tools),
    await runPage(project, tools),
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
} finally {
  await Deno.remove(work, { recursive: true });
}

const { text, passed } = reportRows(rows, values["every-row"]);
console.log(text);
Deno.exit(passed ? 0 : 1);
