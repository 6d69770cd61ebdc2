import { fileURLToPath } from "node:url";

/** The page's folder. */
export const page: string = fileURLToPath(
  new URL("../docs/playground", import.meta.url),
);

/** The files of the page, and their types. */
export const files: Record<string, string> = {
  "index.html": "text/html; charset=utf-8",
  "style.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
  "playground.js": "text/javascript; charset=utf-8",
  "videorooms.js": "text/javascript; charset=utf-8",
};

const notFound = () => new Response("Not found\n", { status: 404 });

/**
 * Serves only the files of the page, on 127.0.0.1.
 *
 * @param dirs The folders of the files; the first that has a file serves it.
 */
export function serve(dirs: string[]): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async ({ url }) => {
      const name = new URL(url).pathname.slice(1) || "index.html";
      if (!Object.hasOwn(files, name)) return notFound();
      const headers = {
        "content-type": files[name] ?? "",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      };
      for (const dir of dirs) {
        const bytes = await Deno.readFile(`${dir}/${name}`).catch(() => null);
        if (bytes) return new Response(bytes, { headers });
      }
      return notFound();
    },
  );
}
