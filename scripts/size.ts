/**
 * `deno task size`: what an import adds to a bundle, with three bundlers. Fails if
 * one is over its budget, or contains unrelated code.
 */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "npm:esbuild@^0.28.2";
import { rollup } from "npm:rollup@4.67.4";
import * as core from "../lib/core/mod.ts";
import { must } from "./sh.ts";

const npm = fileURLToPath(new URL("../npm/", import.meta.url));

/** A module that exports only these names of the package. */
const only = (names: string) => `export { ${names} } from "./mod.js";\n`;
const getRoom = only("getRoom");

/** The function of every operation, and `all…()` of every list. */
const functions = Object.keys(core)
  .flatMap((name) => name.endsWith("Operation") ? [name.slice(0, -9)] : [])
  .flatMap((name) => [...new Set([name, name.replace(/^list/, "all")])]).join();

const ofRooms = "getRoom,listRooms,allRooms,createRoom,updateRoom,deleteRoom";

/** What each import may cost, minified and gzipped, in bytes. */
const bundles: [
  name: string,
  bundle: () => Promise<string>,
  budget?: number,
][] = [
  ["RoomsError", () => byEsbuild(only("RoomsError")), 150],
  ["deleteRoom", () => byEsbuild(only("deleteRoom")), 4250],
  ["getRoom, by esbuild", () => byEsbuild(getRoom), 4500],
  ["getRoom, by rollup", () => byRollup(getRoom), 4550],
  ["getRoom, by deno bundle", () => byDeno(getRoom), 4500],
  ["all of rooms", () => byEsbuild(only(ofRooms)), 5600],
  ["parseWebhook", () => byEsbuild(only("parseWebhook")), 2500],
  ["every operation", () => byEsbuild(only(functions)), 8000],
  ["all of .", () => byEsbuild('export * from "./mod.js"'), 10_800],
  ["./core", () => byEsbuild('export * from "./lib/core.js"')],
  ["./testing", () => byEsbuild('export * from "./lib/testing/fake_rooms.js"')],
];

async function minify(code: string): Promise<string> {
  const options = { minify: true, format: "esm", target: "es2022" } as const;
  return (await esbuild.transform(code, options)).code;
}

async function byEsbuild(contents: string): Promise<string> {
  const { outputFiles: [file] } = await esbuild.build({
    stdin: { contents, resolveDir: npm },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["node:*"],
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

await must(Deno.execPath(), ["task", "build:npm"]);

const wrong: string[] = [];
const row = (...cells: string[]) =>
  console.log(
    cells.map((cell, i) => i === 0 ? cell.padEnd(26) : cell.padStart(12))
      .join("").trimEnd(),
  );
row("", "min", "min+gzip", "at most");
for (const [name, bundle, budget] of bundles) {
  const code = await bundle();
  const gzip = gzipSync(code, { level: 9 }).length;
  const bytes = new TextEncoder().encode(code).length;
  row(name, `${bytes} B`, `${gzip} B`, budget ? `${budget} B` : "");
  if (budget && gzip > budget) wrong.push(`${name} is over ${budget} B`);
  if (!name.startsWith("getRoom")) continue;
  for (const text of ["node:", "telnyx-rooms", "10009", "total_pages"]) {
    if (code.includes(text)) wrong.push(`${name} contains ${text}`);
  }
}
await esbuild.stop();

for (const text of wrong) console.log(`\n${text}`);
console.log(
  `\n${bundles.length - wrong.length} passed, ${wrong.length} failed`,
);
Deno.exit(wrong.length > 0 ? 1 : 0);
