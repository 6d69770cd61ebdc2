// Carries out an operation: attempts and retries, within one deadline.
import { checkArgument, inRange } from "../core/arguments.ts";
import { anyFunction, object, where } from "../core/decode.ts";
import { mayHaveTakenEffect } from "../core/effect.ts";
import { RoomsError } from "../core/errors.ts";
import { secretsOf } from "../core/foreign.ts";
import type {
  Ids,
  Operation,
  PayloadArgument,
  ResultOf,
} from "../core/operation.ts";
import { readOptions } from "../core/options.ts";
import {
  optionNames,
  type RequestOptions,
  toRequest,
} from "../core/request.ts";
import { type ApiResponse, parseResponse } from "../core/response.ts";
import { retryDelay, type RetryPolicy, toPolicy } from "../core/retry.ts";
import { attempt } from "./attempt.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { callSafely, reportFailure, sleepUnlessFailed } from "./callback.ts";

/** The argument of `onAttempt`: how an attempt ended. */
export interface AttemptEvent {
  /** The number of the attempt, from 1. */
  attempt: number;
  /** The HTTP status; undefined if there was no complete response. */
  status: number | undefined;
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
   * Milliseconds for the whole call: attempts, waits and bodies. Default:
   * 30 000; at most 2 147 483 647.
   */
  timeoutMs?: number | undefined;
  /**
   * Milliseconds for one attempt, including the body. Default: 10 000; at most
   * 2 147 483 647.
   */
  attemptTimeoutMs?: number | undefined;
  /** When to retry; `false` for a single attempt. Default: three attempts. */
  retry?: RetryPolicy | false | undefined;
  /** Largest decoded body, in bytes. Default: 33 554 432 (32 MiB). */
  maxBodyBytes?: number | undefined;
  /**
   * Called when an attempt has ended, before any wait; not if the caller aborts
   * it. It may be async, and is not waited for. If it fails after a failed
   * attempt, before the next one, the call rejects with its error. Otherwise the
   * outcome stands, and its error is a warning on the console.
   */
  onAttempt?: ((event: AttemptEvent) => unknown) | undefined;
}

const limit = /* @__PURE__ */ inRange("number", 1);

const callOptions = /* @__PURE__ */ object<
  Omit<CallOptions, "baseUrl" | "retry">
>({
  onAttempt: [
    anyFunction,
    "optional",
  ],
  signal: [
    /* @__PURE__ */ where<AbortSignal>(
      "an AbortSignal",
      (value) => (value as AbortSignal)?.throwIfAborted,
    ),
    "optional",
  ],
  timeoutMs: [limit, "optional"],
  attemptTimeoutMs: [limit, "optional"],
  maxBodyBytes: [/* @__PURE__ */ inRange("integer", 1), "optional"],
});

/** The texts of a body whose payload is a secret, as they are sent. */
function textsIn(body = ""): string[] {
  try {
    const fields = Object.values<unknown>(JSON.parse(body));
    return fields.filter((value) => typeof value === "string");
  } catch {
    return [body]; // an operation of one's own may send another format
  }
}

/**
 * Carries out an operation: sends its request until there is a response or
 * retrying makes no sense, and reads the response. The thin shell around the
 * pure functions.
 */
export async function call<Path extends string, Options, Payload, Result>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<Path, Options, Payload, Result>,
  ids: Ids<Path>,
  opts: Options & CallOptions,
  ...payload: PayloadArgument<Payload>
): Promise<ResultOf<Result>> {
  const options = readOptions(
    "",
    opts,
    optionNames(operation),
    secretsOf(token),
  );
  const request = toRequest(operation, token, ids, options, ...payload);
  checkArgument("fetchFn", anyFunction, fetchFn);
  const { signal, timeoutMs = 30_000, attemptTimeoutMs } = options;
  const { maxBodyBytes, onAttempt } = options;
  checkArgument("opts", callOptions, {
    signal,
    timeoutMs,
    attemptTimeoutMs,
    maxBodyBytes,
    onAttempt,
  }, [token]);
  const retry = toPolicy(options.retry, [token]);
  const secrets = operation.isSecret
    ? [token, ...textsIn(request.body)]
    : [token];
  let began = performance.now();
  const end = began + timeoutMs;
  /** Whether an attempt may have been carried out, although it failed. */
  let mayBeDone = false;

  for (let attempts = 1;; attempts++) {
    signal?.throwIfAborted();
    let response: ApiResponse | undefined;
    let failure: RoomsError | undefined;
    let result: ResultOf<Result> | undefined;
    try {
      const outcome = await attempt(fetchFn, operation, request, secrets, {
        attemptTimeoutMs,
        maxBodyBytes,
        signal,
        timeoutMs,
        leftMs: end - began,
      });
      // Made here, so that its stack names the function that was called
      if (outcome.toError) throw outcome.toError();
      response = outcome.response;
      const wasDone = mayBeDone && response.status === operation.doneStatus;
      if (!wasDone) {
        result = parseResponse(operation, response, Date.now(), ...secrets);
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof RoomsError)) throw thrown;
      failure = thrown;
      mayBeDone ||= mayHaveTakenEffect(operation, failure);
      failure.attempts = attempts;
      failure.mayHaveTakenEffect = mayBeDone;
    }

    const durationMs = performance.now() - began;
    const waitMs = failure &&
      retryDelay(failure, {
        attempt: attempts,
        remainingMs: end - began - durationMs,
        random: Math.random(),
        retry,
        repeatable: operation.repeatable,
      });
    const event: AttemptEvent = {
      attempt: attempts,
      status: response?.status,
      error: failure,
      durationMs,
      waitMs,
    };
    if (!failure) {
      callSafely(onAttempt, event);
      return result as ResultOf<Result>;
    }
    const returned = onAttempt?.(event);
    if (waitMs === undefined) {
      reportFailure(returned);
      throw failure;
    }
    await sleepUnlessFailed(waitMs, signal, returned);
    began = performance.now();
    if (began >= end) throw failure; // the timer was late
  }
}
