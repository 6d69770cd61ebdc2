/**
 * Calls one of two functions, once: `ring` after `ms` milliseconds, or
 * `abort` when `signal` aborts before that. Returns what calls it off;
 * afterwards no timer and no listener is left, whichever of the three it was.
 */
export function alarm(
  ms: number,
  signal: AbortSignal | undefined,
  ring: () => void,
  abort: (reason: unknown) => void,
): () => void {
  const off = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  };
  const onAbort = () => {
    off();
    abort(signal?.reason);
  };
  const timer = setTimeout(() => {
    off();
    ring();
  }, ms);
  signal?.addEventListener("abort", onAbort);
  return off;
}

/** Waits, and rejects with the signal's reason when it aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    alarm(ms, signal, resolve, reject);
  });
}
