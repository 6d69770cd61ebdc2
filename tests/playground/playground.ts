/** Tests the playground, built from the installed package. */
import { fileURLToPath } from "node:url";
import { binary, type Row } from "../../scripts/install_package.ts";
import { build } from "../../scripts/playground.ts";
import { page, serve } from "../../scripts/serve_playground.ts";
import { sh } from "../../scripts/sh.ts";
import {
  chromium,
  chromiumVersion,
  Skipped,
  tally,
} from "../runtimes/runtimes.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

/**
 * Runs the tests of the page in Chromium.
 *
 * @param project The folder in which the package is installed.
 * @param tools The folder of the runtimes.
 */
export async function runPlayground(
  project: string,
  tools: string,
): Promise<Row> {
  const row: Row = { name: "playground", version: "", passed: 0, failures: [] };
  try {
    const executable = await chromium();
    row.version = await chromiumVersion();
    await Deno.copyFile(path("in_chromium.mjs"), `${tools}/in_chromium.mjs`);
    await build(`${tools}/site`, project);

    const server = serve([`${tools}/site`, page]);
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const args = ["in_chromium.mjs", executable, url];
    tally(row, await sh(binary(tools, "node-24"), args, { cwd: tools }));
    await server.shutdown();
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    row.skipped = error.message;
  }
  return row;
}
