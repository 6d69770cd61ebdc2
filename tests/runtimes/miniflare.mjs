/** Runs the bundled worker in workerd, through miniflare. */
import { readFile } from "node:fs/promises";
import process from "node:process";
import { Miniflare } from "miniflare";

const [scriptPath, origin, file] = process.argv.slice(2);
const miniflare = new Miniflare({
  modules: true,
  scriptPath,
  compatibilityDate: "2025-09-01",
});
const faults = file && JSON.parse(await readFile(file));
const response = await miniflare.dispatchFetch("http://worker/", {
  method: "POST",
  body: JSON.stringify({ origin, faults }),
});
process.stdout.write(`${await response.text()}\n`);
await miniflare.dispose();
