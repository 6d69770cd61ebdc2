/** Runs the bundled worker in workerd, through miniflare. */
import process from "node:process";
import { Miniflare } from "miniflare";

const [scriptPath, origin] = process.argv.slice(2);
const miniflare = new Miniflare({
  modules: true,
  scriptPath,
  compatibilityDate: "2025-09-01",
});
const url = `http://worker/?${new URLSearchParams({ origin })}`;
const response = await miniflare.dispatchFetch(url);
process.stdout.write(`${await response.text()}\n`);
await miniflare.dispose();
