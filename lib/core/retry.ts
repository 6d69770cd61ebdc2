// Decides whether and when to retry, without effects.
import { checkArgument, inRange } from "./arguments.ts";
import { type Decoder, object } from "./decode.ts";
import type { ApiError, RoomsError } from "./errors.ts";

/** How often a failed request is retried, and how long the waits are. */
export interface RetryPolicy {
  /** The most requests, including the first. Default: 3. */
  maxAttempts?: number | undefined;
  /** The longest first wait, in milliseconds; it doubles. Default: 500. */
  baseDelayMs?: number | undefined;
  /** The longest backoff, in milliseconds. Default: 8000. */
  maxDelayMs?: number | undefined;
}

/** The state of a call when an attempt has failed. */
export interface RetryState {
  /** The number of attempts so far, from 1. */
  attempt: number;
  /** Milliseconds left for the whole call. */
  remainingMs: number;
  /** A number from 0 to less than 1, such as `Math.random()`. */
  random: number;
  /** The `repeatable` of the operation. Default: true. */
  repeatable?: boolean | undefined;
  /** The policy; `false` for a single attempt. Default: three attempts. */
  retry?: RetryPolicy | false | undefined;
}

/** The codes and statuses of temporary failures. */
const temporary = /^(network|timeout|408|429|50[0234])$/;

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
 * Whether the server says that it did not process the request: with a 429, or
 * with a 503 and `Retry-After`.
 */
export function isNotDone(error: RoomsError): boolean {
  const { status, retryAfterMs } = error as Partial<ApiError>;
  return status === 429 || (status === 503 && retryAfterMs !== undefined);
}

/**
 * Decides whether to retry, and after how long a wait. A pure function.
 *
 * It retries after a `NetworkError`, a `TimeoutError`, and an `ApiError` with
 * status 408, 429, 500, 502, 503 or 504; if the operation is not repeatable,
 * only after a 429, and a 503 with `Retry-After`. The wait is the error's
 * `retryAfterMs` if the provider asked for one, or else exponential backoff
 * with full jitter, `random × min(maxDelayMs, baseDelayMs × 2^(attempt − 1))`.
 *
 * @param error The error of the attempt.
 * @param state The state of the call.
 * @returns Milliseconds to wait; undefined to stop, also if the wait would
 * leave no time for another attempt.
 * @throws {InvalidArgumentError} If the policy is out of range.
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
  // 2 ** 1024 is Infinity, and 0 times Infinity is NaN
  const doubled = baseDelayMs * 2 ** (attempt - 1) || 0;
  const waitMs = retryAfterMs ?? random * Math.min(maxDelayMs, doubled);
  return temporary.test(status as string) && (repeatable || isNotDone(error)) &&
      attempt < maxAttempts && waitMs < remainingMs
    ? waitMs
    : undefined;
}
