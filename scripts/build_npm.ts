/**
 * `deno task build:npm`: builds the npm package in `npm/`. dnt emits the modules
 * or, if JSR does not answer, `deno pack`; the rest is the same for both.
 */
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "npm:esbuild@^0.28.2";
import { dts } from "npm:rollup-plugin-dts@6.2.3"; // the last version for TypeScript 5
import { rollup } from "npm:rollup@4.67.4";
import { minify } from "npm:terser@^5.44.0";
import { pactName, webhooksName } from "../contracts/names.ts";
import { metadata, repository } from "./npm_metadata.ts";
import { lock, registry, toolsLock } from "./registry.ts";
import { must } from "./sh.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));
const [root, out] = [path("../"), path("../npm")];

/** Emits modules and declarations with dnt; returns their folder. */
async function emitByDnt(dir: string): Promise<string> {
  const allow = ["--allow-env", "--allow-read", `--allow-write=${dir}`];
  const program = [lock(toolsLock), "scripts/emit_by_dnt.ts", dir];
  await must(Deno.execPath(), ["run", ...allow, ...program]);
  return `${dir}/esm`;
}

/** Emits modules and declarations with `deno pack`; returns their folder. */
async function emitByPack(dir: string): Promise<string> {
  const tarball = `${dir}/package.tgz`;
  const options = ["--quiet", "--allow-dirty", "-o", tarball];
  await must(Deno.execPath(), ["pack", ...options]);
  await must("tar", ["xzf", tarball, "-C", dir]);
  return `${dir}/package`;
}

/** Writes a file of the package, and creates its folder. */
async function write(file: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(`${out}/${file}`), { recursive: true });
  await Deno.writeTextFile(`${out}/${file}`, text);
}

/** The modules that users import; the first two only re-export. */
const entries = [
  "mod",
  "lib/core/mod",
  "lib/testing/fake_rooms",
  "lib/client/node",
];
const command = "lib/cli/main";

/** The file that all entries import, and the folders that it consists of. */
const shared = "lib/videorooms";
const bundledFolders = ["lib/core", "lib/client"];

/** Whether a file is of `./node`, which no other entry may reach. */
const isOfNode = (file: string) => basename(file).startsWith("node");

const options = {
  bundle: true,
  format: "esm" as const,
  target: "es2022",
  external: ["node:*"],
  write: false as const,
};

/** Keeps imports of modules that belong to another file. */
function separate(emitted: string): esbuild.Plugin {
  return {
    name: "separate",
    setup: (build) =>
      build.onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) => {
        const file = relative(emitted, resolve(resolveDir, path));
        const own = dirname(relative(emitted, importer || ""));
        const isShared = bundledFolders.includes(dirname(file)) &&
          !isOfNode(file);
        if (!importer || dirname(file) === own && !isShared) return;
        const target = isShared ? `${shared}.js` : file;
        const away = relative(resolveDir, `${emitted}/${target}`);
        return {
          path: away.startsWith(".") ? away : `./${away}`,
          external: true,
        };
      }),
  };
}

/**
 * Minifies a module. It keeps the annotations for tree-shaking and, in production
 * code, the names at module level, which stack traces show. Lines stay short,
 * because Node prints the one that threw.
 */
async function minified(file: string, module: string): Promise<string> {
  const { code = "" } = await minify(module, {
    ecma: 2020,
    module: /testing|cli/.test(file),
    compress: { passes: 3 },
    format: { preserve_annotations: true, max_line_len: 240 },
  });
  return code;
}

/**
 * Bundles the modules into one file that the entries share, because each file adds
 * about 0.3 ms to an import.
 */
async function bundle(emitted: string): Promise<void> {
  const modules: string[] = [];
  for (const folder of bundledFolders) {
    for await (const { name } of Deno.readDir(`${emitted}/${folder}`)) {
      if (!name.endsWith(".js") || name === "mod.js") continue;
      if (isOfNode(name)) continue;
      modules.push(`export * from "./${folder}/${name}";`);
    }
  }
  const inside = await esbuild.build({
    ...options,
    stdin: { contents: modules.sort().join("\n"), resolveDir: emitted },
    outfile: `${out}/${shared}.js`,
  });
  const [mod = "", core = "", ...own] = entries;
  // By name, since `export *` of the shared file would export its internals too
  for (const [entry, folder] of [[mod, "./lib"], [core, ".."]]) {
    const names = Object.keys(await import(`file://${emitted}/${entry}.js`));
    await write(
      `${entry}.js`,
      `export{${names}}from"${folder}/videorooms.js";`,
    );
  }
  const outside = await esbuild.build({
    ...options,
    entryPoints: [...own, command].map((name) => `${emitted}/${name}.js`),
    outbase: emitted,
    outdir: out,
    plugins: [separate(emitted)],
  });
  const files = [...inside.outputFiles, ...outside.outputFiles];
  for (const { path, text } of files) {
    const file = relative(out, path);
    await write(file, await minified(file, text));
  }
}

/** A doc comment, and the name of its function. */
const docComment =
  /\/\*\*((?:(?!\*\/)[^])*)\*\/(?=\s*declare function (\w+)|)/g;

/** Parts of comments that editors need not show. */
const asides = [
  "\\s\\(Telnyx\\sAPI\\sreference,[^)]*\\)",
  ",\\sfor\\sthe\\sfunctions\\sof\\s`\\./core`",
].map((aside) => aside.replaceAll("\\s", "\\s+(?:\\* )?"));
const aside = new RegExp(asides.join("|"), "g");

/** The functions whose doc comments stay complete, with one example. */
const whole = ["getRoom", "fakeRooms"];

/**
 * Shortens doc comments to what an editor needs: the description and the
 * parameters, each text once. The API pages on JSR have the rest.
 */
function concise(declarations: string): string {
  const seen = new Set<string>();
  return declarations.replace(docComment, (_, comment: string, name = "") => {
    const parts = comment.replace(aside, "").split(/^ *\* (?=@)/m)
      .map((part) => part.replace(/[\s*]+$/, ""));
    const example = parts.find((part) => part.startsWith("@example"));
    const kept = parts.filter((part) => {
      if (part.startsWith("@example") && part !== example) return false;
      if (whole.includes(name) || !part.startsWith("@")) return true;
      const isNew = part.startsWith("@param") && !seen.has(part);
      seen.add(part);
      return isNew;
    }).join("\n * ");
    const line = kept.replace(/\n *\*(?= [^-@])/g, "").trimStart();
    return line.length < 112 && !line.includes("\n")
      ? `/** ${line} */`
      : `/**${kept}\n */`;
  });
}

/** Exports each declaration itself, which is shorter than a list. */
function exported(declarations: string): string {
  return declarations.replace(/^export (?:type )?\{[^}]*\};\n/gm, "")
    .replace(/^(?=declare |interface |type )/gm, "export ");
}

/** Bundles the declarations that users can reach. */
async function bundleTypes(emitted: string): Promise<void> {
  const input = Object.fromEntries(
    entries.map((name) => [name, `${emitted}/${name}.d.ts`]),
  );
  const bundled = await rollup({ input, plugins: [dts()] });
  const { output } = await bundled.generate({
    entryFileNames: "[name].d.ts",
    chunkFileNames: `${shared}.d.ts`,
    manualChunks: (id) => Object.values(input).includes(id) ? null : "shared",
    minifyInternalExports: false,
  });
  for (const chunk of output) {
    if (chunk.type === "chunk") {
      // `deno pack` puts code on the last line of a comment
      const code = concise(chunk.code.replaceAll(/\*\/ (?=\S)/g, "*/\n"));
      await write(chunk.fileName, chunk.isEntry ? code : exported(code));
    }
  }
}

/** Formats the declarations, for the same result from both builders. */
async function format(): Promise<void> {
  const files = [...entries, shared].map((name) => `${out}/${name}.d.ts`);
  const style = ["--use-tabs", "--line-width=120"];
  await must(Deno.execPath(), ["fmt", "--no-config", "-q", ...style, ...files]);
}

const squeeze = (padding: string) => padding.startsWith("-") ? "---" : " ";

/** Whether a field of a pact has the default value of verifiers. */
const isPactDefault = (name: string, value: unknown) =>
  (name === "pending" || name === "encoded") && value === false ||
  name === "contentType" && value === "application/json" ||
  name === "combine" && value === "AND";

/** Writes the package from the emitted modules. */
async function writePackage(emitted: string): Promise<void> {
  await Deno.remove(out, { recursive: true }).catch(() => {});
  await bundle(emitted);
  await bundleTypes(emitted);
  await format();
  await write("package.json", `${JSON.stringify(metadata, null, 2)}\n`);
  const readme = await Deno.readTextFile(`${root}/README.md`);
  await write(
    "README.md",
    // Padding of tables
    readme.replace(/(?<=^\|.*) {2,}|-{4,}/gm, squeeze)
      // Sections that need a clone, or repeat the declarations
      .replace(/^## (?:Try it|Operations)\n[^]*?(?=^## |^MIT)/gm, "")
      .replace(/^<!-- .* -->\n+/gm, "") // notes for maintainers
      // Links to files that are not in the package
      .replace(/\]\((?!https?:|#)/g, `](${repository}/blob/HEAD/`),
  );
  await write("LICENSE", await Deno.readTextFile(`${root}/LICENSE`));
  for (const name of [pactName, webhooksName]) {
    const pact = await Deno.readTextFile(`${root}/contracts/${name}`);
    await write(
      `contracts/${name}`,
      JSON.stringify(
        JSON.parse(pact),
        (name, value) => isPactDefault(name, value) ? undefined : value,
      ),
    );
  }
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
