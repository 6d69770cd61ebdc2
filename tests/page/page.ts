/** Tests the page of the fake, and the playground, with the installed package. */
import { binary, type ReportRow } from "../../scripts/install_package.ts";
import { servePlayground } from "../../scripts/page.ts";
import { root, sh } from "../../scripts/sh.ts";
import { rowOf } from "../report_rows.ts";
import { chromium, chromiumVersion } from "../runtimes/runtimes.ts";

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
  return await rowOf("page", async () => {
    const executable = await chromium();
    const file = "page_in_chromium.mjs";
    await Deno.copyFile(
      `${root}tests/page/in_chromium.mjs`,
      `${tools}/${file}`,
    );
    await using server = await servePlayground();
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const folder = `${project}/node_modules/@videorooms/telnyx`;
    return await sh(binary(tools, "node-24"), [file, executable, folder, url], {
      cwd: tools,
      signal: AbortSignal.timeout(600_000),
    });
  }, chromiumVersion);
}
