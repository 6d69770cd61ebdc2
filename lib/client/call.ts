// Carries out an operation: attempts and retries, within one deadline.
import { checkArgument, delayFrom, integerInRange } from "../core/arguments.ts";
import {
  type AttemptEvent,
  type CallOptions,
  optionNames,
} from "../core/call_options.ts";
import { anyFunction, object } from "../core/decode.ts";
import { mayHaveTakenEffect } from "../core/effect.ts";
import { RoomsError } from "../core/errors.ts";
import { secretsOf } from "../core/foreign.ts";
import type { Operation } from "../core/operation.ts";
import { readOptions } from "../core/options.ts";
import { type CallArguments, makeRequest } from "../core/request.ts";
import { rateLimit } from "../core/rate_limit.ts";
import {
  type ApiResponse,
  readResponse,
  requestIdOf,
} from "../core/response.ts";
import { retryDelay, toPolicy } from "../core/retry.ts";
import { attempt } from "./attempt.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { callSafely, reportFailure, sleepUnlessFailed } from "./callback.ts";
import { abortSignal } from "./timer.ts";

const limit = /* @__PURE__ */ delayFrom(1);

const callOptionsDecoder = /* @__PURE__ */ object<
  Omit<CallOptions, "baseUrl" | "retry" | "signal">
>({
  onAttempt: [(value) => anyFunction(value), "optional"],
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

/** What `onAttempt` is told of a response's headers. */
function headersOf({ headers }: ApiResponse, secrets: string[]) {
  const requestId = requestIdOf(headers, secrets);
  const limits = rateLimit(headers, Date.now());
  return {
    ...requestId !== undefined && { requestId },
    ...Object.keys(limits).length > 0 && { rateLimit: limits },
  };
}

/**
 * Carries out an operation, which may be one of your own: checks its arguments,
 * sends its request until there is a response or retrying makes no sense, and
 * checks the response. Every other function of this module is made of it.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param operation The operation, of `@videorooms/telnyx/core` or your own.
 * @param args The ids in its path, by name, and its payload, if it has one.
 * @param opts The operation's options, and call options.
 * @returns The body of the response, as received; undefined if it has none.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example An operation that this module has no function for
 * ```ts
 * import { call, type CallOptions, type Operation } from "@videorooms/telnyx";
 * import {
 *   array,
 *   type Data,
 *   dataOf,
 *   object,
 *   recordId,
 *   string,
 * } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * interface Delivery {
 *   id: string;
 *   status?: string | null;
 * }
 *
 * const listDeliveries: Operation<
 *   "/webhook_deliveries",
 *   CallOptions,
 *   undefined,
 *   Data<Delivery[]>
 * > = {
 *   method: "GET",
 *   path: "/webhook_deliveries",
 *   status: 200,
 *   repeatable: true,
 *   result: dataOf(
 *     array(object<Delivery>({ id: [recordId, "required"], status: string })),
 *   ),
 * };
 *
 * // Or the real fetch
 * const fetchFn = () =>
 *   Promise.resolve(Response.json({ data: [{ id: "1", status: "failed" }] }));
 * const { data } = await call(fetchFn, "any", listDeliveries, { ids: {} });
 * assertEquals(data.map(({ status }) => status), ["failed"]);
 * ```
 */
export async function call<Path extends string, Options, Payload, Result>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<Path, Options, Payload, Result>,
  args: CallArguments<Path, Payload>,
  opts: Options & CallOptions = {} as Options & CallOptions,
): Promise<Result> {
  // First, since whoever forgets it passes everything else in the wrong place
  checkArgument("fetchFn", anyFunction, fetchFn);
  const known = optionNames(operation);
  const options = readOptions("", opts, known, secretsOf(token));
  const request = makeRequest(operation, token, args, options);
  const { signal, onAttempt, timeoutMs = 30_000 } = options;
  const { attemptTimeoutMs = 10_000, maxBodyBytes = 33_554_432 } = options;
  if (signal !== undefined) {
    checkArgument("signal", abortSignal, signal, [token]);
  }
  checkArgument("opts", callOptionsDecoder, {
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
    let result: Result | undefined;
    let isAnswered = false;
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
      isAnswered = outcome.isAnswered === true;
      // Made here, so that its stack names the function that was called
      if (outcome.toError) throw outcome.toError();
      response = outcome.response;
      const wasDone = mayBeDone && response.status === operation.doneStatus;
      if (!wasDone) {
        result = readResponse(operation, response, Date.now(), secrets);
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof RoomsError)) throw thrown;
      failure = thrown;
      mayBeDone ||= mayHaveTakenEffect(operation, failure, isAnswered);
      failure.attempts = attempts;
      failure.mayHaveTakenEffect = mayBeDone;
    }

    if (!failure && !onAttempt) return result as Result;
    const durationMs = performance.now() - began;
    const waitMs = failure &&
      retryDelay(failure, {
        attempt: attempts,
        remainingMs: end - began - durationMs,
        random: Math.random(),
        retry,
        repeatable: operation.repeatable,
      });
    const event: AttemptEvent | undefined = onAttempt && {
      operation: `${operation.method} ${operation.path}`,
      attempt: attempts,
      status: response?.status,
      error: failure,
      durationMs,
      waitMs,
      ...response && headersOf(response, secrets),
    };
    if (!failure) {
      if (event) callSafely(onAttempt, event);
      return result as Result;
    }
    const returned = event && onAttempt?.(event);
    if (waitMs === undefined) {
      reportFailure(returned);
      throw failure;
    }
    await sleepUnlessFailed(waitMs, signal, returned);
    began = performance.now();
    if (began >= end) throw failure; // the timer was late
  }
}
