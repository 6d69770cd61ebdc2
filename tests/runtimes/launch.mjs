import process from "node:process";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { resultsOf } from "./results.js";

/** Starts Chromium without requests of its own. */
export function launch(executablePath) {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** What tabs have reported. */
export const reported = [];

/** Opens a tab in a context of its own; its shifts are in `globalThis.shift`. */
export async function openTab(browser, options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(30_000);
  context.on("console", (message) => reported.push(message.text()));
  context.on("weberror", (error) => reported.push(String(error.error())));
  await context.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, value } of list.getEntries()) {
        if (!hadRecentInput) globalThis.shift += value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return await context.newPage();
}

/** What axe finds in a tab, and what is too wide for it, when nothing moves. */
export async function flaws(tab) {
  await tab.evaluate(() =>
    Promise.allSettled(
      document.getAnimations()
        .filter(({ effect }) => effect.getTiming().iterations < Infinity)
        .map(({ finished }) => finished),
    )
  );
  await tab.evaluate(axe.source);
  const { violations } = await tab.evaluate(() =>
    globalThis.axe.run({ preload: false })
  );
  const over = await tab.evaluate(() =>
    document.documentElement.scrollWidth - innerWidth
  );
  const found = violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html }) => html).join(", ")}`
  );
  return over > 0 ? [`${over} px too wide`, ...found] : found;
}

/** Runs the cases, prints how each went, and closes the browser. */
export async function runInBrowser(browser, cases) {
  // Pages that stay open would slow the next ones down
  const close = async () => {
    for (const context of browser.contexts()) await context.close();
  };
  const results = await resultsOf(cases, close);
  process.stdout.write(`${JSON.stringify(results)}\n`);
  await browser.close();
}
