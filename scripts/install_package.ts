/** Builds the npm package, and installs what npm packs of it. */
import { must, root } from "./sh.ts";

/** A folder with these packages of npm in it, and nothing else. */
export async function npmProject(
  dir: string,
  packages: string[],
): Promise<void> {
  await Deno.mkdir(dir);
  await Deno.writeTextFile(`${dir}/package.json`, '{"type":"module"}\n');
  await must("npm", [
    "install",
    "--silent",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    ...packages,
  ], { cwd: dir });
}

/** Builds and packs the package; tells the tarball's path. */
export async function pack(dir: string): Promise<string> {
  console.log((await must(Deno.execPath(), ["task", "build:npm"])).trim());
  const packed = await must("npm", [
    "pack",
    "--silent",
    `--pack-destination=${dir}`,
  ], { cwd: `${root}npm` });
  return `${dir}/${packed.trim()}`;
}

/** One line of the table that `deno task test:npm` closes with. */
export interface Row {
  name: string;
  version: string;
  passed: number;
  /** What failed, one text each. */
  failures: string[];
  /** Why nothing was run, if so. */
  skipped?: string;
}
