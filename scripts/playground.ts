/**
 * `deno task tool scripts/playground.ts [--write DIR]`: serves the playground, the
 * page of the fake with the fake inside it, until Ctrl+C. With `--write` it writes
 * its files, for any server of static files.
 */
import { parseArgs } from "node:util";
import { pageFiles } from "./page.ts";
import { toResponse } from "./serve_folder.ts";

/** What the page may do: run its script. Nothing leaves it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The files of the playground, by their names. */
export async function playgroundFiles(): Promise<Record<string, string>> {
  const files = await pageFiles("inside.tsx");
  const meta =
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const html = files["index.html"] ?? "";
  return { ...files, "index.html": html.replace("<head>", `<head>\n${meta}`) };
}

/** Writes the files of the playground into a folder, which it creates. */
export async function writePlayground(dir: string): Promise<void> {
  await Deno.mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(await playgroundFiles())) {
    await Deno.writeTextFile(`${dir}/${name}`, text);
  }
}

/** Serves the playground on 127.0.0.1. */
export async function servePlayground(): Promise<
  Deno.HttpServer<Deno.NetAddr>
> {
  const files = await playgroundFiles();
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) => {
      const name = new URL(url).pathname.slice(1) || "index.html";
      const file = Object.hasOwn(files, name) ? files[name] : undefined;
      return toResponse(name, file);
    },
  );
}

if (import.meta.main) {
  const { values: { write } } = parseArgs({
    args: Deno.args,
    options: { write: { type: "string" } },
  });
  if (write === undefined) {
    const { addr } = await servePlayground();
    console.log(`http://127.0.0.1:${addr.port}/\nCtrl+C stops it.`);
  } else {
    await writePlayground(write);
    console.log(`${write} is ready for any server of static files`);
  }
}
