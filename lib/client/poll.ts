// The loop of everything that polls.
import { delayFrom } from "../core/arguments.ts";
import { RoomsError } from "../core/errors.ts";
import { retryDelay } from "../core/retry.ts";

/** Accepts milliseconds between polls. */
export const pollInterval = /* @__PURE__ */ delayFrom(100);

/** The largest number of attempts that a retry policy accepts. */
const unlimited = Number.MAX_SAFE_INTEGER;
const maxIntervalMs = 60_000;

/** What a poll gave, if it did not fail, and how long to wait for the next. */
export interface Polled<T> {
  value?: T;
  waitMs: number;
}

/**
 * Makes a function that polls once. A temporary failure (see `retryDelay`) is no
 * error, but makes the wait longer: up to a minute, or as long as Telnyx asks.
 * Any other error is thrown.
 */
export function poller<T>(
  ask: () => Promise<T>,
  intervalMs: number,
  signal: AbortSignal | undefined,
): () => Promise<Polled<T>> {
  const retry = {
    maxAttempts: unlimited,
    baseDelayMs: intervalMs,
    maxDelayMs: maxIntervalMs,
  };
  let failures = 0;
  return async () => {
    try {
      const value = await ask();
      failures = 0;
      return { value, waitMs: intervalMs };
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof RoomsError)) throw thrown;
      const delay = retryDelay(thrown, {
        attempt: ++failures,
        remainingMs: Infinity,
        random: Math.random(),
        retry,
      });
      if (delay === undefined) throw thrown;
      return { waitMs: Math.max(intervalMs, delay) };
    }
  };
}
