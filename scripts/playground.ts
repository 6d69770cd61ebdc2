/**
 * `deno task playground [--build]`: builds the module for the page in
 * `docs/playground/`, and serves that until Ctrl+C. With `--build` it only
 * builds; the folder is then ready for any server of static files.
 */
import { parseArgs } from "node:util";
import { build } from "./playground/build.ts";
import { page } from "./playground/files.ts";
import { serve } from "./playground/serve.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { build: { type: "boolean", default: false } },
});

/** Where one looks first; another program may be there already. */
const usualPort = 8000;

function listen(): Deno.HttpServer<Deno.NetAddr> {
  try {
    return serve([page], usualPort);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    return serve([page], 0);
  }
}

await build(page);
if (values.build) {
  console.log("docs/playground/ is ready for any server of static files");
} else {
  const { addr } = listen();
  console.log(`http://127.0.0.1:${addr.port}/\nCtrl+C stops it.`);
}
