/** Runs the cases in Chromium, on the page `cases.html`: prints the results. */
import process from "node:process";
import { launch } from "./launch.mjs";

const [executablePath, page, origin] = process.argv.slice(2);
const browser = await launch(executablePath);
const tab = await browser.newPage();
await tab.goto(page);
await tab.waitForFunction(() => globalThis.run);
const results = await tab.evaluate((origin) => globalThis.run(origin), origin);
process.stdout.write(`${JSON.stringify(results)}\n`);
await browser.close();
