import process from "node:process";
import { chromium } from "playwright-core";

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

/** Runs the cases, prints how each went, and closes the browser. */
export async function runInBrowser(browser, cases) {
  const results = [];
  for (const [name, run] of Object.entries(cases)) {
    const failure = await Promise.resolve().then(run).then(
      () => undefined,
      (error) => String(error?.stack ?? error),
    );
    results.push({ name, ...failure && { failure } });
    // Pages that stay open would slow the next ones down
    for (const context of browser.contexts()) await context.close();
  }
  process.stdout.write(`${JSON.stringify(results)}\n`);
  await browser.close();
}
