/** Runs the bundled worker in workerd, through miniflare. */
import { readFile } from "node:fs/promises";
import process from "node:process";
import { Miniflare } from "miniflare";

const [scriptPath, file] = process.argv.slice(2);
const miniflare = new Miniflare({
  modules: true,
  cf: false, // or it asks a server for one
  scriptPath,
  compatibilityDate: "2025-09-01",
});
const response = await miniflare.dispatchFetch("http://worker/", {
  method: "POST",
  body: await readFile(file),
});
process.stdout.write(`${await response.text()}\n`);
await miniflare.dispose();
