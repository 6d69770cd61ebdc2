// Decides whether and when to retry, without effects.
import { checkArgument, delayFrom, integerInRange } from "./arguments.ts";
import { type Decoder, object, type Shape } from "./decode.ts";
import { provesNoEffect } from "./effect.ts";
import { ApiError, type RoomsError } from "./errors.ts";
import { readOptions } from "./options.ts";

/** How often a failed request is retried, and how long the waits are. */
export interface RetryPolicy {
  /**
   * Maximum number of attempts.
   *
   * @default {3}
   */
  maxAttempts?: number | undefined;
  /**
   * The longest first wait, in milliseconds; it doubles.
   *
   * @default {500}
   */
  baseDelayMs?: number | undefined;
  /**
   * The longest backoff, in milliseconds.
   *
   * @default {8000}
   */
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
  /**
   * The `repeatable` of the operation.
   *
   * @default {true}
   */
  repeatable?: boolean | undefined;
  /** The policy; `false` for a single attempt. */
  retry?: RetryPolicy | false | undefined;
}

/** The statuses of temporary failures. */
const temporaryStatuses = new Set([
  408, // Request Timeout
  429, // Too Many Requests
  500, // Internal Server Error
  502, // Bad Gateway
  503, // Service Unavailable
  504, // Gateway Timeout
]);

/** Whether another attempt may succeed. */
function isTemporary(error: RoomsError): boolean {
  return error instanceof ApiError
    ? temporaryStatuses.has(error.status)
    : error.code === "network" || error.code === "timeout";
}

const delay = /* @__PURE__ */ delayFrom(0);

/** A policy with its defaults. */
type WholePolicy = { [Name in keyof RetryPolicy]-?: number };

const policyShape: Shape<WholePolicy> = {
  maxAttempts: [/* @__PURE__ */ integerInRange(1), "required"],
  baseDelayMs: [delay, "required"],
  maxDelayMs: [delay, "required"],
};
const policy: Decoder<WholePolicy> = /* @__PURE__ */ object(policyShape);
const policyNames = /* @__PURE__ */ Object.keys(policyShape);

const defaultPolicy = { maxAttempts: 3, baseDelayMs: 500, maxDelayMs: 8000 };
const singleAttempt = { maxAttempts: 1, baseDelayMs: 0, maxDelayMs: 0 };

/** Reads a `retry` option, each property once; throws if it is wrong. */
export function toPolicy(
  retry: RetryPolicy | false | undefined,
  secrets: readonly string[] = [],
): WholePolicy {
  if (retry === undefined) return defaultPolicy;
  if (retry === false) return singleAttempt;
  const own = readOptions("retry", retry, policyNames, secrets);
  return checkArgument("retry", policy, { ...defaultPolicy, ...own });
}

/** How long to back off after so many attempts: exponentially, with full jitter. */
export function backoff(
  { baseDelayMs, maxDelayMs }: WholePolicy,
  attempt: number,
  random: number,
): number {
  // 2 ** 1024 is Infinity, and 0 times Infinity is NaN
  const doubled = baseDelayMs * 2 ** (attempt - 1) || 0;
  return random * Math.min(maxDelayMs, doubled);
}

/**
 * Decides whether to retry, and after how long a wait. A pure function.
 *
 * It retries after a `NetworkError`, a `TimeoutError`, and an `ApiError` with
 * status 408, 429, 500, 502, 503 or 504; if the operation is not repeatable,
 * only after a failure which proves that nothing was done: a 429, a 503 with
 * `Retry-After`, and a connection that could not be made. The wait is the error's
 * `retryAfterMs` if Telnyx asked for one, or else exponential backoff
 * with full jitter, `random × min(maxDelayMs, baseDelayMs × 2^(attempt − 1))`.
 *
 * @param error The error of the attempt.
 * @param state The state of the call.
 * @returns Milliseconds to wait; undefined to stop, also if the wait would
 * leave no time for another attempt.
 * @throws {InvalidArgumentError} If the policy is out of range, or has an unknown
 * property.
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
  { attempt, remainingMs, random, retry, repeatable = true }: RetryState,
): number | undefined {
  const policy = toPolicy(retry);
  if (!isTemporary(error) || attempt >= policy.maxAttempts) return undefined;
  if (!repeatable && !provesNoEffect(error)) return undefined;
  const askedMs = error instanceof ApiError ? error.retryAfterMs : undefined;
  const waitMs = askedMs ?? backoff(policy, attempt, random);
  return waitMs < remainingMs ? waitMs : undefined;
}
