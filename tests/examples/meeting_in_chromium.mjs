/** Tests the page of the meeting server in Chromium, with a fake provider. */
import assert from "node:assert/strict";
import process from "node:process";
import axe from "axe-core";
import { launch } from "./launch.mjs";

const [executablePath, url] = process.argv.slice(2);
const browser = await launch(executablePath);
const reported = [];

/** Opens the page, and joins a meeting. */
async function join(meeting, name, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(5000);
  context.on("console", (message) => {
    const text = message.text();
    // Expected by a case
    if (!text.startsWith("Failed to load resource")) reported.push(text);
  });
  context.on("weberror", (error) => reported.push(String(error.error())));
  const tab = await context.newPage();
  await tab.clock.install();
  await tab.goto(url);
  await tab.getByLabel("Meeting").fill(meeting);
  await tab.getByLabel("Your name").fill(name);
  await tab.getByRole("button", { name: "Join" }).click();
  const press = (name) => tab.getByRole("button", { name }).click();
  const says = (text) => tab.locator("#status", { hasText: text }).waitFor();
  await says(`You are in ${meeting.trim()}.`);
  /** Waits until exactly these people are in the meeting. */
  const there = (...names) =>
    tab.waitForFunction(
      (names) => document.getElementById("people").innerText === names,
      names.join("\n"),
    );
  return { context, tab, press, says, there };
}

const cases = {
  "people see each other join and leave, and the end": async () => {
    const alice = await join("Standup", "Alice");
    const bob = await join(" Standup ", "<b>Bob</b>");
    await bob.there("Alice", "<b>Bob</b>");
    await alice.tab.clock.runFor(2000);
    await alice.there("Alice", "<b>Bob</b>");
    await bob.press("Leave");
    await bob.there("Alice");
    await alice.press("End for all");
    await alice.says("The meeting has ended.");
    await alice.there();
    await alice.press("Leave");
    await alice.says("You have left.");
    await alice.press("Show recordings");
    await alice.says("There are 4 recordings.");
  },

  "the token is renewed before it expires, repeatedly": async () => {
    const { tab } = await join("Town hall", "Alice");
    for (let i = 0; i < 2; i++) {
      const refreshed = tab.waitForResponse(/\/refresh$/);
      await tab.clock.fastForward(9 * 60_000);
      assert.equal((await refreshed).status(), 200);
    }
  },

  "an error is shown": async () => {
    const { context, press, says } = await join("Book club", "Alice");
    await context.route(
      /\/end$/,
      (route) => route.fulfill({ status: 504, json: { error: "timeout" } }),
    );
    await press("End for all");
    await says("That did not work: timeout");
  },

  "it fits a phone, and axe finds nothing, in either theme": async () => {
    for (const colorScheme of ["light", "dark"]) {
      const viewport = { width: 360, height: 800 };
      const { tab } = await join("Demo", "Alice", { viewport, colorScheme });
      const over = await tab.evaluate(() =>
        document.documentElement.scrollWidth - globalThis.innerWidth
      );
      assert(over <= 0, `${over} px`);
      await tab.evaluate(axe.source);
      const { violations } = await tab.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id }) => id), []);
    }
  },

  "the browser reports nothing": () => assert.deepEqual(reported, []),
};

const results = [];
for (const [name, run] of Object.entries(cases)) {
  const failure = await Promise.resolve().then(run).then(
    () => undefined,
    (error) => String(error?.stack ?? error),
  );
  results.push({ name, ...failure && { failure } });
}
process.stdout.write(`${JSON.stringify(results)}\n`);
await browser.close();
