/** Serves files of a site on 127.0.0.1. */

/** The types of files, by the ends of their names. */
const types: Record<string, string> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
};

/** A file as a response, or a 404 if there is none. */
export function toResponse(
  name: string,
  body: string | Uint8Array<ArrayBuffer> | undefined,
): Response {
  if (body === undefined) return new Response("Not found\n", { status: 404 });
  const type = types[name.split(".").at(-1) ?? ""] ?? "text/plain";
  return new Response(body, { headers: { "content-type": type } });
}

/** Serves a folder below `base`, to which `/` redirects. */
export function serveFolder(
  dir: string,
  base: string,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async ({ url }) => {
      const { pathname } = new URL(url);
      if (!pathname.startsWith(base)) {
        return new Response(null, { status: 302, headers: { location: base } });
      }
      const path = decodeURI(pathname).slice(base.length - 1)
        .replace(/\/$/, "/index.html");
      const body = await Deno.readFile(dir + path).catch(() => undefined);
      return toResponse(path, body);
    },
  );
}
