import { fileURLToPath } from "node:url";

/** The page's folder. */
export const page: string = fileURLToPath(
  new URL("../docs/playground", import.meta.url),
);

/** What the page is made of, and what each file is. */
export const files: Record<string, string> = {
  "index.html": "text/html; charset=utf-8",
  "style.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
  "playground.js": "text/javascript; charset=utf-8",
  "videorooms.js": "text/javascript; charset=utf-8",
};

/**
 * Serves the page on 127.0.0.1: its own files by name, and nothing else.
 *
 * @param dirs Where its files are; the first folder that has one gives it.
 * @param port The port; 0 for any that is free.
 */
export function serve(
  dirs: string[],
  port: number,
): Deno.HttpServer<Deno.NetAddr> {
  async function read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    for (const dir of dirs) {
      const bytes = await Deno.readFile(`${dir}/${name}`).catch(() => null);
      if (bytes) return bytes;
    }
    return null;
  }

  return Deno.serve(
    { hostname: "127.0.0.1", port, onListen: () => {} },
    async ({ method, url }) => {
      const name = new URL(url).pathname.slice(1) || "index.html";
      const type = Object.hasOwn(files, name) ? files[name] : undefined;
      const body = type === undefined ? null : await read(name);
      if (type === undefined || !body) {
        return new Response("Not found\n", { status: 404 });
      }
      if (method !== "GET" && method !== "HEAD") {
        return new Response(null, { status: 405, headers: { allow: "GET" } });
      }
      return new Response(method === "HEAD" ? null : body, {
        headers: {
          "content-type": type,
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
        },
      });
    },
  );
}
