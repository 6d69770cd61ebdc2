/** Tests the page of the fake, and the playground, with the installed package. */
import { fileURLToPath } from "node:url";
import { binary, type ReportRow } from "../../scripts/install_package.ts";
import { servePlayground } from "../../scripts/page.ts";
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
export async function runPage(
  project: string,
  tools: string,
): Promise<ReportRow> {
  const row: ReportRow = { name: "page", version: "", passed: 0, failures: [] };
  try {
    const executable = await chromium();
    row.version = await chromiumVersion();
    await Deno.copyFile(
      path("in_chromium.mjs"),
      `${tools}/page_in_chromium.mjs`,
    );
    const server = await servePlayground();
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const folder = `${project}/node_modules/@videorooms/telnyx`;
    const args = ["page_in_chromium.mjs", executable, folder, url];
    tally(
      row,
      await sh(binary(tools, "node-24"), args, {
        cwd: tools,
        signal: AbortSignal.timeout(300_000),
      }),
    );
    await server.shutdown();
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    row.skipped = error.message;
  }
  return row;
}
