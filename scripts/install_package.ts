/**
 * Builds and packs the npm package, and installs it and the runtimes for its
 * tests: the npm registry has their binaries.
 */
import { must, root } from "./sh.ts";

/** Creates a project with these npm packages, perhaps under other names. */
export async function npmProject(
  dir: string,
  packages: string[] | Record<string, string>,
): Promise<void> {
  const all = Array.isArray(packages)
    ? packages
    : Object.entries(packages).map(([name, spec]) => `${name}@${spec}`);
  await Deno.mkdir(dir);
  await Deno.writeTextFile(`${dir}/package.json`, '{"type":"module"}\n');
  const options = ["--silent", "--ignore-scripts", "--no-audit", "--no-fund"];
  await must("npm", ["install", ...options, ...all], { cwd: dir });
}

/** Builds and packs the package; returns the path of the tarball. */
export async function pack(dir: string): Promise<string> {
  console.log((await must(Deno.execPath(), ["task", "build:npm"])).trim());
  const options = ["--silent", `--pack-destination=${dir}`];
  const packed = await must("npm", ["pack", ...options], { cwd: `${root}npm` });
  return `${dir}/${packed.trim()}`;
}

/** One line of the table at the end of `deno task test:npm`. */
export interface ReportRow {
  name: string;
  version: string;
  passed: number;
  /** A text for each failure. */
  failures: string[];
  /** Why it did not run. */
  skipped?: string;
}

const { os, arch } = Deno.build;
const [nodeArch, bunArch] = arch === "aarch64"
  ? ["arm64", "aarch64"]
  : ["x64", "x64"];
const node = `node-${os}-${nodeArch}`;

/** The packages to install, by their names in `node_modules`. */
export const runtimePackages = {
  "node-20": `npm:${node}@20`,
  "node-22": `npm:${node}@22`,
  "node-24": `npm:${node}@24`,
  "node-newest": `npm:${node}@latest`,
  "bun": `npm:@oven/bun-${os}-${bunArch}@1`,
};

/** The oldest versions that are supported, but for Node's, which is `node-20`. */
export const oldestPackages = {
  "deno-oldest": `npm:@deno/${os}-${nodeArch}${
    os === "linux" ? "-glibc" : ""
  }@~2.1.0`,
  "bun-oldest": `npm:@oven/bun-${os}-${bunArch}@1.3.0`,
};

/** The binary of a runtime that is installed in `dir`. */
export function binary(
  dir: string,
  name: keyof typeof runtimePackages | keyof typeof oldestPackages,
): string {
  const installed = `${dir}/node_modules/${name}`;
  if (name === "deno-oldest") return `${installed}/deno`;
  return `${installed}/bin/${name.startsWith("bun") ? "bun" : "node"}`;
}
