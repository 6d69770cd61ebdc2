// One attempt at a call: a request, its response, and their limits.
import {
  InvalidArgumentError,
  NetworkError,
  RoomsError,
  TimeoutError,
} from "../core/errors.ts";
import { redactError } from "../core/redact.ts";
import type { ApiRequest } from "../core/request.ts";
import type { ApiResponse } from "../core/response.ts";
import { type BodyReader, decodeUtf8, isFramed, readText } from "./body.ts";
import type { FetchFn, FetchResponse } from "./fetch_fn.ts";
import { startTimer } from "./timer.ts";

/** The limits of an attempt: time, size, and the caller's signal. */
export interface Limits {
  /** Milliseconds for one attempt. Default: 10 000. */
  attemptTimeoutMs?: number | undefined;
  /** Largest decoded body, in bytes. Default: 32 MiB. */
  maxBodyBytes?: number | undefined;
  /** Aborts the attempt. */
  signal?: AbortSignal | undefined;
}

/** The error for a `fetchFn` that does not behave like `fetch`. */
function unlikeFetch(reason: string): InvalidArgumentError {
  return new InvalidArgumentError(
    "fetchFn",
    `must be like fetch: wrap it (${reason})`,
  );
}

/** Converts whatever `fetchFn` or a body threw to an error of this module. */
function toRoomsError(
  waitingFor: string,
  thrown: unknown,
  secrets: string[],
): RoomsError {
  const cause = redactError(thrown, secrets);
  const inner = cause.cause as Error | undefined;
  const reason = [cause.message].concat(inner?.message ?? []).join(": ");
  return Object(thrown).response || /redirect/.test(reason)
    ? unlikeFetch(reason)
    : new NetworkError(
      `The ${waitingFor} did not arrive: check the network and 'baseUrl' (${reason})`,
      { cause },
    );
}

/** Whether a response is a web `Response` whose body, if any, is unread. */
function isUnread({ headers, body, bodyUsed }: FetchResponse): boolean {
  return !!headers?.get && bodyUsed === false &&
    (!body || body.locked === false);
}

/** What success looks like: a status, and a decoder if its body matters. */
interface Expected {
  status: number;
  result?: unknown;
}

/**
 * Sends one request and reads its response, within the limits and the time left
 * for the call. It settles in time, or when the caller aborts, even if
 * `fetchFn` ignores its signal; a late response is cancelled.
 */
export function attempt(
  fetchFn: FetchFn,
  expected: Expected,
  request: ApiRequest,
  secrets: string[],
  {
    attemptTimeoutMs = 10_000,
    maxBodyBytes: maxBytes = 33_554_432,
    signal,
  }: Limits,
  timeoutMs: number,
  leftMs: number,
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let waitingFor: "response" | "body" = "response";
    let reader: BodyReader | undefined;
    /** The response, if its status alone decides the outcome. */
    let decided: ApiResponse | undefined;

    const end = (reason?: unknown) => {
      stop();
      decided && !signal?.aborted ? resolve(decided) : reject(reason);
      controller.abort(reason);
      // A body may ignore the signal of its request
      reader?.cancel().catch(() => {});
    };
    const onTimeout = () =>
      end(
        leftMs < attemptTimeoutMs
          ? new TimeoutError(timeoutMs, waitingFor, "timeoutMs")
          : new TimeoutError(attemptTimeoutMs, waitingFor, "attemptTimeoutMs"),
      );
    let bodyTimer: ReturnType<typeof setTimeout> | undefined;
    const stopLimit = startTimer(
      Math.min(leftMs, attemptTimeoutMs),
      signal,
      onTimeout,
      end,
    );
    const stop = () => {
      clearTimeout(bodyTimer);
      stopLimit();
    };

    const exchange = async () => {
      try {
        const response: FetchResponse = Object(
          await fetchFn(request.url, { ...request, signal: controller.signal }),
        );
        waitingFor = "body";
        const { status, headers } = response;
        const isResult = status === expected.status && expected.result;
        const isSafe = isResult && isFramed(fetchFn, response, maxBytes);
        if (!isSafe && !isUnread(response)) {
          throw unlikeFetch("no unread web Response");
        }
        const result: ApiResponse = { status, headers, body: "" };
        if (!isResult) {
          // The body only explains the status: read at most 64 KiB, for a second
          decided = result;
          maxBytes = Math.min(maxBytes, 65_536);
          bodyTimer = setTimeout(end, 1000);
        }
        if (!isSafe) reader = response.body?.getReader();
        // The attempt is over, or the body is useless, as that of a redirect
        if (controller.signal.aborted || (decided && status < 400)) {
          return end();
        }
        result.body = reader
          ? await readText(reader, maxBytes)
          : decodeUtf8(await response.arrayBuffer());
        stop();
        resolve(result);
      } catch (thrown) {
        end(
          waitingFor === "body" && thrown instanceof RoomsError
            ? thrown
            : toRoomsError(waitingFor, thrown, secrets),
        );
      }
    };
    exchange();
  });
}
