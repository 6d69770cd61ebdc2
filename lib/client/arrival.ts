// Waits for what a host has to send, with one timer for all waits: to start and
// stop one for each piece of a file takes a fifth of the time that reading it takes
// in Node.

/** What a wait resolves to when its time is over. */
export const late: unique symbol = /* @__PURE__ */ Symbol("late");

/** A wait. It may be over already. */
export interface Waiting {
  /** Until when it lasts, by `performance.now()`. */
  by: number;
  /** Ends it at that time. */
  giveUp(value: typeof late): void;
  /** Ends it when it is aborted. */
  reject(reason: unknown): void;
}

/** Makes the function that begins a wait, in place of the one before. */
export function waitsUntil(signal: AbortSignal): (next: Waiting) => void {
  let waiting: Waiting | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = (from: number, by: number) => {
    timer = setTimeout(() => {
      timer = undefined;
      if (!waiting) return;
      // Not compared with the clock, which a test may have left as it is
      if (waiting.by - by < 1) waiting.giveUp(late);
      else start(by, waiting.by);
    }, by - from);
  };
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    waiting?.reject(signal.reason);
  }, { once: true });
  return (next) => {
    waiting = next;
    if (timer !== undefined) return;
    const now = performance.now();
    // What is there already would always come before a timer
    if (next.by <= now) next.giveUp(late);
    else start(now, next.by);
  };
}
