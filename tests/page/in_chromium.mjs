/**
 * Tests the page of the fake in Chromium, and the playground: the fake is served by
 * the installed command, watched by another process, and has a receiver.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { flaws, launch, openTab, reported, runInBrowser } from "./launch.mjs";

const [executablePath, folder, playground] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${folder}/${file}`).href);
const { getRoom, parseWebhook } = await load("mod.js");
const { fakeRooms } = await load("lib/testing/fake_rooms.js");
const command = `${folder}/lib/cli/main.js`;

const room = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

/** Waits until a function returns something, for a minute at least. */
async function until(find) {
  for (let waits = 0; waits < 1200; waits++) {
    const found = find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It did not come: ${find}`);
}

const children = [];

/** Runs the command; returns what it has printed so far. */
function run(...args) {
  let output = "";
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, TELNYX_API_KEY: "any", NO_COLOR: "1" },
    timeout: 580_000,
  });
  children.push(child);
  const printed = () => output;
  printed.stop = async () => {
    child.kill();
    await once(child, "close");
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => output += piece);
  }
  return printed;
}

/** The events that the receiver has verified. */
const received = [];
const receiver = createServer(async (request, response) => {
  const delivery = {
    headers: request.headers,
    body: ReadableStream.from(request),
  };
  received.push(await parseWebhook(delivery, fakeRooms().publicKey));
  response.end();
});
await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
const hook = `http://127.0.0.1:${receiver.address().port}/`;

const serving = run("serve", "--port", "0", "--webhooks", hook);
const [, baseUrl] = await until(() => / on (\S+);/.exec(serving()));
const url = baseUrl.replace("/v2", "/_fake/");
const watching = run(
  ...["watch", room, "--json", "--every", "1", "--base-url", baseUrl],
);

const browser = await launch(executablePath);
const requested = [];

/** Opens the page, or the playground. */
async function open(options = {}, address = url) {
  const viewport = { width: 1280, height: 860 };
  const tab = await openTab(browser, { viewport, ...options });
  tab.on("request", (request) => requested.push(request.url()));
  await tab.goto(address);
  await tab.locator(".room-item").first().waitFor({ state: "attached" });
  const press = (name) =>
    tab.getByRole("button", { name, exact: true }).click();
  /** Does something, and waits for a notice, which goes soon: looks in each frame. */
  const isTold = async (text, act) => {
    const told = tab.waitForFunction(
      (text) => document.querySelector(".notices").innerText.includes(text),
      text,
    );
    await Promise.all([told, act()]);
  };
  return { tab, press, isTold };
}

/** Asks a route, as `curl` does. */
async function ask(method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: { "x-fake-rooms": "1" },
    ...body && { body: JSON.stringify(body) },
  });
  assert.equal(response.status, 200);
  return await response.json();
}

/** Sends a request of a client. */
async function request(path) {
  const headers = { authorization: "Bearer MY-KEY" };
  await (await fetch(baseUrl + path, { headers })).text();
}

/** The lines of the log with this status. */
const lines = (tab, status) =>
  tab.locator(".line-button").filter({
    has: tab.locator(".status", { hasText: new RegExp(`^${status}$`) }),
  });

/** Lets somebody join the chosen room. */
async function join(tab, name) {
  await tab.getByLabel("Who joins").fill(name);
  await tab.getByRole("button", { name: "Join", exact: true }).click();
  await tab.locator(".person", { hasText: name }).waitFor();
}

/** Plays a composition, and then a recording: two seconds of video. */
async function play(tab) {
  await tab.locator(".room-item", { hasText: "all-hands" }).click();
  let before;
  for (const file of ["Composition", "video"]) {
    // Above it may be one that is still being recorded
    await tab.locator(".file-row", { hasText: file })
      .locator('[aria-label="Play"]:enabled').first().click();
    const playing = await tab.waitForFunction((before) => {
      const { src, currentTime, videoWidth, duration } =
        document.querySelector("video") ?? {};
      return src !== before && currentTime > 1 && videoWidth === 160 &&
        Math.round(duration) === 2 && src;
    }, before);
    before = await playing.jsonValue();
  }
}

const cases = {
  "who joins by the page or by a route is seen by watchRoom, and told by a signed webhook":
    async () => {
      const { tab } = await open();
      await join(tab, "Ann");
      await tab.locator(".line-button", { hasText: "participant.joined" })
        .first().waitFor();
      await tab.getByRole("button", { name: "Ann leaves" }).click();
      await until(() => received.some(({ payload }) => payload.left_reason));
      await ask("POST", "rooms/stand-up/join", { context: "Curl" });
      await tab.locator(".person", { hasText: "Curl" }).waitFor();
      for (const name of ["Ann", "Curl"]) {
        await until(() => watching().includes(`"context":"${name}"`));
        await until(() =>
          received.some(({ event_type, payload }) =>
            event_type.endsWith(".joined") && payload.context === name
          )
        );
      }
    },

  "a fault that is set in the page or by a route is met by a client, and shown":
    async () => {
      await watching.stop(); // its requests would meet the fault
      const { tab, press } = await open();
      const planned = (hasText) =>
        tab.locator(".planned", { hasText }).waitFor();
      const look = () => getRoom(fetch, "any", room, { baseUrl, retry: false });
      await tab.getByLabel("Fault", { exact: true })
        .selectOption({ label: "503 Unavailable" });
      await press("Inject");
      await planned("status 503 × 1");
      await assert.rejects(look(), { status: 503 });
      assert.equal((await look()).id, room);
      await lines(tab, 503).first().click();
      await tab.locator(".callout.fault").waitFor();
      const detail = await tab.locator(".detail").innerText();
      assert.match(detail, /GET \/rooms\/\{id\}[^]*503 after/);
      await ask("POST", "faults", { disconnect: "before-response" });
      await planned("connection broken × 1");
      await assert.rejects(look(), { code: "network" });
      await planned("No faults");
    },

  "a request is searched, shown with what was ignored, and copied as curl":
    async () => {
      const permissions = ["clipboard-read", "clipboard-write"];
      const { tab, press, isTold } = await open({ permissions });
      await request("/rooms?filter[name]=x");
      await tab.keyboard.press("/");
      await tab.keyboard.type("filter[name]");
      // The request comes by an event, and the others go
      await tab.waitForFunction(() =>
        document.querySelectorAll(".line-button").length === 1
      );
      await tab.locator(".line-button").click();
      assert.match(
        await tab.locator(".callout.ignored").innerText(),
        /filter\[name\]/,
      );
      await isTold("Command copied", () => press("Copy as curl"));
      const copied = await tab.evaluate(() => navigator.clipboard.readText());
      assert.match(copied, /^curl -g 'http:.*Bearer \$TELNYX_API_KEY"$/s);
      assert.ok(!(await tab.content()).includes("MY-KEY"));
      await tab.keyboard.press("Escape");
      await tab.locator(".detail").waitFor({ state: "detached" });
    },

  "a link shows the same room and request, in another browser and after a reload":
    async () => {
      const { tab } = await open();
      await tab.locator(".room-item", { hasText: "book-club" }).click();
      await ask("POST", "rooms/book-club/join", { context: "Link" });
      await tab.getByLabel("Search the log").fill("session.started");
      await tab.locator(".line-button").first().click();
      const shown = async ({ tab }) => {
        await tab.locator(".detail .json").waitFor();
        const [room, detail, search] = await Promise.all([
          tab.locator(".room-title").innerText(),
          tab.locator(".detail-head .path").innerText(),
          tab.getByLabel("Search the log").inputValue(),
        ]);
        assert.deepEqual(
          [room, detail, search],
          ["book-club", "session.started", "session.started"],
        );
      };
      await shown({ tab });
      const other = await open({}, tab.url());
      await shown(other);
      await other.tab.reload();
      await shown(other);
      await tab.goBack();
      await tab.locator(".detail").waitFor({ state: "detached" });
      await tab.goForward();
      await shown({ tab });
      const wrong = tab.url().replace(/entry=[\d.]+/, "entry=1.5");
      const lost = await open({}, wrong);
      await lost.tab.getByText("not in the log any more").waitFor();
    },

  "JSON can be folded by the keyboard, and j and k step through the log":
    async () => {
      const { tab, press } = await open();
      for (const search of ["fold-me", "fold-me-too"]) {
        await request(`/rooms?include_sessions=true&x=${search}`);
      }
      await tab.getByLabel("Search the log").fill("fold-me");
      await tab.locator(".line-button").nth(1).waitFor();
      await tab.locator(".line-button").first().click();
      const path = tab.locator(".detail-head .path");
      assert.match(await path.innerText(), /fold-me-too$/);
      await tab.keyboard.press("j");
      await tab.waitForFunction(() =>
        /fold-me$/.test(document.querySelector(".detail-head .path").innerText)
      );
      // The details take the focus once they are painted
      await tab.evaluate(() => document.activeElement.blur());
      await tab.keyboard.press("k");
      await tab.locator(".detail-head button:focus").waitFor();
      const data = tab.locator(".json summary", { hasText: '"data"' }).first();
      const name = tab.getByText('"stand-up"').last();
      await name.waitFor();
      await data.focus();
      await tab.keyboard.press("Enter");
      await name.waitFor({ state: "hidden" });
      await press("Unfold all: Response body");
      await name.waitFor();
    },

  "a room's log has its requests and webhooks alone": async () => {
    const { tab, press } = await open();
    await tab.locator(".room-item", { hasText: "stand-up" }).click();
    await press("Its log");
    assert.equal(await tab.getByLabel("Search the log").inputValue(), room);
    await tab.locator(".line-button", { hasText: "participant.joined" })
      .first().waitFor();
  },

  "a webhook is sent again": async () => {
    const { tab, press } = await open();
    await press("Webhooks");
    await lines(tab, 200).first().click();
    await press("Send again");
    const isSame = (one) => (other) => one !== other && one.id === other.id;
    await until(() => received.some((each) => received.some(isSame(each))));
  },

  "a composition and a recording play": async () => play((await open()).tab),

  "the session ends, the clock moves, and a reset makes it as at first":
    async () => {
      const { tab, press, isTold } = await open();
      await tab.locator(".room-item", { hasText: "interview" }).click();
      await press("End session");
      await tab.locator(".pill", { hasText: "Idle" }).waitFor();
      await isTold("The clock went forward an hour", () => press("+1 h"));
      assert.equal((await ask("GET", "state")).aheadMs, 3_600_000);
      await press("Simulate");
      await tab.locator(".simulate[aria-pressed=true]").waitFor();
      await press("Reset");
      await press("Sure?");
      await tab.locator(".simulate[aria-pressed=false]").waitFor();
      await tab.locator(".pill", { hasText: "Live" }).waitFor();
      assert.equal((await ask("GET", "state")).aheadMs, 0);
    },

  "the keyboard is enough, and shows where it is": async () => {
    const { tab } = await open();
    const seen = new Set();
    for (let i = 0; i < 60; i++) {
      await tab.keyboard.press("Tab");
      const [name, isVisible] = await tab.evaluate(() => {
        const { activeElement: it } = document;
        if (it === document.body) return [undefined, false];
        const name = it.getAttribute("aria-label") || it.innerText;
        return [name, getComputedStyle(it).outlineStyle !== "none"];
      });
      assert.ok(isVisible || name === undefined, name);
      const isFirst = !seen.has(name); // the focus may come round
      seen.add(name);
      if (name === "Who joins" && isFirst) {
        await tab.keyboard.type("Keys");
        await tab.keyboard.press("Enter");
      }
    }
    await tab.locator(".person", { hasText: "Keys" }).waitFor();
    for (const name of ["Join", "Inject", "Find a room", "Search the log"]) {
      assert.ok(seen.has(name), `${name}: ${[...seen].join()}`);
    }
  },

  "nothing overflows, and axe finds nothing, at any width, in either theme":
    async () => {
      await request("/rooms");
      for (const colorScheme of ["light", "dark"]) {
        for (const width of [360, 800, 1280]) {
          const viewport = { width, height: 800 };
          const { tab } = await open({
            viewport,
            colorScheme,
            reducedMotion: "reduce",
          });
          const line = tab.locator(".line-button", { hasText: "GET" }).first();
          for (const part of ["Rooms", "Room", "Log"]) {
            const button = tab.locator(".tabs button").filter({
              hasText: new RegExp(`^${part}$`),
            });
            if (width < 900) await button.click();
            if (part === "Log") await line.click();
            assert.deepEqual(await flaws(tab), [], part);
          }
          await tab.context().close();
        }
      }
    },

  "nothing shifts while a simulation runs": async () => {
    await ask("POST", "simulation", { on: true, seed: 5, everyMs: 60 });
    for (const width of [360, 1280]) {
      const { tab } = await open({ viewport: { width, height: 800 } });
      const newest = await tab.locator(".line-button").first()
        .getAttribute("id");
      await tab.waitForFunction(
        (least) => {
          const [, id] = document.querySelector(".line-button").id.split("-");
          return Number(id) >= least;
        },
        Number(newest.split("-")[1]) + 40,
      );
      const shift = await tab.evaluate(() => globalThis.shift);
      assert.ok(shift < 0.02, `${shift} at ${width} px`);
    }
    await ask("POST", "simulation", { on: false });
    await ask("POST", "reset");
  },

  "the playground has the fake inside it, alive": async () => {
    const { tab, press } = await open({}, playground);
    await join(tab, "Inside");
    await press("Look up");
    await tab.locator(".line-button", { hasText: "include_sessions" })
      .waitFor();
    await play(tab);
  },

  "only the fake is asked, and the browser reports nothing": () => {
    const originOf = (each) => new URL(each).origin;
    const own = ["null", originOf(url), originOf(playground)];
    const others = requested.map(originOf)
      .filter((each) => !own.includes(each));
    assert.deepEqual(others, []);
    assert.deepEqual(reported, []);
  },
};

await runInBrowser(browser, cases);
for (const child of children) child.kill();
receiver.closeAllConnections();
receiver.close();
