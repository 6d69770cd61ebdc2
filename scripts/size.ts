/**
 * `deno task size`: what an import adds to a bundle, minified and gzipped, beside
 * `ky`, which checks nothing, and `ky` with `valibot`. Fails if one is larger than
 * it may be in comparison, or contains unrelated code.
 */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "npm:esbuild@^0.28.2";
import { rollup } from "npm:rollup@4.67.4";
import * as core from "../lib/core/mod.ts";
import { npmProject } from "./install_package.ts";
import { must, root } from "./sh.ts";

const npm = `${root}npm/`;

/** The packages to compare with, as in the bench. */
const peers = ["ky@2.1.0", "valibot@1"];

/** The function of every operation, and `all…()` of every list. */
const functions = Object.keys(core)
  .flatMap((name) => name.endsWith("Operation") ? [name.slice(0, -9)] : [])
  .flatMap((name) => [...new Set([name, name.replace(/^list/, "all")])]);

/** A module that exports only these names of the package. */
const only = (...names: string[]) =>
  `export { ${names.join()} } from "./mod.js";\n`;

const ky = 'export { default as ky } from "ky";\n';
const valibot = `
  import { array, looseObject, parse } from "valibot";
  import { boolean, nullish, number, string } from "valibot";
  import { roomShape } from ${
  JSON.stringify(`${root}tests/bench/room_check.mjs`)
};
  const builders = { array, boolean, looseObject, nullish, number, string };
  const room = roomShape(builders);
  export const toRoom = (value) => parse(room, value);
`;

async function minify(code: string): Promise<string> {
  const options = { minify: true, format: "esm", target: "es2022" } as const;
  return (await esbuild.transform(code, options)).code;
}

/** Bundles a module of which imports are found in `dir` and its `node_modules`. */
async function byEsbuild(contents: string, dir = npm): Promise<string> {
  const { outputFiles: [file] } = await esbuild.build({
    stdin: { contents, resolveDir: dir },
    nodePaths: [join(dir, "node_modules")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["node:*"],
    logLevel: "error", // esbuild gives no warnings about an installed package
    write: false,
  });
  return file?.text ?? "";
}

async function byRollup(contents: string): Promise<string> {
  const entry = `${npm}size.js`;
  const bundle = await rollup({
    input: entry,
    external: /^node:/,
    plugins: [{
      name: "entry",
      resolveId: (id: string) => id === entry ? entry : null,
      load: (id: string) => id === entry ? contents : null,
    }],
  });
  const { output: [chunk] } = await bundle.generate({ format: "es" });
  return await minify(chunk.code);
}

const gzipped = (code: string) => gzipSync(code, { level: 9 }).length;

/** The bytes on disk of a folder and all below it. */
async function bytesOnDisk(dir: string): Promise<number> {
  return parseInt(await must("du", ["-sk", dir])) * 1024;
}

/** Text that shows that `getRoom` brings along what it does not need. */
const unrelated = ["node:", "telnyx-rooms", "10009", "total_pages"];

const wrong: string[] = [];
const sizes = new Map<string, number>();
let rows = 0;

/** The most bytes: so many, or so many times what another row has. */
type Limit = [most: number, peer?: string];

/** Prints a row, and notes if a size is over its limit. */
function row(name: string, bytes: number, [most, peer]: Limit = [Infinity]) {
  rows++;
  sizes.set(name, bytes);
  const max = peer ? Math.floor(most * (sizes.get(peer) ?? 0)) : most;
  const text = `at most ${most} ${peer ? `× ${peer}` : "B"}`;
  const limit = max === Infinity ? "" : `  ${text}`;
  console.log(`${name.padEnd(32)}${`${bytes} B`.padStart(12)}${limit}`);
  if (bytes > max) wrong.push(`${name} is over ${text}, ${max} B`);
}

await must(Deno.execPath(), ["task", "build:npm"]);
const dir = await Deno.makeTempDir();
try {
  const project = join(dir, "peers");
  await npmProject(project, peers);
  console.log("What an import adds to a bundle, minified and gzipped:\n");
  const checkedKy = "ky with valibot, for a room";
  row("ky", gzipped(await byEsbuild(ky, project)));
  row(checkedKy, gzipped(await byEsbuild(ky + valibot, project)));
  const getRoom = only("getRoom");
  const bundles = {
    esbuild: await byEsbuild(getRoom),
    rollup: await byRollup(getRoom),
  };
  for (const [bundler, code] of Object.entries(bundles)) {
    const name = `getRoom, by ${bundler}`;
    row(name, gzipped(code), [1.3, "ky"]);
    for (const text of unrelated) {
      if (code.includes(text)) wrong.push(`${name} contains ${text}`);
    }
  }
  const imports: [name: string, contents: string, limit?: Limit][] = [
    ["RoomsError", only("RoomsError"), [200]],
    ["parseWebhook", only("parseWebhook")],
    ["every operation", only(...functions), [1.5, checkedKy]],
    ["all of .", 'export * from "./mod.js"'],
    ["all of ./core", 'export * from "./lib/core/mod.js"'],
    ["all of ./testing", 'export * from "./lib/testing/fake_rooms.js"'],
  ];
  for (const [name, contents, limit] of imports) {
    row(name, gzipped(await byEsbuild(contents)), limit);
  }

  console.log("\nWhat a package takes on disk, installed:\n");
  row("ky", await bytesOnDisk(join(project, "node_modules/ky")));
  row("@videorooms/telnyx", await bytesOnDisk(npm), [1.5, "ky"]);
} finally {
  await esbuild.stop();
  await Deno.remove(dir, { recursive: true });
}

for (const text of wrong) console.log(`\n${text}`);
console.log(`\n${rows - wrong.length} passed, ${wrong.length} failed`);
Deno.exit(wrong.length > 0 ? 1 : 0);
