/** Tests of the page in a real browser. */
import assert from "node:assert/strict";
import process from "node:process";
import axe from "axe-core";
import { launch } from "./launch.mjs";

const [executablePath, url] = process.argv.slice(2);
const browser = await launch(executablePath);

/** The time limit for anything on the page, in milliseconds. */
const timeoutMs = 5000;

/** The only files that the page may request. */
const ownFiles = new Set(
  ["", "style.css", "icon.svg", "playground.js", "videorooms.js"]
    .map((name) => new URL(name, url).href),
);

/** What all tabs have requested, and what they have written to the console. */
const requested = [];
const reported = [];

/** Tabs by their options: reloading is faster than a new browser context. */
const tabs = new Map();

async function newTab(options, messages, blocked) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(timeoutMs);
  context.on("request", (request) => requested.push(request.url()));
  context.on("console", (message) => messages.push(message.text()));
  context.on("weberror", (error) => messages.push(String(error.error())));
  if (blocked) await context.route(blocked, (route) => route.abort());
  await context.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, value } of list.getEntries()) {
        if (!hadRecentInput) globalThis.shift += value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return context.newPage();
}

/**
 * Opens the page, and returns it with helpers to use and read it.
 *
 * @param options Options of the browser context.
 * @param messages Receives what the page writes to the console.
 * @param blocked A pattern of files that do not load.
 */
async function open(options = {}, messages = reported, blocked) {
  const key = JSON.stringify([options, messages === reported, blocked]);
  const tab = tabs.get(key) ?? await newTab(options, messages, blocked);
  tabs.set(key, tab);
  await tab.goto(url);
  const text = (selector) =>
    tab.locator(selector).evaluateAll((found) =>
      found.map(({ textContent }) => textContent.trim())
    );
  const settled = () => tab.waitForSelector('#abort[aria-disabled="true"]');
  return {
    tab,
    text,
    settled,
    choose: (name) => tab.getByRole("radio", { name }).check(),
    faults: async (...names) => {
      for (const [i, name] of names.entries()) {
        await tab.selectOption(`#fault-${i + 1}`, name);
      }
    },
    lookUp: async () => {
      await tab.click("#send");
      await settled();
    },
    /** The results in the table of attempts. */
    attempts: async () => {
      const cells = await text("#attempts td");
      return cells.filter((_, i) => i % 3 === 0);
    },
  };
}

const themes = ["light", "dark"];

const cases = {
  "a room is created, a token is minted, and someone joins with it":
    async () => {
      const { tab, text, choose, lookUp } = await open();
      const call = async (name) => {
        await choose(name);
        await lookUp();
      };
      const press = (name) => tab.getByRole("button", { name }).click();
      await tab.fill("#name", "Offsite");
      await call("Create a room");
      assert.match((await text("#status"))[0], /^Created Offsite\. 1 attempt,/);
      assert(await tab.getByRole("radio", { name: "Offsite" }).isChecked());
      assert.match(
        (await text("#code"))[0],
        /createRoom.*unique_name: "Offsite"/,
      );
      await call("Mint a join token");
      assert.match((await text("#status"))[0], /^Minted a token\. 1 attempt,/);
      assert.match(
        (await text("#outcome"))[0],
        /"token": "ey.*"refresh_token"/s,
      );
      await press("Someone joins");
      assert.match(
        (await text("#changed"))[0],
        /^Ada has joined with the token/,
      );
      await call("Look up the room");
      assert.match((await text("#outcome dl"))[0], /In the roomAda/);
      await press("Session ends");
      await tab.locator("#changed", { hasText: "has ended" }).waitFor();
      const [requests] = await text("#requests");
      assert.deepEqual(
        requests.split("\n").map((line) =>
          line.replaceAll(/[\da-f-]{36}/g, "*")
        ),
        [
          '201 POST /v2/rooms {"unique_name":"Offsite"}',
          "201 POST /v2/rooms/*/actions/generate_join_client_token {}",
          "200 GET /v2/rooms/*?include_sessions=true",
          "200 POST /v2/room_sessions/*/actions/end",
        ],
      );
    },

  "a creation without a response says that the room may exist": async () => {
    const { tab, text, choose, faults, lookUp, attempts } = await open();
    await choose("Create a room");
    await faults("broken");
    await lookUp();
    assert.match((await text("#outcome .message"))[0], /may have been/);
    assert.equal((await attempts())[1], "not made");
    await faults("");
    await lookUp();
    assert.deepEqual(await text("#outcome .headline *"), [
      "ApiError",
      "unprocessable",
    ]);
    assert(await tab.getByRole("radio", { name: "Retro" }).isVisible());
  },

  "getRoom() shows the room, and its sessions on a time axis": async () => {
    const { tab, text, lookUp, attempts } = await open();
    await lookUp();
    assert.deepEqual(await text("#outcome .headline strong"), ["Stand-up"]);
    assert.match((await text("#outcome dl"))[0], /In the roomAlice, Carol/);
    assert.equal(await tab.locator("#timeline rect").count(), 7);
    const list = (await text("#outcome details ul")).join(" ");
    assert.match(list, /Alice: 42 min so far/);
    assert.deepEqual(await attempts(), ["200", "not made", "not made"]);
    assert.match((await text("#status"))[0], /^Found Stand-up: in session\. 1/);
  },

  "each sample room is shown with its fields": async () => {
    const { text, choose, lookUp } = await open();
    const shown = {
      "Town hall": /In session.*Recordingon.*hooks\.example\.com.*25 s for/s,
      "Book club": /Idle.*In the roomnobody/s,
      "A room without a name": /a0f4d8b2-\S+Idle.*There are none yet/s,
    };
    for (const [name, expected] of Object.entries(shown)) {
      await choose(name);
      await lookUp();
      assert.match((await text("#outcome"))[0], expected);
    }
  },

  "after one 503, two attempts and the room are shown": async () => {
    const { tab, text, faults, lookUp, attempts } = await open();
    await faults("unavailable");
    await lookUp();
    assert.deepEqual(
      await attempts(),
      ["503 server_error", "200", "not made"],
    );
    assert.match((await text("#attempts td"))[2], /^waits \d/);
    assert.equal(await tab.locator("#attempt-chart rect.bad").count(), 1);
    assert.equal(await tab.locator("#attempt-chart rect.good").count(), 1);
    assert.deepEqual(await text("#outcome .headline strong"), ["Stand-up"]);
  },

  "an unknown id shows not_found, and what to do": async () => {
    const { text, choose, lookUp } = await open();
    await choose("No such room");
    await lookUp();
    assert.deepEqual(await text("#outcome .headline *"), [
      "ApiError",
      "not_found",
    ]);
    const [outcome] = await text("#outcome");
    assert.match(outcome, /What to do/);
    assert.match(outcome, /status404/);
    assert.match(outcome, /10005/);
    assert.match((await text("#status"))[0], /^Failed: not_found\. 1 attempt,/);
  },

  "an id that is not a UUID is rejected without an attempt": async () => {
    const { text, choose, lookUp, attempts } = await open();
    await choose("Not a UUID");
    await lookUp();
    assert.match((await text("#outcome"))[0], /invalid_argument/);
    assert.deepEqual(await attempts(), ["not made", "not made", "not made"]);
  },

  "a field of the wrong type is shown with its pointer": async () => {
    const { text, faults, lookUp } = await open();
    await faults("wrongType");
    await lookUp();
    assert.match((await text("#outcome"))[0], /"\/data\/max_participants"/);
  },

  "an abort ends a call whose body stalls": async () => {
    const { tab, text, faults, settled, attempts } = await open();
    await tab.fill("#attempt-timeout", "8000");
    await faults("stalled");
    await tab.click("#send");
    await tab.waitForSelector("#attempt-chart rect.waiting");
    assert.equal((await attempts())[0], "waiting");
    await tab.click("#abort");
    await settled();
    assert.equal((await attempts())[0], "aborted");
    assert.match((await text("#outcome"))[0], /AbortError/);
    assert.match((await text("#status"))[0], /^Aborted\. 1 attempt,/);
  },

  "a stalled body times out after the chosen attemptTimeoutMs": async () => {
    const { tab, text, faults, lookUp } = await open();
    await tab.fill("#attempt-timeout", "100");
    await tab.selectOption("#max-attempts", "1");
    await faults("stalled");
    await lookUp();
    assert.match((await text("#outcome"))[0], /timeout.*waitingFor"body"/s);
  },

  "the code follows the options, and can be copied": async () => {
    const { tab, text, choose } = await open();
    await tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await choose("A room without a name");
    await tab.uncheck("#include-sessions");
    await tab.fill("#timeout", "");
    await tab.fill("#attempt-timeout", "700");
    await tab.selectOption("#max-attempts", "1");
    const expected = "const room = await getRoom(fetch, token, " +
      '"a0f4d8b2-6f0e-4c55-b1f6-2f6b0c9be832", {\n' +
      "  attemptTimeoutMs: 700,\n  retry: false,\n});";
    assert.deepEqual(await text("#code"), [expected]);
    await tab.click("#copy");
    await tab.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await tab.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, expected);
  },

  "a change of the room shows in the next getRoom()": async () => {
    const { tab, text, lookUp } = await open();
    await lookUp();
    const press = (name) => tab.getByRole("button", { name }).click();
    await press("Someone joins");
    assert.match((await text("#changed"))[0], /^Ada has joined/);
    await press("Someone leaves");
    await press("Toggle recording");
    assert.match((await text("#outcome dl"))[0], /Alice, Carol/);
    await lookUp();
    assert.match((await text("#outcome dl"))[0], /Carol, Ada.*Recordingon/);
    await press("Session ends");
    await lookUp();
    assert.match((await text("#outcome"))[0], /Idle/);
  },

  "the keyboard is enough to send and abort, and keeps the focus": async () => {
    const { tab, text, faults, settled } = await open();
    const focused = () =>
      tab.evaluate(() => {
        const { outlineStyle } = getComputedStyle(document.activeElement);
        const { id, value } = document.activeElement;
        return { id, value, visible: outlineStyle !== "none" };
      });
    await tab.keyboard.press("Tab");
    await tab.keyboard.press("ArrowDown");
    assert.deepEqual(await focused(), {
      id: "",
      value: "c5ad6f5a-4f63-4f0b-9a7e-0d3b8a1d2f10",
      visible: true,
    });
    for (let i = 0; i < 20 && (await focused()).id !== "send"; i++) {
      await tab.keyboard.press("Tab");
      assert((await focused()).visible);
    }
    await tab.keyboard.press("Space");
    await settled();
    assert.deepEqual(await text("#outcome .headline strong"), ["Town hall"]);
    assert.equal((await focused()).id, "send");

    await faults("stalled");
    await tab.focus("#send");
    await tab.keyboard.press("Enter");
    await tab.waitForSelector("#attempt-chart rect.waiting");
    assert.equal((await focused()).id, "send");
    await tab.keyboard.press("Tab");
    assert.equal((await focused()).id, "abort");
    await tab.keyboard.press("Enter");
    await settled();
    assert.match((await text("#outcome"))[0], /AbortError/);
    assert.equal((await focused()).id, "abort");
  },

  "nothing overflows from 320 px up, in either theme": async () => {
    for (const colorScheme of themes) {
      const { tab, faults, lookUp } = await open({ colorScheme });
      for (const fault of ["", "unauthorized"]) {
        await faults(fault);
        await lookUp();
        for (const width of [320, 360, 768, 1280]) {
          await tab.setViewportSize({ width, height: 800 });
          const over = await tab.evaluate(() =>
            document.documentElement.scrollWidth -
            document.documentElement.clientWidth
          );
          assert(over <= 0, `${over} px at ${width} px, ${colorScheme}`);
        }
      }
    }
  },

  "the theme follows the system setting": async () => {
    const light = [];
    for (const colorScheme of themes) {
      const { tab } = await open({ colorScheme });
      const color = await tab.evaluate(() =>
        getComputedStyle(document.body).backgroundColor
      );
      light.push(Number(/\d+/.exec(color)) > 127);
    }
    assert.deepEqual(light, [true, false]);
  },

  "axe finds no violation with a room, an error or a token, in either theme":
    async () => {
      for (const colorScheme of themes) {
        const { tab, choose, faults, lookUp } = await open({ colorScheme });
        // The page's policy forbids script tags, but not evaluate()
        await tab.evaluate(axe.source);
        const check = async (state) => {
          const { violations } = await tab.evaluate(() =>
            globalThis.axe.run({ preload: false })
          );
          const found = violations.map(({ id, nodes }) =>
            `${id}: ${nodes.map(({ html }) => html).join(", ")}`
          );
          assert.deepEqual(found, [], `${state}, ${colorScheme}`);
        };
        await lookUp();
        await tab.locator("#outcome summary").first().click();
        await check("with a room");
        await faults("unauthorized");
        await lookUp();
        await check("with an error");
        await faults("");
        await choose("Mint a join token");
        await lookUp();
        await check("with a token");
      }
    },

  "the layout does not shift while attempts are made": async () => {
    for (const width of [360, 1280]) {
      const { tab, faults, settled } = await open({
        viewport: { width, height: 800 },
      });
      // A shift within half a second of a click does not count
      await faults("rateLimited");
      await tab.click("#send");
      await tab.locator("#attempts-title").scrollIntoViewIfNeeded();
      await tab.waitForSelector("#attempt-chart rect.wait");
      await settled();
      const shift = await tab.evaluate(() => globalThis.shift);
      assert(shift < 0.01, `${shift} at ${width} px`);
    }
  },

  "with reduced motion, nothing is redrawn between events": async () => {
    for (const reducedMotion of ["no-preference", "reduce"]) {
      const { tab, faults } = await open({ reducedMotion });
      await faults("stalled");
      await tab.click("#send");
      await tab.waitForSelector("#attempt-chart rect.waiting");
      const drawn = await tab.evaluate(async () => {
        let count = 0;
        const observer = new MutationObserver(() => count++);
        const chart = document.querySelector("#attempt-chart");
        observer.observe(chart, { childList: true });
        await new Promise((resolve) => setTimeout(resolve, 400));
        return count;
      });
      assert.equal(drawn > 0, reducedMotion !== "reduce", String(drawn));
    }
  },

  "without its script, the page says how to build it": async () => {
    const { text } = await open({}, [], "**/*.js");
    assert.match(
      (await text("#status"))[0],
      /deno task tool scripts\/playground/,
    );
  },

  "the page's policy blocks every request": async () => {
    const messages = [];
    const { tab } = await open({}, messages);
    const sent = await tab.evaluate(() =>
      fetch("/style.css").then(() => true, () => false)
    );
    assert.equal(sent, false);
    assert.match(messages.join(), /connect-src 'none'/);
  },

  "the page has requested only its own files": () => {
    assert(requested.includes(new URL("videorooms.js", url).href));
    assert.deepEqual(requested.filter((request) => !ownFiles.has(request)), []);
  },

  "the page has written nothing to the console": () => {
    assert.deepEqual(reported, []);
  },
};

const results = [];
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    results.push({ name });
  } catch (error) {
    results.push({ name, failure: String(error?.stack ?? error) });
  }
}
process.stdout.write(`${JSON.stringify(results)}\n`);
await browser.close();
