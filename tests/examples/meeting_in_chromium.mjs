/** Tests the page of the meeting server in Chromium, with a fake provider. */
import assert from "node:assert/strict";
import process from "node:process";
import { flaws, launch, openTab, reported, runInBrowser } from "./launch.mjs";

const [executablePath, url] = process.argv.slice(2);
const browser = await launch(executablePath);

/** Opens the page, and joins a meeting. */
async function join(meeting, name, options = {}) {
  const tab = await openTab(browser, options);
  await tab.clock.install();
  await tab.goto(url);
  await tab.getByRole("textbox", { name: "Meeting" }).fill(meeting);
  await tab.getByRole("textbox", { name: "Your name" }).fill(name);
  await tab.keyboard.press("Enter");
  const press = (name) =>
    tab.getByRole("button", { name, exact: true }).last().click();
  const says = (text) => tab.locator("#status", { hasText: text }).waitFor();
  await says(`You are in ${meeting.trim()}.`);
  /** Waits until exactly these people are in the meeting. */
  const there = (...names) =>
    tab.waitForFunction(
      (names) =>
        [...document.querySelectorAll("#people b")]
          .map(({ textContent }) => textContent).join() === names,
      names.join(),
    );
  return { tab, press, says, there };
}

const cases = {
  "people see each other join and leave, and the end, which asks": async () => {
    const alice = await join("Standup", "Alice");
    const bob = await join(" Standup ", "<b>Bob</b>");
    await bob.there("Alice", "<b>Bob</b>");
    await alice.tab.clock.runFor(2000);
    await alice.there("Alice", "<b>Bob</b>");
    assert.ok(await alice.tab.locator("#recording-mark").isVisible());
    await alice.tab.clock.runFor(65_000);
    await alice.tab.locator("#elapsed", { hasText: /^[1-9]:\d\d$/ }).waitFor();
    await alice.press("End for all");
    await alice.tab.getByText("One other leaves with you.").waitFor();
    await bob.press("Leave");
    await bob.there("Alice");
    await alice.tab.clock.runFor(2000);
    await alice.tab.getByText("Nobody else is here.").waitFor();
    await alice.tab.keyboard.press("Escape");
    await alice.there("Alice");
    await alice.press("End for all");
    await alice.tab.locator("#ask").getByText("End for all").click();
    await alice.says("The meeting has ended.");
    await alice.there();
    assert.ok(!await alice.tab.locator("#recording-mark").isVisible());
  },

  "whoever is put out is told, and may join again": async () => {
    const alice = await join("Review", "Alice");
    const bob = await join("Review", "Bob");
    await bob.there("Alice", "Bob");
    await alice.press("End for all");
    await alice.tab.locator("#ask").getByText("End for all").click();
    await alice.says("The meeting has ended.");
    await bob.tab.clock.runFor(2000);
    await bob.there();
    await bob.tab.clock.runFor(2000);
    await bob.says("The meeting has ended for you.");
    await bob.press("Join");
    await bob.there("Bob");
  },

  "a recording says who, how long and how large, and plays": async () => {
    const alice = await join("Lecture", "Alice");
    const bob = await join("Lecture", "Bob");
    await bob.press("Leave");
    await bob.says("You have left.");
    const fake = await alice.tab.locator("#fake").getAttribute("href");
    await fetch(new URL("clock", fake), {
      method: "POST",
      headers: { "x-fake-rooms": "1" },
      body: JSON.stringify({ seconds: 60 }),
    });
    await alice.tab.clock.runFor(2000);
    await alice.tab.locator("#recordings a[href]").nth(1).waitFor();
    const video = alice.tab.locator("#recordings li", { hasText: "video" });
    assert.match(
      (await video.innerText()).replaceAll(/\s+/g, " "),
      /^B Bob video · \d:\d\d · [\d.]+ MB Play$/i,
    );
    await video.getByRole("link", { name: "Play Bob, video" }).focus();
    await alice.tab.keyboard.press("Enter");
    await alice.tab.waitForFunction(() =>
      document.querySelector("video").currentTime > 0
    );
    await alice.press("Close");
    assert.ok(!(await alice.tab.content()).includes("signature="));
  },

  "the token is renewed before it expires, repeatedly": async () => {
    const { tab } = await join("Town hall", "Alice");
    await tab.evaluate(() => {
      const { setTimeout } = globalThis;
      globalThis.timers = 0;
      globalThis.setTimeout = (...args) => {
        globalThis.timers++;
        return setTimeout(...args);
      };
    });
    for (let i = 1; i <= 2; i++) {
      const refreshed = tab.waitForResponse(/\/refresh$/);
      await tab.clock.fastForward(9 * 60_000);
      assert.equal((await refreshed).status(), 200);
      // What renews it next must wait already when the clock is moved
      await tab.waitForFunction((i) => globalThis.timers === i, i);
    }
  },

  "an error is shown": async () => {
    const { press, says, tab } = await join("Book club", "Alice");
    await tab.route(
      /\/end$/,
      (route) => route.fulfill({ status: 504, json: { error: "timeout" } }),
    );
    await press("End for all");
    await tab.locator("#ask").getByText("End for all").click();
    await says("That did not work: timeout");
  },

  "the lines of the client SDK are shown": async () => {
    const { press, tab } = await join("Camera", "Alice");
    await press("Show the code");
    await tab.getByText('from "@telnyx/video"').waitFor();
    await tab.keyboard.press("Escape");
    const fake = await tab.getByText("see what the fake sees")
      .getAttribute("href");
    assert.equal((await fetch(fake)).status, 200);
  },

  "it fits, axe finds nothing and nothing shifts, at any width, in either theme":
    async () => {
      for (const colorScheme of ["light", "dark"]) {
        for (const width of [360, 1280]) {
          const viewport = { width, height: 800 };
          const meeting = `Demo ${colorScheme} ${width}`;
          const { tab, there } = await join(meeting, "Alice", {
            viewport,
            colorScheme,
          });
          const bob = await join(meeting, "Bob");
          await join(meeting, "Cora");
          await tab.clock.runFor(2000);
          await there("Alice", "Bob", "Cora");
          await bob.press("Leave");
          await tab.clock.runFor(2000);
          await there("Alice", "Cora");
          const shift = await tab.evaluate(() => globalThis.shift);
          assert.ok(shift < 0.01, `It shifts by ${shift}`);
          assert.deepEqual(await flaws(tab), []);
        }
      }
    },

  "the browser reports nothing but the error of a case": () => {
    const failed = /^Failed to load resource/;
    assert.deepEqual(reported.filter((text) => !failed.test(text)), []);
  },
};

await runInBrowser(browser, cases);
