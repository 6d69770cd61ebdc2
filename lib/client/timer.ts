// Timers that a signal can abort.
import { maxTimerMs } from "../core/arguments.ts";

/** The callbacks of each signal, which share one listener. */
const callbacksOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `callback` when `signal` aborts. All callbacks share one listener, since
 * Node warns about more than ten. Returns a function that stops it.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = callbacksOf.get(signal) ?? new Set();
  if (callbacks.size === 0) {
    callbacksOf.set(signal, callbacks);
    signal.addEventListener("abort", notify);
  }
  callbacks.add(callback);
  return () => {
    // Once only: by a second time, others may have come
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    callbacksOf.delete(signal);
    signal.removeEventListener("abort", notify);
  };
}

/** The listener: it is the same function for every signal. */
function notify({ target }: Event): void {
  const callbacks = callbacksOf.get(target as AbortSignal) ?? [];
  for (const callback of [...callbacks]) callback();
}

/**
 * Calls `onTimeout` after `ms` milliseconds, or `onAborted` if `signal` aborts
 * first. Returns a function that stops it. In each of the three cases, no timer
 * or listener is left behind. There is no longest time: a single timer would fire
 * at once after more than 24.8 days, so a long wait is made of several.
 */
export function startTimer(
  ms: number,
  signal: AbortSignal | undefined,
  onTimeout: () => void,
  onAborted: (reason: unknown) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    stopListening?.();
  };
  const start = (leftMs: number) => {
    timer = setTimeout(() => {
      if (leftMs > maxTimerMs) return start(leftMs - maxTimerMs);
      stop();
      onTimeout();
    }, Math.min(leftMs, maxTimerMs));
  };
  const stopListening = signal && onAbort(signal, () => {
    stop();
    onAborted(signal.reason);
  });
  start(ms);
  return stop;
}

/** Waits `ms` milliseconds; rejects with the signal's reason if it aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    startTimer(ms, signal, resolve, reject);
  });
}
