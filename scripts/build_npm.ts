/**
 * `deno task build:npm`: fills `npm/` with the package for npm. dnt emits the
 * modules or, where JSR does not answer, `deno pack`; what becomes of them is
 * the same: one list of metadata, and no comments in the code but in the types.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "npm:esbuild@^0.28.2";
import { pactName } from "../contracts/names.ts";
import { metadata, sourceRoot } from "./npm_metadata.ts";
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

/**
 * The code without comments, which are in the declarations, and for what users
 * import a source map that names the sources where this release has them.
 */
async function addModule(emitted: string, file: string): Promise<void> {
  const { code, map } = await esbuild.transform(
    await Deno.readTextFile(`${emitted}/${file}`),
    { sourcefile: file, sourcemap: true, sourcesContent: false },
  );
  if (file.startsWith("lib/cli/")) return await write(file, code);
  const name = file.split("/").at(-1);
  const sources = [file.replace(/\.js$/, ".ts")];
  await write(file, `${code}//# sourceMappingURL=${name}.map\n`);
  await write(
    `${file}.map`,
    JSON.stringify({ ...JSON.parse(map), sourceRoot, sources }),
  );
}

const dir = await Deno.makeTempDir();
const emit = (await importMap()).length === 0 ? emitByDnt : emitByPack;
const emitted = await emit(dir);

await Deno.remove(out, { recursive: true }).catch(() => {});
for await (const file of filesOf(emitted)) {
  if (file.endsWith(".js")) await addModule(emitted, file);
  if (file.endsWith(".d.ts") && !file.startsWith("lib/cli/")) {
    await write(file, await Deno.readTextFile(`${emitted}/${file}`));
  }
}
await write("package.json", `${JSON.stringify(metadata, null, 2)}\n`);
for (const file of ["README.md", "LICENSE"]) {
  await write(file, await Deno.readTextFile(`${root}/${file}`));
}
const pact = await Deno.readTextFile(`${root}/contracts/${pactName}`);
await write(`contracts/${pactName}`, JSON.stringify(JSON.parse(pact)));

await esbuild.stop();
await Deno.remove(dir, { recursive: true });
console.log(`npm/ has ${metadata.name} ${metadata.version}`);
