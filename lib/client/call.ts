// Carries out an operation: attempts and retries, within one deadline.
import { checkArgument, delayFrom, integerInRange } from "../core/arguments.ts";
import type { AttemptEvent, CallOptions } from "../core/call_options.ts";
import { anyFunction, object, where } from "../core/decode.ts";
import { mayHaveTakenEffect } from "../core/effect.ts";
import { RoomsError } from "../core/errors.ts";
import type { Ids, Operation } from "../core/operation.ts";
import { toRequest } from "../core/request.ts";
import { type ApiResponse, parseResponse } from "../core/response.ts";
import { retryDelay, toPolicy } from "../core/retry.ts";
import { propertyOf } from "../core/redact.ts";
import { attempt } from "./attempt.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { callSafely, reportFailure, sleepUnlessFailed } from "./callback.ts";

const limit = /* @__PURE__ */ delayFrom(1);

const callOptions = /* @__PURE__ */ object<
  Omit<CallOptions, "baseUrl" | "retry">
>({
  onAttempt: [anyFunction, "optional"],
  signal: [
    /* @__PURE__ */ where<AbortSignal>(
      "an AbortSignal",
      (value) => typeof propertyOf(value, "throwIfAborted") === "function",
    ),
    "optional",
  ],
  timeoutMs: [limit, "optional"],
  attemptTimeoutMs: [limit, "optional"],
  maxBodyBytes: [/* @__PURE__ */ integerInRange(1), "optional"],
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

/** What an operation is called with. */
export interface CallArguments<Path extends string, Payload> {
  /** The ids in the path, by name; `{}` if it has none. */
  ids: Ids<Path>;
  /** The payload, if the operation has one. */
  payload?: Payload | undefined;
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
  { ids, payload }: CallArguments<Path, Payload>,
  opts: Options & CallOptions,
): Promise<Result> {
  const request = toRequest(operation, token, ids, opts, payload);
  checkArgument("fetchFn", anyFunction, fetchFn);
  // Read once, so that what is checked is what is used
  const { signal, timeoutMs = 30_000, attemptTimeoutMs } = opts;
  const { maxBodyBytes, onAttempt } = opts;
  checkArgument("opts", callOptions, {
    signal,
    timeoutMs,
    attemptTimeoutMs,
    maxBodyBytes,
    onAttempt,
  });
  const retry = toPolicy(opts.retry);
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
    let result: Result | undefined;
    try {
      const outcome = await attempt(
        fetchFn,
        { operation, request, secrets },
        {
          attemptTimeoutMs,
          maxBodyBytes,
          signal,
          timeoutMs,
          leftMs: end - began,
        },
      );
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
      return result as Result;
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
