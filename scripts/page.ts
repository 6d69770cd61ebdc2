/**
 * `deno task page [--check]`: builds the page of the fake from `page/` into
 * `lib/testing/page_files.ts`, or checks that this file is what it would build.
 * The playground is the same page, with the fake inside it.
 */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "npm:esbuild@^0.28.2";
import { pageFile } from "../lib/testing/page.ts";
import { formatted, root } from "./sh.ts";

const generated = `${root}lib/testing/page_files.ts`;

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

const read = (name: string) => Deno.readTextFile(`${root}page/${name}`);

/** The files of the page, by their names; `script` is its entry. */
async function pageFiles(
  script: "served.tsx" | "inside.tsx",
): Promise<Record<string, string>> {
  // Deno downloads it before it can say where it is
  await import("npm:preact@10.28.0");
  const { outputFiles } = await esbuild.build({
    entryPoints: {
      style: `${root}page/style.css`,
      app: `${root}page/${script}`,
    },
    outdir: root,
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
  await esbuild.stop();
  const built = outputFiles.map(({ path, text }) => [basename(path), text]);
  return {
    "index.html": await read("index.html"),
    ...Object.fromEntries(built),
    "icon.svg": await read("icon.svg"),
  };
}

/** What the playground may do: run its script. Nothing leaves it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The files of the playground, by their names. */
export async function playgroundFiles(): Promise<Record<string, string>> {
  const files = await pageFiles("inside.tsx");
  const meta =
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const html = files["index.html"] ?? "";
  return { ...files, "index.html": html.replace("<head>", `<head>\n${meta}`) };
}

/** Serves the playground on 127.0.0.1. */
export async function servePlayground(): Promise<
  Deno.HttpServer<Deno.NetAddr>
> {
  const files = await playgroundFiles();
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) =>
      pageFile(new URL(url).pathname.slice(1), files) ??
        new Response("Not found\n", { status: 404 }),
  );
}

/** The module that has the files. */
function toModule(files: Record<string, string>): string {
  return formatted(
    `// Made by \`deno task page\` from \`page/\`: do not edit.

/** The files of the page, by their names. */
export const files: Readonly<Record<string, string>> = ${JSON.stringify(files)};
`,
    "ts",
  );
}

if (import.meta.main) {
  const files = await pageFiles("served.tsx");
  const bytes = Object.values(files)
    .reduce((sum, text) => sum + gzipSync(text).length, 0);
  console.log(`The page has ${bytes} bytes gzipped, at most ${maxBytes}`);
  const module = toModule(files);
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(generated, module);
  }
  const isSame = await Deno.readTextFile(generated) === module;
  if (!isSame) {
    console.error("It is not what is in the tree: run deno task page");
  }
  Deno.exit(isSame && bytes <= maxBytes ? 0 : 1);
}
