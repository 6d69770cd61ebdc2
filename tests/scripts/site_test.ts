import { assert, assertEquals } from "@std/assert";
import { lock, toolsLock } from "../../scripts/registry.ts";
import { must } from "../../scripts/sh.ts";

Deno.test("The site has a page for each guide and the API, without a dead link", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await must(Deno.execPath(), [
      "run",
      lock(toolsLock),
      "--allow-env",
      "--allow-read",
      "--allow-run",
      `--allow-write=${dir}`,
      "scripts/site.ts",
      dir,
    ]);
    const pages = new Map<string, string>();
    for await (const { name } of Deno.readDir(dir)) {
      if (!name.endsWith(".html")) continue;
      pages.set(name, await Deno.readTextFile(`${dir}/${name}`));
    }
    assert(pages.has("api.html") && pages.has("recipes.html"));
    const dead: string[] = [];
    for (const [page, html] of pages) {
      for (const [, link = ""] of html.matchAll(/(?:href|src)="([^"]*)"/g)) {
        const address = link.replaceAll("&#x2F;", "/");
        if (/^https?:/.test(address)) continue;
        const { pathname, hash } = new URL(address, `https://site/${page}`);
        const file = decodeURI(pathname).slice(1) || "index.html";
        const found = await Deno.stat(`${dir}/${file}`)
          .then(() => true, () => false);
        const target = pages.get(file);
        const id = decodeURI(hash.slice(1));
        if (!found || id && target && !target.includes(`id="${id}"`)) {
          dead.push(`${page}: ${address}`);
        }
      }
    }
    assertEquals(dead, []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
