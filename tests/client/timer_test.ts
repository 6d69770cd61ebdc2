import { assertEquals, assertRejects } from "@std/assert";
import { sleep, startTimer } from "../../lib/client/timer.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { getRoom, getRooms, watchRoom } from "../../mod.ts";
import { someRooms } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { after, test } from "../support/virtual_time.ts";

/** Starts a timer of a minute; returns what it calls, and what stops it. */
function started(signal: AbortSignal) {
  const calls: unknown[] = [];
  const call = (reason: unknown = "timeout") => void calls.push(reason);
  return { calls, stop: startTimer(60_000, signal, call, call) };
}

test("startTimer() calls onTimeout once, and leaves no listener", async (clock) => {
  const { signal, listeners } = countedSignal();
  const { calls } = started(signal);
  await clock.tickAsync(200_000);
  assertEquals([calls, listeners()], [["timeout"], 0]);
});

test("startTimer() calls onAbort on an abort, and leaves neither timer nor listener then, or when it is stopped", () => {
  const { signal, listeners, abort } = countedSignal();
  const timers = Array.from({ length: 100 }, () => started(signal));
  assertEquals(listeners(), 1); // all share one
  for (const { stop } of timers.slice(2)) stop();
  timers.at(-1)?.stop(); // a second time changes nothing
  abort("enough");
  const calls = timers.map(({ calls }) => calls.join());
  assertEquals(calls, ["enough", "enough", ...Array(98).fill("")]);
  assertEquals(listeners(), 0);
});

test("startTimer() can be stopped twice, also when another timer has started meanwhile", () => {
  const { signal, abort } = countedSignal();
  const first = started(signal);
  first.stop();
  const second = started(signal);
  first.stop();
  abort("enough");
  assertEquals([first.calls, second.calls], [[], ["enough"]]);
});

test("sleep() rejects with the reason of an abort before or during the wait", async () => {
  const reason = new Error("enough");
  const { signal, abort } = countedSignal();
  setTimeout(() => abort(reason), 1);
  assertEquals(await assertRejects(() => sleep(60_000, signal)), reason);
  assertEquals(await assertRejects(() => sleep(60_000, signal)), reason);
});

/** A signal that hands on what it is asked to another one, as a wrapper does. */
function wrapped(signal: AbortSignal): AbortSignal {
  const get = (_: AbortSignal, name: string) => {
    const value: unknown = Reflect.get(signal, name);
    return typeof value === "function" ? value.bind(signal) : value;
  };
  return new Proxy(signal, { get });
}

test("sleep() hears of an abort by whatever calls its listener", async () => {
  const { signal, abort, listeners } = countedSignal();
  setTimeout(() => abort("enough"), 1);
  const reason = await sleep(60_000, wrapped(signal)).catch((e) => e);
  assertEquals([reason, listeners()], ["enough", 0]);
});

test("sleep() ends, although its listener cannot be removed", async (clock) => {
  const { signal } = new AbortController();
  signal.removeEventListener = () => {
    throw new Error("removed");
  };
  await sleep(1000, signal);
  assertEquals(clock.countTimers(), 0);
});

test("sleep() waits as long as it should, also longer than a single timer can", async (clock) => {
  for (const ms of [0, 20, 30 * 86_400_000]) {
    const began = clock.now;
    await sleep(ms);
    assertEquals(clock.now - began, ms);
  }
});

test("getRoom(), getRooms() and watchRoom() share one listener of a signal, of which Node would warn otherwise", async () => {
  const { signal, listeners, abort } = countedSignal();
  const rooms = someRooms(20);
  const fake = fakeRooms({ rooms });
  fake.fault({ delayMs: 5 }, 60);
  const opts = { signal, concurrency: 20 };
  const ids = rooms.map(({ id }) => id);
  const results = getRooms(fake.fetch, "any", ids, opts);
  const calls = [
    ...ids.map((id) => getRoom(fake.fetch, "any", id, { signal })),
    results.next(),
    ...ids.map((id) => watchRoom(fake.fetch, "any", id, { signal }).next()),
  ];
  const settled = Promise.allSettled(calls);
  await after(1);
  assertEquals(listeners(), 1);
  await after(100);
  assertEquals(listeners(), 1);
  abort();
  await settled;
  await results.next().catch(() => {});
  assertEquals(listeners(), 0);
});
