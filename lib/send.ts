import { sleep } from "./alarm.ts";
import { checkCount, checkMs, checkType, refusal } from "./arguments.ts";
import { attempt, type FetchFn } from "./attempt.ts";
import type { Decoder } from "./decode.ts";
import { RoomsError } from "./errors.ts";
import type { RoomRequest } from "./request.ts";
import { parseAnswer } from "./response.ts";
import { checkRetry, retryDelay, type RetryPolicy } from "./retry.ts";

/**
 * What `onAttempt` is told when an attempt has come to its end.
 *
 * @example Log what was tried again, and why
 * ```ts
 * import { type AttemptEvent, getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.fault({ disconnect: "before-answer" });
 *
 * const log: string[] = [];
 * const onAttempt = ({ attempt, error, waitMs }: AttemptEvent) => {
 *   if (waitMs !== undefined) log.push(`${attempt}: ${error?.code}`);
 * };
 * await getRoom(fake.fetch, "any", id, {
 *   onAttempt,
 *   retry: { baseDelayMs: 1 },
 * });
 * assertEquals(log, ["1: network"]);
 * ```
 */
export interface AttemptEvent {
  /** Which attempt it was, from 1. */
  attempt: number;
  /** The answer's HTTP status; undefined when no whole answer came. */
  status: number | undefined;
  /** What it failed with; undefined when it did not. */
  error: RoomsError | undefined;
  /** How long the attempt took, its body included, in milliseconds. */
  durationMs: number;
  /** The wait before the next attempt, in milliseconds; undefined for none. */
  waitMs: number | undefined;
}

/**
 * How a call is sent, bounded and repeated, whatever it asks for.
 *
 * @example End a call when the one who asked is gone
 * ```ts
 * import { type CallOptions, getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertRejects } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const visitor = new AbortController();
 * const opts: CallOptions = { signal: visitor.signal, timeoutMs: 5000 };
 *
 * const call = getRoom(fakeRooms().fetch, "any", id, opts);
 * visitor.abort(new Error("The visitor left"));
 * await assertRejects(() => call, Error, "The visitor left");
 * ```
 */
export interface CallOptions {
  /** The caller's abort; the promise then rejects with its reason. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds for the whole call: attempts, waits and bodies. Default:
   * 30 000, at most 2 147 483 647.
   */
  timeoutMs?: number | undefined;
  /**
   * Milliseconds for one attempt, its body included. Default: 10 000, at most
   * 2 147 483 647.
   */
  attemptTimeoutMs?: number | undefined;
  /** When to try again; `false` for a single attempt. Default: three attempts. */
  retry?: RetryPolicy | false | undefined;
  /** How large a decoded body may be, in bytes. Default: 33 554 432 (32 MiB). */
  maxBodyBytes?: number | undefined;
  /**
   * Told of each attempt that comes to its end, before the wait that follows;
   * not of one that the caller aborts. What it throws, the call rejects with.
   */
  onAttempt?: ((event: AttemptEvent) => void) | undefined;
}

/**
 * Sends a request until it is answered or there is no sense in another
 * attempt, and decodes the answer: the thin shell around the pure functions.
 */
export async function send<T>(
  fetchFn: FetchFn,
  request: RoomRequest,
  token: string,
  decoder: Decoder<T>,
  opts: CallOptions,
): Promise<T> {
  const {
    signal,
    timeoutMs = 30_000,
    attemptTimeoutMs = 10_000,
    retry,
    maxBodyBytes = 32 * 1024 * 1024,
    onAttempt,
  } = opts;
  checkType("fetchFn", "function", fetchFn);
  if (onAttempt !== undefined) checkType("onAttempt", "function", onAttempt);
  if (signal !== undefined && !signal?.addEventListener) {
    throw refusal("signal", "an AbortSignal", signal);
  }
  checkMs("timeoutMs", timeoutMs, 1);
  checkMs("attemptTimeoutMs", attemptTimeoutMs, 1);
  checkCount("maxBodyBytes", maxBodyBytes);
  const policy = checkRetry(retry);
  const limits = { timeoutMs, attemptTimeoutMs, maxBodyBytes };
  const end = performance.now() + timeoutMs;

  for (let attempts = 1;; attempts++) {
    signal?.throwIfAborted();
    const began = performance.now();
    let status: number | undefined;
    let failure: RoomsError | undefined;
    let body: T | undefined;
    try {
      const answer = await attempt(
        fetchFn,
        request,
        token,
        limits,
        end - began,
        signal,
      );
      status = answer.status;
      body = parseAnswer(answer, decoder, Date.now(), token);
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof RoomsError)) throw thrown;
      failure = thrown;
      failure.attempts = attempts;
    }

    const now = performance.now();
    const waitMs = failure &&
      retryDelay(failure, {
        attempt: attempts,
        // Whole milliseconds, as timers may ring a fraction of one too early
        remainingMs: Math.floor(end - now),
        random: Math.random(),
        retry: policy,
      });
    onAttempt?.({
      attempt: attempts,
      status,
      error: failure,
      durationMs: now - began,
      waitMs,
    });
    if (!failure) return body as T;
    if (waitMs === undefined) throw failure;
    await sleep(waitMs, signal);
    if (performance.now() >= end) throw failure; // it took longer than told
  }
}
