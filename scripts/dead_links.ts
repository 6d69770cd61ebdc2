/** Finds links of a built site that lead nowhere. */
import { readdir } from "node:fs/promises";

/**
 * Links and pictures in the pages of `dir` that lead to no file, or to no heading,
 * as `page: link`. `base` is the path of the site on its host.
 */
export async function deadLinks(dir: string, base: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true });
  const files = new Set(names.map((name) => `/${name.replaceAll("\\", "/")}`));
  const pages = new Map<string, { html: string; ids: Set<string> }>();
  for (const file of files) {
    if (!file.endsWith(".html")) continue;
    const html = await Deno.readTextFile(dir + file);
    const ids = html.matchAll(/ id="([^"]*)"/g);
    pages.set(file, { html, ids: new Set([...ids].map(([, id = ""]) => id)) });
  }
  const dead = new Set<string>();
  for (const [page, { html }] of pages) {
    for (const [, link = ""] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
      const { origin, pathname, hash } = new URL(
        link.replaceAll("&amp;", "&"),
        `http://site${base.slice(0, -1)}${page}`,
      );
      if (origin !== "http://site") continue;
      const path = decodeURI(pathname).replace(base, "/")
        .replace(/\/$/, "/index.html");
      const id = decodeURIComponent(hash.slice(1));
      const ids = pages.get(path)?.ids;
      if (!files.has(path) || id !== "" && ids && !ids.has(id)) {
        dead.add(`${page}: ${link}`);
      }
    }
  }
  return [...dead];
}
