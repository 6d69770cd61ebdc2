/** Joins emitted modules into few files, with all their comments, by rollup. */
import {
  type GetModuleInfo,
  type OutputOptions,
  rollup,
} from "npm:rollup@4.67.4";
import { dts } from "npm:rollup-plugin-dts@6.2.3"; // the last version for TypeScript 5

/** The comment that ends with `@module`, which rollup does not keep. */
async function moduleComment(file: string): Promise<string> {
  const code = await Deno.readTextFile(file);
  const [comment = ""] = /\/\*\*(?:(?!\*\/)[^])*@module\s*\*\//.exec(code) ??
    [];
  return comment;
}

/** `deno pack` puts code on the last line of a doc comment. */
function separateComments(code: string): string {
  return code.replaceAll(/(?<=^ *(?:(?:\/\*)?\*.*)?\*\/) (?=\S)/gm, "\n");
}

/** `deno pack` keeps the comments of types, which in JavaScript belong to nothing. */
function withoutStrayComments(code: string): string {
  return code.replaceAll(/\/\*\*(?:(?!\*\/)[^])*\*\/\s*(?=\/\*\*|$)/g, "");
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
  const options: OutputOptions = {
    banner: ({ facadeModuleId }) =>
      facadeModuleId ? moduleComment(facadeModuleId) : "",
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
        transform: (code) => withoutStrayComments(separateComments(code)),
      }]
      : [{ name: "comments", transform: separateComments }, dts()],
  });
  const { output } = await bundle.generate(options);
  return output.flatMap((file) =>
    file.type === "chunk"
      ? [[file.fileName, file.code] as [string, string]]
      : []
  );
}
