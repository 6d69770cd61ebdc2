import { assert } from "@std/assert";

const root = new URL("../", import.meta.url);

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* sources(url);
    else if (name.endsWith(".ts")) yield url;
  }
}

Deno.test("lib/ imports nothing from outside, but for node: in lib/cli/", async () => {
  const files = [new URL("mod.ts", root)];
  for await (const file of sources(new URL("lib/", root))) files.push(file);
  assert(files.length > 20);
  for (const file of files) {
    // An import in a docstring's example is not one
    const code = (await Deno.readTextFile(file)).replace(/^ ?\*.*$/gm, "");
    const allowed = file.pathname.includes("/lib/cli/") ? /^(\.|node:)/ : /^\./;
    for (const [, from = ""] of code.matchAll(/\bfrom\s+"([^"]+)"/g)) {
      assert(allowed.test(from), `${file.pathname} imports ${from}`);
    }
    assert(!/\bimport\s*\(|\bDeno\./.test(code), file.pathname);
  }
});
