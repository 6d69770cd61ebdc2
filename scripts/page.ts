/**
 * `deno task page [--check]`: builds the page of the fake from `page/` into
 * `lib/testing/page_files.ts`, or checks that this file is what it would build.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import * as esbuild from "npm:esbuild@^0.28.2";
import { must } from "./sh.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));
const generated = path("../lib/testing/page_files.ts");

/** The most bytes of all files, gzipped. */
const maxBytes = 60_000;

/** Finds preact where Deno has it. */
const preact: esbuild.Plugin = {
  name: "preact",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^preact(\/|$)/ }, ({ path }) => ({
      path: fileURLToPath(
        import.meta.resolve(path.replace("preact", "npm:preact@10.28.0")),
      ),
    }));
  },
};

/** The text of a script of the page, bundled and minified. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles: [file] } = await esbuild.build({
    entryPoints: [path(`../page/${entry}`)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    write: false,
    plugins: [preact],
  });
  return file?.text ?? "";
}

/** The style of the page, minified. */
async function style(): Promise<string> {
  const { code } = await esbuild.transform(
    await Deno.readTextFile(path("../page/style.css")),
    { loader: "css", minify: true, charset: "utf8" },
  );
  return code;
}

const read = (name: string) => Deno.readTextFile(path(`../page/${name}`));

/** The files of the page; `entry` is its script. */
export async function pageFiles(
  entry: "served.tsx" | "inside.tsx",
): Promise<Record<string, string>> {
  // Deno downloads it before it can say where it is
  await import("npm:preact@10.28.0");
  const files = {
    "index.html": await read("index.html"),
    "style.css": await style(),
    "app.js": await bundle(entry),
    "icon.svg": await read("icon.svg"),
  };
  await esbuild.stop();
  return files;
}

/** The module that has the files. */
async function toModule(files: Record<string, string>): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  const fields = Object.entries(files)
    .map(([name, text]) => `${JSON.stringify(name)}: ${JSON.stringify(text)},`);
  await Deno.writeTextFile(
    file,
    `// Made by \`deno task page\` from \`page/\`: do not edit.\n\n` +
      `/** The files of the page, by their names. */\n` +
      `export const files: Readonly<Record<string, string>> = {${
        fields.join("\n")
      }};\n`,
  );
  await must(Deno.execPath(), ["fmt", "--quiet", "--no-config", file]);
  const text = await Deno.readTextFile(file);
  await Deno.remove(file);
  return text;
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { check: { type: "boolean", default: false } },
  });
  const files = await pageFiles("served.tsx");
  const bytes = Object.values(files)
    .reduce((sum, text) => sum + gzipSync(text).length, 0);
  console.log(`The page has ${bytes} bytes gzipped, at most ${maxBytes}`);
  const module = await toModule(files);
  if (!values.check) await Deno.writeTextFile(generated, module);
  const isSame = await Deno.readTextFile(generated) === module;
  if (!isSame) {
    console.error("It is not what is in the tree: run deno task page");
  }
  Deno.exit(isSame && bytes <= maxBytes ? 0 : 1);
}
