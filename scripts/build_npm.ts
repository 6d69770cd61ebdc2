/**
 * `deno task build:npm`: fills `npm/` with the package for npm. dnt emits the
 * modules or, where JSR does not answer, `deno pack`; what becomes of them is
 * the same: one list of metadata, and no comments in the code but in the types.
 */
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "npm:esbuild@^0.28.2";
import { pactName } from "../contracts/names.ts";
import { metadata } from "./npm_metadata.ts";
import { deno, importMap } from "./registry.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));
const [root, out] = [path("../"), path("../npm")];

/** Emits modules and declarations by dnt; tells the folder they are in. */
async function emitByDnt(dir: string): Promise<string> {
  const { build } = await import("@deno/dnt");
  await build({
    entryPoints: [
      "./mod.ts",
      { name: "./core", path: "./lib/core.ts" },
      { name: "./testing", path: "./lib/testing/fake_rooms.ts" },
      { kind: "bin", name: "telnyx-rooms", path: "./lib/cli/main.ts" },
    ],
    outDir: dir,
    shims: {}, // the source uses no name of Deno's
    scriptModule: false,
    declaration: "inline",
    skipSourceOutput: true,
    skipNpmInstall: true,
    test: false, // tests/runtimes/ tests the package itself
    typeCheck: false, // deno task check has done so
    compilerOptions: { target: "ES2022", lib: ["ES2022", "DOM"] },
    package: { name: metadata.name, version: metadata.version },
  });
  return `${dir}/esm`;
}

/** Emits modules and declarations by `deno pack`, likewise. */
async function emitByPack(dir: string): Promise<string> {
  const tarball = `${dir}/package.tgz`;
  const packed = await deno([
    "pack",
    "--quiet",
    "--allow-dirty",
    "-o",
    tarball,
  ]);
  const { success } = await new Deno.Command("tar", {
    args: ["xzf", tarball, "-C", dir],
  }).output();
  if (!packed || !success) throw new Error("deno pack has failed");
  return `${dir}/package`;
}

async function* filesOf(dir: string, below = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${dir}/${below}`)) {
    if (isDirectory) yield* filesOf(dir, `${below}${name}/`);
    else yield `${below}${name}`;
  }
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

const dir = await Deno.makeTempDir();
const emit = (await importMap()).length === 0 ? emitByDnt : emitByPack;
const emitted = await emit(dir);

await Deno.remove(out, { recursive: true }).catch(() => {});
await bundle(emitted);
for await (const file of filesOf(emitted)) {
  if (file.endsWith(".d.ts") && !file.startsWith("lib/cli/")) {
    await write(
      file,
      declarations(await Deno.readTextFile(`${emitted}/${file}`)),
    );
  }
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

await esbuild.stop();
await Deno.remove(dir, { recursive: true });
console.log(`npm/ has ${metadata.name} ${metadata.version}`);
