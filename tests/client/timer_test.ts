import { assert, assertEquals, assertRejects } from "@std/assert";
import { sleep, startTimer } from "../../lib/client/timer.ts";
import { countedSignal } from "../support/signals.ts";
import { test } from "../support/virtual_time.ts";

test("startTimer() calls onTimeout once, and leaves no listener", async () => {
  const { signal, listeners } = countedSignal();
  await new Promise<void>((resolve, reject) =>
    startTimer(1, signal, resolve, reject)
  );
  assertEquals(listeners(), 0);
});

test("startTimer() calls onAbort on an abort, and leaves no timer", () => {
  const { signal, listeners, abort } = countedSignal();
  const seen: unknown[] = [];
  startTimer(
    60_000,
    signal,
    () => seen.push("timeout"),
    (reason) => seen.push(reason),
  );
  assertEquals(listeners(), 1);
  abort("enough");
  assertEquals(seen, ["enough"]);
  assertEquals(listeners(), 0);
});

test("startTimer() leaves neither timer nor listener when it is stopped", () => {
  const { signal, listeners, abort } = countedSignal();
  const fail = () => {
    throw new Error("It was called");
  };
  startTimer(60_000, signal, fail, fail)();
  abort("late");
  assertEquals(listeners(), 0);
});

test("sleep() rejects with the reason of an abort before or during the wait", async () => {
  const reason = new Error("enough");
  const { signal, abort } = countedSignal();
  setTimeout(() => abort(reason), 1);
  assertEquals(await assertRejects(() => sleep(60_000, signal)), reason);
  assertEquals(await assertRejects(() => sleep(60_000, signal)), reason);
});

test("startTimer() shares one listener among all timers of a signal", () => {
  const { signal, listeners, abort } = countedSignal();
  const seen: unknown[] = [];
  const stops = Array.from(
    { length: 100 },
    (_, i) => startTimer(60_000, signal, () => {}, () => seen.push(i)),
  );
  assertEquals(listeners(), 1);
  for (const stop of stops.slice(0, 98)) stop();
  assertEquals(listeners(), 1);
  abort();
  assertEquals(seen, [98, 99]);
  assertEquals(listeners(), 0);
});

test("startTimer() can be stopped twice, also when another timer has started meanwhile", () => {
  const { signal, abort } = countedSignal();
  const stopFirst = startTimer(60_000, signal, () => {}, () => {});
  stopFirst();
  let aborted = false;
  startTimer(60_000, signal, () => {}, () => {
    aborted = true;
  });
  stopFirst();
  abort();
  assert(aborted);
});

test("sleep() waits as long as it should, also longer than a single timer can", async (clock) => {
  for (const ms of [0, 20, 30 * 86_400_000]) {
    const began = clock.now;
    await sleep(ms);
    assertEquals(clock.now - began, ms);
  }
});
