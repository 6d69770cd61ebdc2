import { assert } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";

/** A clock that a test may ask and move. */
export type Clock = ReturnType<typeof FakeTimers.install>;

/** More turns than any test takes. */
const mostTurns = 50_000;

/** After so many turns without a timer, what is waited for is a disk, or nothing. */
const [idleTurns, mostIdleTurns] = [1000, 10_000];

const { setTimeout: realSetTimeout } = globalThis;

/**
 * Runs a test in virtual time: whenever it only waits for a timer, that one fires.
 * So the load of the machine changes nothing, and no timer may be left at the end.
 */
export async function inVirtualTime<T>(
  run: (clock: Clock) => Promise<T>,
): Promise<T> {
  const clock = FakeTimers.install({ now: Date.UTC(2026, 0, 1) });
  try {
    let isOver = false;
    const end = () => isOver = true;
    const result = run(clock);
    result.then(end, end);
    for (let [turn, idle] = [0, 0]; !isOver; turn++) {
      const isStuck = turn >= mostTurns || idle >= mostIdleTurns;
      assert(!isStuck, "it waits for something that never comes");
      await clock.nextAsync();
      idle = clock.countTimers() === 0 ? idle + 1 : 0;
      if (idle > idleTurns) {
        await new Promise((resolve) => realSetTimeout(resolve, 1));
      }
    }
    const value = await result;
    assert(clock.countTimers() === 0, "a timer is left");
    return value;
  } finally {
    clock.uninstall();
  }
}

/** A test that runs in virtual time. */
export function test(
  name: string,
  run: (clock: Clock) => void | Promise<void>,
): void {
  Deno.test(name, () => inVirtualTime(async (clock) => await run(clock)));
}

/** Waits so many milliseconds. */
export const after = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
