/**
 * `deno task size`: what an import costs a bundle, by three bundlers. Fails when
 * `getRoom` is over its budget, or brings what it does not need.
 */
import { fileURLToPath } from "node:url";
import * as esbuild from "npm:esbuild@^0.28.2";
import { rollup } from "npm:rollup@4.67.4";
import { must, root } from "./sh.ts";

/** What `getRoom` should cost, and what it may, minified and gzipped, in bytes. */
const [aim, budget] = [4500, 4900];

const npm = fileURLToPath(new URL("../npm/", import.meta.url));
const getRoom = `import { getRoom } from "./mod.js";\nexport { getRoom };\n`;
const listing = 'export { allRooms, listRooms } from "./mod.js";\n';

async function minify(code: string): Promise<string> {
  const options = { minify: true, format: "esm", target: "es2022" } as const;
  return (await esbuild.transform(code, options)).code;
}

async function byEsbuild(contents: string): Promise<string> {
  const { outputFiles: [file] } = await build(contents, npm);
  return file?.text ?? "";
}

/** What each module of the source adds, in bytes without gzip. */
async function byModule(): Promise<[name: string, bytes: number][]> {
  const { metafile } = await build(getRoom.replace("mod.js", "mod.ts"), root);
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {})
    .map(([file, { bytesInOutput }]): [string, number] => [
      file.replace(/^.*\blib\//, "lib/"),
      bytesInOutput,
    ])
    .filter(([, bytes]) => bytes > 0)
    .sort(([, a], [, b]) => b - a);
}

function build(contents: string, resolveDir: string) {
  return esbuild.build({
    stdin: { contents, resolveDir, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["node:*"],
    metafile: true,
    write: false,
  });
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

async function byDeno(contents: string): Promise<string> {
  const entry = `${npm}size.js`;
  await Deno.writeTextFile(entry, contents);
  try {
    const args = ["bundle", "--quiet", "--minify", "--no-lock", entry];
    return await must(Deno.execPath(), args);
  } finally {
    await Deno.remove(entry);
  }
}

async function gzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

await must(Deno.execPath(), ["task", "build:npm"]);

const bundles: [string, () => Promise<string>][] = [
  ["getRoom, by esbuild", () => byEsbuild(getRoom)],
  ["getRoom, by rollup", () => byRollup(getRoom)],
  ["getRoom, by deno bundle", () => byDeno(getRoom)],
  ["listRooms and allRooms", () => byEsbuild(listing)],
  ["all of .", () => byEsbuild('export * from "./mod.js"')],
  ["./core", () => byEsbuild('export * from "./lib/core.js"')],
  ["./testing", () => byEsbuild('export * from "./lib/testing/fake_rooms.js"')],
];

const wrong: string[] = [];
let largest = 0;
console.log(`${"".padEnd(26)}${"min".padStart(10)}${"min+gzip".padStart(12)}`);
for (const [name, bundle] of bundles) {
  const code = await bundle();
  const gzip = await gzipped(code);
  console.log(
    `${name.padEnd(26)}${
      `${new TextEncoder().encode(code).length} B`.padStart(10)
    }` +
      `${`${gzip} B`.padStart(12)}`,
  );
  if (!name.startsWith("getRoom")) continue;
  largest = Math.max(largest, gzip);
  if (gzip > budget) wrong.push(`${name} is over ${budget} B`);
  for (const alien of ["node:", "telnyx-rooms", "10009", "total_pages"]) {
    if (code.includes(alien)) wrong.push(`${name} has ${alien} in it`);
  }
}

console.log("\ngetRoom, by module");
for (const [name, bytes] of await byModule()) {
  console.log(`  ${name.padEnd(24)}${`${bytes} B`.padStart(10)}`);
  if (name === "lib/list_rooms.ts") wrong.push(`getRoom has ${name} in it`);
}
await esbuild.stop();
if (largest > aim) {
  console.log(
    `\nThe aim of ${aim} B is not met: ${largest} B. See ARCHITECTURE.md.`,
  );
}

for (const text of wrong) console.log(`\n${text}`);
console.log(
  `\n${bundles.length - wrong.length} passed, ${wrong.length} failed`,
);
Deno.exit(wrong.length > 0 ? 1 : 0);
