import { checkCount, checkMs, refusal } from "./arguments.ts";
import type { ApiError, RoomsError } from "./errors.ts";

/**
 * How often and how patiently a failed look-up is tried again.
 *
 * @example Try longer in a job than for a visitor
 * ```ts
 * import { getRoom, type RetryPolicy } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const patient: RetryPolicy = { maxAttempts: 6, baseDelayMs: 1 };
 *
 * const fake = fakeRooms({ rooms: [{ id }] });
 * for (let i = 0; i < 5; i++) fake.fault({ status: 503 });
 * await getRoom(fake.fetch, "any", id, { retry: patient });
 * assertEquals(fake.requests.length, 6);
 * ```
 */
export interface RetryPolicy {
  /** Requests at the most, the first one included. Default: 3. */
  maxAttempts?: number | undefined;
  /** The longest first wait, in milliseconds; it doubles. Default: 500. */
  baseDelayMs?: number | undefined;
  /** The longest wait that is not asked for, in milliseconds. Default: 8000. */
  maxDelayMs?: number | undefined;
}

/**
 * Where a call stands when an attempt has failed.
 *
 * @example The last attempt is not followed by another
 * ```ts
 * import { TimeoutError } from "@videorooms/telnyx";
 * import { retryDelay, type RetryState } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new TimeoutError(10_000, "body", "attemptTimeoutMs");
 * const last: RetryState = { attempt: 3, remainingMs: 9000, random: 0.5 };
 * assertEquals(retryDelay(error, last), undefined);
 * ```
 */
export interface RetryState {
  /** How many attempts were made, from 1. */
  attempt: number;
  /** Milliseconds left of the whole call. */
  remainingMs: number;
  /** A number from 0 up to, not including, 1, such as `Math.random()`. */
  random: number;
  /** The policy; `false` for a single attempt. Default: all its defaults. */
  retry?: RetryPolicy | false | undefined;
}

/** The codes and statuses of what may pass. */
const retried: unknown[] = ["network", "timeout", 408, 429, 500, 502, 503, 504];

/** The policy with its defaults, or an `InvalidArgumentError`. */
export function checkRetry(
  retry: RetryPolicy | false = {},
): { maxAttempts: number; baseDelayMs: number; maxDelayMs: number } {
  if (retry === false) retry = { maxAttempts: 1 };
  if (typeof retry !== "object" || retry === null) {
    throw refusal("retry", "a policy or false", retry);
  }
  const { maxAttempts = 3, baseDelayMs = 500, maxDelayMs = 8000 } = retry;
  checkCount("retry.maxAttempts", maxAttempts);
  checkMs("retry.baseDelayMs", baseDelayMs, 0);
  checkMs("retry.maxDelayMs", maxDelayMs, 0);
  return { maxAttempts, baseDelayMs, maxDelayMs };
}

/**
 * Decides whether to try again, and after how long a wait. It has no effects
 * and always gives the same answer for the same arguments.
 *
 * Tried again are a `NetworkError`, a `TimeoutError`, and an `ApiError` with
 * status 408, 429, 500, 502, 503 or 504. The wait is the error's
 * `retryAfterMs` where the provider asked for one; else exponential backoff
 * with full jitter, `random × min(maxDelayMs, baseDelayMs × 2^(attempt − 1))`.
 *
 * @param error What the attempt failed with.
 * @param state Where the call stands.
 * @returns Milliseconds to wait; undefined to stop, also when the wait would
 * leave no time for another attempt.
 * @throws {InvalidArgumentError} If the policy is out of its range.
 *
 * @example
 * ```ts
 * import { NetworkError } from "@videorooms/telnyx";
 * import { retryDelay } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new NetworkError("The connection broke");
 * const state = { attempt: 2, remainingMs: 9000, random: 0.5 };
 * assertEquals(retryDelay(error, state), 500);
 * assertEquals(retryDelay(error, { ...state, attempt: 3 }), undefined);
 * ```
 */
export function retryDelay(
  error: RoomsError,
  { attempt, remainingMs, random, retry }: RetryState,
): number | undefined {
  const { maxAttempts, baseDelayMs, maxDelayMs } = checkRetry(retry);
  const { status = error.code, retryAfterMs } = error as Partial<ApiError>;
  // An exponent past 31 would pass every maxDelayMs, and at last be Infinity
  const longest = baseDelayMs * 2 ** Math.min(attempt - 1, 31);
  const delay = retryAfterMs ?? random * Math.min(maxDelayMs, longest);
  return retried.includes(status) && attempt < maxAttempts &&
      delay < remainingMs
    ? delay
    : undefined;
}
