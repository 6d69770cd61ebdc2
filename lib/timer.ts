/**
 * Calls one of two functions, once: `onTimeout` after `ms` milliseconds, or
 * `onAbort` when `signal` aborts before that. Returns what stops it; afterwards
 * no timer and no listener is left, whichever of the three it was.
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

/** Waits, and rejects with the signal's reason when it aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    startTimer(ms, signal, resolve, reject);
  });
}
