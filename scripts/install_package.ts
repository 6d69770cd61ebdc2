/**
 * Builds the npm package, and installs what npm packs of it, and the runtimes
 * that it is tried on: the npm registry has their binaries.
 */
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

const { os, arch } = Deno.build;
const [nodeArch, bunArch] = arch === "aarch64"
  ? ["arm64", "aarch64"]
  : ["x64", "x64"];
const node = `node-${os}-${nodeArch}`;

/** What to install, by the name it gets in `node_modules`. */
export const runtimePackages = {
  "node-20": `npm:${node}@20`,
  "node-24": `npm:${node}@24`,
  "node-newest": `npm:${node}@latest`,
  "bun": `npm:@oven/bun-${os}-${bunArch}@1`,
};

/** Where its binary is, in a folder that they are installed in. */
export function binary(
  dir: string,
  name: keyof typeof runtimePackages,
): string {
  return `${dir}/node_modules/${name}/bin/${name === "bun" ? "bun" : "node"}`;
}
