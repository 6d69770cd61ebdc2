/** The page to play with, as it is built of the installed package. */
import { fileURLToPath } from "node:url";
import { npmProject, type Row } from "../../scripts/install_package.ts";
import { build } from "../../scripts/playground/build.ts";
import { page } from "../../scripts/playground/files.ts";
import { serve } from "../../scripts/playground/serve.ts";
import { must, sh } from "../../scripts/sh.ts";
import { chromium, read, type Result, Skipped } from "../runtimes/runtimes.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

/**
 * Plays with the page in Chromium.
 *
 * @param project A folder in which the package is installed.
 * @param dir A folder to make, for the tools and for what is built.
 */
export async function runPlayground(
  project: string,
  dir: string,
): Promise<Row> {
  const row: Row = { name: "playground", version: "", passed: 0, failures: [] };
  try {
    const executable = await chromium();
    row.version = /\d[\d.]+/.exec(await must(executable, ["--version"]))?.[0] ??
      "";
    await npmProject(dir, ["playwright-core@1", "axe-core@4"]);
    await Deno.copyFile(path("../runtimes/launch.mjs"), `${dir}/launch.mjs`);
    await Deno.copyFile(path("in_chromium.mjs"), `${dir}/in_chromium.mjs`);
    await build(`${dir}/site`, project);

    const server = serve([`${dir}/site`, page], 0);
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const told = read<Result>(
      await sh("node", ["in_chromium.mjs", executable, url], { cwd: dir }),
    );
    await server.shutdown();
    if (typeof told === "string") row.failures.push(told);
    else {
      row.failures = told
        .filter(({ failure }) => failure)
        .map(({ name, failure }) => `${name}\n${failure}`);
      row.passed = told.length - row.failures.length;
    }
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    row.skipped = error.message;
  }
  return row;
}
