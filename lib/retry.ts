import { checkArgument, inRange } from "./arguments.ts";
import { type Decoder, object } from "./decode.ts";
import type { ApiError, RoomsError } from "./errors.ts";

/**
 * How often and how patiently a failed request is tried again.
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
 */
export interface RetryState {
  /** How many attempts were made, from 1. */
  attempt: number;
  /** Milliseconds left of the whole call. */
  remainingMs: number;
  /** A number from 0 up to, not including, 1, such as `Math.random()`. */
  random: number;
  /** Whether it may be sent again when it may have been done. Default: true. */
  repeatable?: boolean | undefined;
  /** The policy; `false` for a single attempt. Default: all its defaults. */
  retry?: RetryPolicy | false | undefined;
}

/** The codes and statuses of what may pass. */
const retried = /^(network|timeout|408|429|50[0234])$/;

const delay = /* @__PURE__ */ inRange("number", 0);

const policy: Decoder<RetryPolicy> = /* @__PURE__ */ object<RetryPolicy>({
  maxAttempts: [/* @__PURE__ */ inRange("integer", 1), "optional"],
  baseDelayMs: [delay, "optional"],
  maxDelayMs: [delay, "optional"],
});

/** Accepts a policy, or `false`. */
export const retryOption: Decoder<RetryPolicy | false> = (value) =>
  value === false ? undefined : policy(value);

/**
 * Whether the server says that it did nothing yet: by a 429, or by a 503 with
 * `Retry-After`, which it sends in place of doing what it was asked.
 */
export function isPutOff(error: RoomsError): boolean {
  const { status, retryAfterMs } = error as Partial<ApiError>;
  return status === 429 || (status === 503 && retryAfterMs !== undefined);
}

/**
 * Decides whether to try again, and after how long a wait. It has no effects
 * and always gives the same result for the same arguments.
 *
 * Tried again are a `NetworkError`, a `TimeoutError`, and an `ApiError` with
 * status 408, 429, 500, 502, 503 or 504; of an operation that is not
 * repeatable, only a 429, and a 503 with `Retry-After`. The wait is the error's
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
 * assertEquals(retryDelay(error, { ...state, repeatable: false }), undefined);
 * ```
 */
export function retryDelay(
  error: RoomsError,
  { attempt, remainingMs, random, retry = {}, repeatable = true }: RetryState,
): number | undefined {
  checkArgument("retry", retryOption, retry);
  const { maxAttempts = 3, baseDelayMs = 500, maxDelayMs = 8000 } = retry ||
    { maxAttempts: 1 };
  const { status = error.code, retryAfterMs } = error as Partial<ApiError>;
  // 0 times Infinity, which 2 ** 1024 is, is no number
  const doubled = baseDelayMs * 2 ** (attempt - 1) || 0;
  const waitMs = retryAfterMs ?? random * Math.min(maxDelayMs, doubled);
  return retried.test(status as string) && (repeatable || isPutOff(error)) &&
      attempt < maxAttempts && waitMs < remainingMs
    ? waitMs
    : undefined;
}
