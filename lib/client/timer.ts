// Timers that a signal can abort.
import { maxTimerMs } from "../core/arguments.ts";
import { type Decoder, where } from "../core/decode.ts";
import { propertyOf } from "../core/redact.ts";

/** The listener of a signal, and whom it tells. */
interface Listening {
  listener: () => void;
  callbacks: Set<(reason: unknown) => void>;
}

/** The one listener of each signal: Node warns about more than ten. */
const listeningTo = new WeakMap<AbortSignal, Listening>();

/** Listens to a signal. */
function listenTo(signal: AbortSignal): Listening {
  const callbacks: Listening["callbacks"] = new Set();
  // Not by the event's target, which is another one if the signal is a wrapper
  const listener = () => {
    const reason = propertyOf(signal, "reason");
    for (const callback of [...callbacks]) callback(reason);
  };
  signal.addEventListener("abort", listener);
  const listening = { listener, callbacks };
  listeningTo.set(signal, listening);
  return listening;
}

/** Calls `callback` with the reason of an abort; returns what stops that. */
export function onAbort(
  signal: AbortSignal,
  callback: (reason: unknown) => void,
): () => void {
  const { listener, callbacks } = listeningTo.get(signal) ?? listenTo(signal);
  callbacks.add(callback);
  return () => {
    // Once only: by a second time, others may have come
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    listeningTo.delete(signal);
    try {
      signal.removeEventListener("abort", listener);
    } catch {
      // It stays, and has nobody to tell
    }
  };
}

/** Accepts a signal that can be listened to; throws what it throws. */
export const abortSignal: Decoder<AbortSignal> = /* @__PURE__ */ where(
  "an AbortSignal",
  (value) => {
    if (typeof propertyOf(value, "throwIfAborted") !== "function") return false;
    const signal = value as AbortSignal;
    const { addEventListener, removeEventListener } = AbortSignal.prototype;
    const isOfRuntime = signal.addEventListener === addEventListener &&
      signal.removeEventListener === removeEventListener;
    // One of another realm, or a polyfill, may throw
    if (!isOfRuntime) {
      const listener = () => {};
      signal.addEventListener("abort", listener);
      signal.removeEventListener("abort", listener);
    }
    return true;
  },
);

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
  const stopListening = signal && onAbort(signal, (reason) => {
    stop();
    onAborted(reason);
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
