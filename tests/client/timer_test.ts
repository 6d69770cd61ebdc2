import { assert, assertEquals, assertRejects } from "@std/assert";
import { sleep, startTimer } from "../../lib/client/timer.ts";
import { countedSignal } from "../support/signals.ts";

Deno.test("startTimer() calls onTimeout once, and leaves no listener", async () => {
  const { signal, listeners } = countedSignal();
  await new Promise<void>((resolve, reject) =>
    startTimer(1, signal, resolve, reject)
  );
  assertEquals(listeners(), 0);
});

Deno.test("startTimer() calls onAbort on an abort, and leaves no timer", () => {
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

Deno.test("startTimer() leaves neither timer nor listener when it is stopped", () => {
  const { signal, listeners, abort } = countedSignal();
  const fail = () => {
    throw new Error("It was called");
  };
  startTimer(60_000, signal, fail, fail)();
  abort("late");
  assertEquals(listeners(), 0);
});

Deno.test("sleep() resolves after ms", async () => {
  const began = performance.now();
  await sleep(20);
  assert(performance.now() - began >= 18);
});

Deno.test("sleep() rejects with the reason of an abort before or during the wait", async () => {
  const reason = new Error("enough");
  const { signal, abort } = countedSignal();
  setTimeout(() => abort(reason), 1);
  assertEquals(await assertRejects(() => sleep(60_000, signal)), reason);
  assertEquals(await assertRejects(() => sleep(60_000, signal)), reason);
});
