/**
 * `deno task build:npm`: fills `npm/` with the package for npm. dnt emits the
 * modules or, where JSR does not answer, `deno pack`; what becomes of them is
 * the same: one list of metadata, and no comments in the code but in the types.
 */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "npm:esbuild@^0.28.2";
import { pactName } from "../contracts/names.ts";
import { metadata } from "./npm_metadata.ts";
import { lock, registry, toolsLock } from "./registry.ts";
import { must } from "./sh.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));
const [root, out] = [path("../"), path("../npm")];

/** Emits modules and declarations by dnt; tells the folder they are in. */
async function emitByDnt(dir: string): Promise<string> {
  await must(Deno.execPath(), [
    "run",
    "--allow-env",
    "--allow-read",
    `--allow-write=${dir}`,
    lock(toolsLock),
    "scripts/emit_by_dnt.ts",
    dir,
  ]);
  return `${dir}/esm`;
}

/** Emits modules and declarations by `deno pack`, likewise. */
async function emitByPack(dir: string): Promise<string> {
  const tarball = `${dir}/package.tgz`;
  await must(Deno.execPath(), [
    "pack",
    "--quiet",
    "--allow-dirty",
    "-o",
    tarball,
  ]);
  await must("tar", ["xzf", tarball, "-C", dir]);
  return `${dir}/package`;
}

/** Writes a file of the package, and the folders that it is in. */
async function write(file: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(`${out}/${file}`), { recursive: true });
  await Deno.writeTextFile(`${out}/${file}`, text);
}

const entryPoints = [
  "mod.js",
  "lib/core.js",
  "lib/testing/fake_rooms.js",
  "lib/cli/main.js",
];

/** The file that every entry takes what it needs from. */
const shared = "lib/videorooms.js";

const options = {
  bundle: true,
  format: "esm" as const,
  target: "es2022",
  external: ["node:*"],
  write: false as const,
};

/** Lets a module stay where it is, if it is not of the entry's own. */
function apart(emitted: string): esbuild.Plugin {
  return {
    name: "apart",
    setup: (build) =>
      build.onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) => {
        const file = relative(emitted, resolve(resolveDir, path));
        if (!importer || dirname(file) === "lib/cli") return undefined;
        const target = dirname(file) === "lib" ? shared : file;
        const away = relative(resolveDir, `${emitted}/${target}`);
        return {
          path: away.startsWith(".") ? away : `./${away}`,
          external: true,
        };
      }),
  };
}

/**
 * Puts the modules together into one file that the entries share, since each
 * file costs an import about a third of a millisecond. The code is as it was
 * written, without comments, which are in the declarations.
 */
async function bundle(emitted: string): Promise<void> {
  const modules = (await Array.fromAsync(Deno.readDir(`${emitted}/lib`)))
    .filter(({ name }) => name.endsWith(".js"))
    .map(({ name }) => `export * from "./lib/${name}";`);
  const inside = await esbuild.build({
    ...options,
    stdin: { contents: modules.sort().join("\n"), resolveDir: emitted },
    outfile: `${out}/${shared}`,
  });
  const entries = await esbuild.build({
    ...options,
    entryPoints: entryPoints.map((file) => `${emitted}/${file}`),
    outbase: emitted,
    outdir: out,
    plugins: [apart(emitted)],
  });
  for (
    const { path, text } of [...inside.outputFiles, ...entries.outputFiles]
  ) {
    const file = relative(out, path);
    const { code } = file.startsWith("lib/cli/")
      ? await esbuild.transform(text, { minify: true })
      : { code: text.replace(/^\/\/ .*\n/gm, "") }; // where a module was
    await write(file, code);
  }
}

const squeeze = (padding: string) => padding.startsWith("-") ? "---" : " ";

/**
 * The declarations, with the examples of functions and classes alone: those of
 * types are on the API's pages, and would be a tenth of the package.
 */
function declarations(text: string): string {
  return text.replaceAll(
    /\/\*\*(?:(?!\*\/)[^])*\*\/(?=\s*export (?:declare )?(?:interface|type) )/g,
    (doc) => doc.replace(/(\s*\*)?\s*\* @example[^]*$/, "\n */"),
  );
}

/** The declarations that these reach by their imports, themselves included. */
async function reached(dir: string, entries: string[]): Promise<Set<string>> {
  const found = new Set(entries);
  for (const file of found) {
    const text = await Deno.readTextFile(`${dir}/${file}`);
    const code = text.replaceAll(/\/\*[^]*?\*\//g, "");
    for (const [, path = ""] of code.matchAll(/"(\.{1,2}\/[^"]+)\.js"/g)) {
      found.add(`${join(dirname(file), path)}.d.ts`);
    }
  }
  return found;
}

/** Writes the package of what a builder emitted into `emitted`. */
async function writePackage(emitted: string): Promise<void> {
  await Deno.remove(out, { recursive: true }).catch(() => {});
  await bundle(emitted);
  const typed = entryPoints.filter((file) => !file.startsWith("lib/cli/"))
    .map((file) => file.replace(/js$/, "d.ts"));
  for (const file of await reached(emitted, typed)) {
    const text = await Deno.readTextFile(`${emitted}/${file}`);
    await write(file, declarations(text));
  }
  await write("package.json", `${JSON.stringify(metadata, null, 2)}\n`);
  const readme = await Deno.readTextFile(`${root}/README.md`);
  // What aligns the tables for those who read the source
  await write(
    "README.md",
    readme.replace(/(?<=^\|.*) {2,}|-{4,}/gm, squeeze)
      .replace(/^## Work on it\n[^]*?(?=^MIT)/m, ""), // which takes a clone
  );
  await write("LICENSE", await Deno.readTextFile(`${root}/LICENSE`));
  const pact = await Deno.readTextFile(`${root}/contracts/${pactName}`);
  await write(`contracts/${pactName}`, JSON.stringify(JSON.parse(pact)));
}

const byDnt = await registry(["@deno/dnt"]) === "jsr";
const dir = await Deno.makeTempDir();
try {
  await writePackage(await (byDnt ? emitByDnt : emitByPack)(dir));
} catch (error) {
  console.error(`build:npm: ${(error as Error).message.trim()}`);
  Deno.exitCode = 1;
} finally {
  await esbuild.stop();
  await Deno.remove(dir, { recursive: true });
}
if (Deno.exitCode === 0) {
  const builder = byDnt ? "dnt" : "deno pack";
  console.log(
    `npm/ has ${metadata.name} ${metadata.version}, built by ${builder}`,
  );
}
