// The caller's callback may be async, and may fail.
import { startTimer } from "./timer.ts";

/** Reports an error that nobody can catch, without ending the process. */
function report(error: unknown): void {
  console.warn("A callback of @videorooms/telnyx failed:", error);
}

/** Reports it if what a callback returned fails later. */
function reportFailure(returned: unknown): void {
  Promise.resolve(returned).catch(report);
}

/** Calls a callback whose failure must not lose a result: it is reported. */
export function callSafely<Event>(
  callback: ((event: Event) => unknown) | undefined,
  event: Event,
): void {
  try {
    reportFailure(callback?.(event));
  } catch (error) {
    report(error);
  }
}

/** Waits, unless the signal aborts or what a callback returned fails. */
export function sleepUnlessFailed(
  ms: number,
  signal: AbortSignal | undefined,
  returned: unknown,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    let stop = () => {};
    // Before anything else, or its error would end the process
    Promise.resolve(returned).catch((error) => {
      if (isOver) return report(error);
      stop();
      reject(error);
    });
    const end = () => {
      isOver = true;
      resolve();
    };
    const abort = (reason: unknown) => {
      isOver = true;
      reject(reason);
    };
    if (signal?.aborted) abort(signal.reason);
    else stop = startTimer(ms, signal, end, abort);
  });
}
