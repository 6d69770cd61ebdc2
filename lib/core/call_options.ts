// The options of every call: what they are, and their names.
import type { RateLimit, RoomsError } from "./errors.ts";
import type { Operation } from "./operation.ts";
import type { RequestOptions } from "./request.ts";
import type { RetryPolicy } from "./retry.ts";

/** The argument of `onAttempt`: how an attempt ended. */
export interface AttemptEvent {
  /**
   * The method and the path of the operation: `GET /rooms/{id}`; of a file, whose
   * URL is a secret, `GET download_url`.
   */
  operation: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** The HTTP status; undefined if there was no complete response. */
  status: number | undefined;
  /** The `x-request-id` of the response, for Telnyx's support; if it has one. */
  requestId?: string;
  /** The rate limit by the response's headers; if it has any. */
  rateLimit?: RateLimit;
  /** The error; undefined if the attempt succeeded. */
  error: RoomsError | undefined;
  /** How long the attempt took, including the body, in milliseconds. */
  durationMs: number;
  /** Milliseconds until the next attempt; undefined if there is none. */
  waitMs: number | undefined;
}

/** Options of every call: its address, limits and retries. */
export interface CallOptions extends RequestOptions {
  /** Aborts the call; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds for the whole call: attempts, waits and bodies. At most
   * 2_147_483_647.
   *
   * @default {30_000}
   */
  timeoutMs?: number | undefined;
  /**
   * Milliseconds for one attempt, including the body. At most 2_147_483_647.
   *
   * @default {10_000}
   */
  attemptTimeoutMs?: number | undefined;
  /** How often to try, and how long to wait; `false` for a single attempt. */
  retry?: RetryPolicy | false | undefined;
  /**
   * Largest decoded body, in bytes.
   *
   * @default {33_554_432}, which is 32 MiB
   */
  maxBodyBytes?: number | undefined;
  /**
   * Called when an attempt has ended, successful or not, before any wait; not if
   * the caller aborts it. It may be async, and is not waited for. If it fails after
   * a failed attempt, before the next one, the call rejects with its error.
   * Otherwise the outcome stands, and its error is a warning on the console.
   */
  onAttempt?: ((event: AttemptEvent) => unknown) | undefined;
}

/** The names of the options of a call; a request may be given all, too. */
export const callOptionNames: readonly string[] = [
  "baseUrl",
  "signal",
  "timeoutMs",
  "attemptTimeoutMs",
  "retry",
  "maxBodyBytes",
  "onAttempt",
];

/** The names of the options of an operation, and of its call. */
export function optionNames(
  { options }: Pick<Operation, "options">,
): readonly string[] {
  return [...Object.keys(options ?? {}), ...callOptionNames];
}
