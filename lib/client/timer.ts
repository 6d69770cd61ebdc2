// Timers that a signal can abort.

/**
 * Calls `onTimeout` after `ms` milliseconds, or `onAbort` if `signal` aborts
 * first. Returns a function that stops it. In each of the three cases, no timer
 * or listener is left behind.
 */
export function startTimer(
  ms: number,
  signal: AbortSignal | undefined,
  onTimeout: () => void,
  onAbort: (reason: unknown) => void,
): () => void {
  const stop = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", aborted);
  };
  const aborted = () => {
    stop();
    onAbort(signal?.reason);
  };
  const timer = setTimeout(() => {
    stop();
    onTimeout();
  }, ms);
  signal?.addEventListener("abort", aborted);
  return stop;
}

/** Waits `ms` milliseconds; rejects with the signal's reason if it aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    startTimer(ms, signal, resolve, reject);
  });
}
