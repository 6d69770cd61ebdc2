/**
 * `deno task tool scripts/playground.ts [--build]`: builds the scripts of the page
 * in `docs/playground/`, and serves the page until Ctrl+C. With `--build` it only
 * builds, for any server of static files.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "npm:esbuild@^0.28.2";
import { page, serve } from "./serve_playground.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

/** The entries of the module that the page uses, from source. */
const source: Record<string, string> = {
  "@videorooms/telnyx": path("../mod.ts"),
  "@videorooms/telnyx/testing": path("../lib/testing/fake_rooms.ts"),
};

/**
 * Builds the two scripts of the page: the module, and the page's own code.
 *
 * @param out The folder for the scripts.
 * @param project A folder in which the package is installed. Default: the module
 * is built from source.
 */
export async function build(out: string, project?: string): Promise<void> {
  const options = {
    bundle: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
  } as const;
  await esbuild.build({
    ...options,
    stdin: {
      contents: Object.keys(source)
        .map((name) => `export * from "${name}";`)
        .join("\n"),
      resolveDir: project ?? page,
    },
    ...project === undefined ? { alias: source } : {},
    outfile: `${out}/videorooms.js`,
  });
  await esbuild.build({
    ...options,
    entryPoints: [`${page}/playground.ts`],
    outfile: `${out}/playground.js`,
    plugins: [{
      name: "the module is a separate file",
      setup({ onResolve }) {
        onResolve({ filter: /^@videorooms\// }, () => ({
          path: "./videorooms.js",
          external: true,
        }));
      },
    }],
  });
  await esbuild.stop();
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { build: { type: "boolean", default: false } },
  });
  await build(page);
  if (values.build) {
    console.log("docs/playground/ is ready for any server of static files");
  } else {
    const { addr } = serve([page]);
    console.log(`http://127.0.0.1:${addr.port}/\nCtrl+C stops it.`);
  }
}
