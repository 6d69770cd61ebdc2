/**
 * Runs the cases in Chromium. A server on loopback has the page and the files of
 * the package, and an import map has the names that users import.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import process from "node:process";
import { launch } from "./launch.mjs";

const [executablePath, packageRoot, casesFile, origin] = process.argv.slice(2);
const page = `<!doctype html><meta charset="utf-8"><title>cases</title>
<script type="importmap">{"imports": {
  "@videorooms/telnyx": "/package/mod.js",
  "@videorooms/telnyx/core": "/package/lib/core/mod.js",
  "@videorooms/telnyx/node": "/package/lib/client/node.js",
  "@videorooms/telnyx/testing": "/package/lib/testing/fake_rooms.js"
}}</script>
<script type="module">
  import * as main from "@videorooms/telnyx";
  import * as core from "@videorooms/telnyx/core";
  import * as testing from "@videorooms/telnyx/testing";
  import { runCases } from "/cases.js";
  const loadNode = () => import("@videorooms/telnyx/node");
  globalThis.run = (origin) =>
    runCases({ main, core, testing, loadNode, origin });
</script>`;

const server = createServer(async ({ url = "/" }, response) => {
  try {
    if (url === "/") {
      response.setHeader("content-type", "text/html").end(page);
      return;
    }
    const file = url === "/cases.js"
      ? casesFile
      : `${packageRoot}/${url.slice("/package/".length)}`;
    const text = await readFile(file);
    response.setHeader("content-type", "text/javascript").end(text);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await launch(executablePath);
const tab = await browser.newPage();
await tab.goto(`http://127.0.0.1:${server.address().port}/`);
await tab.waitForFunction(() => globalThis.run);
const results = await tab.evaluate((origin) => globalThis.run(origin), origin);
process.stdout.write(`${JSON.stringify(results)}\n`);
await browser.close();
server.close();
