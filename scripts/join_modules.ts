/** Joins emitted modules into few files, with all their comments, by rollup. */
import { relative } from "node:path";
import {
  type GetModuleInfo,
  type OutputOptions,
  rollup,
} from "npm:rollup@4.67.4";
import { dts } from "npm:rollup-plugin-dts@6.2.3"; // the last version for TypeScript 5
import { root } from "./sh.ts";

/**
 * The comment of a module in the source, which ends with `@module`: rollup does not
 * keep it, and a declaration lacks it if the first import is gone.
 */
async function moduleComment(path: string): Promise<string> {
  const source = path.replace(/(\.d)?\.[jt]s$/, ".ts");
  const code = await Deno.readTextFile(`${root}${source}`);
  const [comment = ""] = /\/\*\*(?:(?!\*\/)[^])*@module\s*\*\//.exec(code) ??
    [];
  return comment;
}

/** Keeps the first of the comments that are this one. */
function once(comment: string, code: string): string {
  const end = code.indexOf(comment) + comment.length;
  return comment === ""
    ? code
    : code.slice(0, end) + code.slice(end).replaceAll(comment, "");
}

/**
 * What `deno pack` leaves undone: code on the last line of a doc comment, and notes
 * to the linter.
 */
function tidy(code: string): string {
  return code
    .replaceAll(
      /(?<=^ *(?:\/\*\*.*|\*.*|)\*\/)(?<!__PURE__ \*\/) (?=\S)/gm,
      "\n",
    )
    .replaceAll(/^ *\/\/ deno-lint-ignore.*\n/gm, "");
}

/** Removes the comments of types, which in JavaScript describe nothing. */
function withoutStrayComments(code: string): string {
  return code.replaceAll(
    /\/\*\*(?:(?!\*\/)[^])*\*\/\s*(?=\/\*\*|$)/g,
    "",
  );
}

/** Whether a module, or one that imports it, is the main entry. */
function isOfMain(
  id: string,
  main: string,
  getModuleInfo: GetModuleInfo,
  seen: Set<string> = new Set(),
): boolean {
  if (id === main) return true;
  seen.add(id);
  return (getModuleInfo(id)?.importers ?? []).some((importer) =>
    !seen.has(importer) && isOfMain(importer, main, getModuleInfo, seen)
  );
}

/**
 * Joins the modules below the entries: `lib/core` and `lib/client` become a file
 * each, because each file adds about 0.3 ms to an import. A module of the client
 * that the main entry does not reach stays with its own entry.
 *
 * @param emitted The folder of the modules.
 * @param entries Their paths, without extension.
 * @param extension Whether to join the code or the declarations.
 * @returns The files: their paths and texts.
 */
export async function joinModules(
  emitted: string,
  entries: string[],
  extension: ".js" | ".d.ts",
): Promise<[path: string, text: string][]> {
  const input = Object.fromEntries(
    entries.map((name) => [name, `${emitted}/${name}${extension}`]),
  );
  const ids = Object.values(input);
  const commentOf = (id: string) => moduleComment(relative(emitted, id));
  const options: OutputOptions = {
    banner: ({ facadeModuleId }) =>
      facadeModuleId ? commentOf(facadeModuleId) : "",
    chunkFileNames: `lib/[name]${extension}`,
    entryFileNames: `[name]${extension}`,
    hoistTransitiveImports: false,
    manualChunks(id, { getModuleInfo }) {
      if (ids.includes(id)) return null;
      if (id.startsWith(`${emitted}/lib/core/`)) return "core";
      const main = `${emitted}/mod${extension}`;
      const isClient = id.startsWith(`${emitted}/lib/client/`);
      return isClient && isOfMain(id, main, getModuleInfo) ? "client" : null;
    },
    minifyInternalExports: false,
  };
  const bundle = await rollup({
    input,
    external: /^node:/,
    plugins: extension === ".js"
      ? [{
        name: "comments",
        transform: (code) => withoutStrayComments(tidy(code)),
      }]
      : [{ name: "comments", transform: tidy }, dts()],
  });
  const { output } = await bundle.generate(options);
  const files: [string, string][] = [];
  for (const file of output) {
    if (file.type !== "chunk") continue;
    const comment = file.facadeModuleId
      ? await commentOf(file.facadeModuleId)
      : "";
    files.push([file.fileName, once(comment, file.code)]);
  }
  return files;
}
