// Calls the caller's callback, which may be async, and may fail.
import { startTimer } from "./timer.ts";

/** Reports an error that nobody can catch, without ending the process. */
export function report(error: unknown): void {
  const reportError: unknown = Reflect.get(globalThis, "reportError");
  // Node has none; in Deno it would end the process
  const isPage = Reflect.has(globalThis, "document");
  if (isPage && typeof reportError === "function") reportError(error);
  else console.warn("A callback of @videorooms/telnyx failed:", error);
}

/**
 * Calls a callback. Returns a promise that rejects if it fails, at once or later;
 * undefined if it is done.
 */
export function tell<Event>(
  callback: ((event: Event) => unknown) | undefined,
  event: Event,
): Promise<unknown> | undefined {
  try {
    const returned = callback?.(event);
    const isThenable = typeof returned === "object" && returned !== null &&
      "then" in returned;
    return isThenable ? Promise.resolve(returned) : undefined;
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Waits `ms` milliseconds; rejects with the signal's reason if it aborts, or with
 * the callback's error if it fails meanwhile. Later, that is reported.
 */
export function sleepUnlessFailed(
  ms: number,
  signal: AbortSignal | undefined,
  told: Promise<unknown> | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let isOver = false;
    const over =
      <T extends unknown[]>(settle: (...args: T) => void) => (...args: T) => {
        isOver = true;
        settle(...args);
      };
    const stop = startTimer(ms, signal, over(resolve), over(reject));
    told?.catch((error) => {
      if (isOver) return report(error);
      stop();
      over(reject)(error);
    });
  });
}

/**
 * Rejects if the callback has failed already; an error that comes later is
 * reported, since the call does not wait for it.
 */
export function settledSoon(told: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    told.catch((error) => isOver ? report(error) : reject(error));
    // A few turns of the queue of microtasks, and no timer
    Promise.resolve().then(() => {}).then(() => {}).then(() => {
      isOver = true;
      resolve();
    });
  });
}
