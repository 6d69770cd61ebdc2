import { assert } from "@std/assert";

const root = new URL("../", import.meta.url);

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* sources(url);
    else if (name.endsWith(".ts")) yield url;
  }
}

Deno.test("lib/ has no dependency: only lib/cli/ and serveRooms() use node: modules", async () => {
  const files = [new URL("mod.ts", root)];
  for await (const file of sources(new URL("lib/", root))) files.push(file);
  assert(files.length > 20);
  for (const file of files) {
    // Without the imports in docstring examples
    const code = (await Deno.readTextFile(file)).replace(/^ ?\*.*$/gm, "");
    const { pathname } = file;
    const allowed = pathname.includes("/lib/cli/") ? /^(\.|node:)/ : /^\./;
    const serves = pathname.endsWith("/serve_rooms.ts");
    for (
      const [, type, from = ""] of code.matchAll(
        /\b(?:import|export)\s+(type\b)?[^;]*?\bfrom\s+"([^"]+)"/g,
      )
    ) {
      const isFree = allowed.test(from) ||
        (serves && type && /^node:(http|net)$/.test(from));
      assert(isFree, `${pathname} imports ${from}`);
    }
    const values = code.replaceAll(/\btypeof import\(/g, "");
    assert(!/\bimport\s*\(|\bDeno\./.test(values), pathname);
  }
});
