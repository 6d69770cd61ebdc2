import { type BodyReader, decodeUtf8, isFramed, readText } from "./body.ts";
import {
  InvalidArgumentError,
  NetworkError,
  RoomsError,
  TimeoutError,
} from "./errors.ts";
import type { FetchFn, FetchResponse } from "./fetch_fn.ts";
import type { ApiRequest } from "./operation.ts";
import { redactError } from "./redact.ts";
import type { ApiResponse } from "./response.ts";
import { startTimer } from "./timer.ts";

/** How long and how large a response may be, and who may end it. */
export interface Limits {
  /** Milliseconds for the whole call. */
  timeoutMs: number;
  /** Milliseconds for one attempt. Default: 10 000. */
  attemptTimeoutMs?: number | undefined;
  /** The decoded size of a body, in bytes. Default: 32 MiB. */
  maxBodyBytes?: number | undefined;
  /** The caller's abort. */
  signal?: AbortSignal | undefined;
}

/** The error of a `fetchFn` that differs from `fetch`. */
function unlikeFetch(told: string): InvalidArgumentError {
  return new InvalidArgumentError(
    "fetchFn",
    `must be like fetch: wrap it (${told})`,
  );
}

/** What an attempt failed with, if it was not this module that threw. */
function failure(
  waitingFor: string,
  thrown: unknown,
  secrets: string[],
): RoomsError {
  const cause = redactError(thrown, secrets);
  const inner = cause.cause as Error | undefined;
  const told = [cause.message].concat(inner?.message ?? []).join(": ");
  return Object(thrown).response || /redirect/.test(told)
    ? unlikeFetch(told)
    : new NetworkError(
      `The ${waitingFor} did not come: check the network and 'baseUrl' (${told})`,
      { cause },
    );
}

/** Whether it is a web Response whose body is unread, if it has one. */
function isUnread({ headers, body, bodyUsed }: FetchResponse): boolean {
  return !!headers?.get && bodyUsed === false &&
    (!body || body.locked === false);
}

/** What success is: its status, and a decoder if there is a body to read. */
interface Expected {
  status: number;
  result?: unknown;
}

/**
 * Sends one request and reads its response, within its limits and the time that
 * is left of the call. It settles when they pass or the caller aborts, even if
 * `fetchFn` ignores the signal; a late response is cancelled.
 */
export function attempt(
  fetchFn: FetchFn,
  expected: Expected,
  { url, ...init }: ApiRequest,
  secrets: string[],
  {
    timeoutMs,
    attemptTimeoutMs = 10_000,
    maxBodyBytes: maxBytes = 33_554_432,
    signal,
  }: Limits,
  leftMs: number,
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let waitingFor: "response" | "body" = "response";
    let reader: BodyReader | undefined;
    /** The response, if it counts without (the rest of) its body. */
    let enough: ApiResponse | undefined;

    const end = (reason?: unknown) => {
      stop();
      enough && !signal?.aborted ? resolve(enough) : reject(reason);
      controller.abort(reason);
      // A body need not listen to the signal of its request
      reader?.cancel().catch(() => {});
    };
    const option = leftMs < attemptTimeoutMs ? "timeoutMs" : "attemptTimeoutMs";
    const limitMs = { timeoutMs, attemptTimeoutMs }[option];
    let early: ReturnType<typeof setTimeout> | undefined;
    const stopLimit = startTimer(
      Math.min(leftMs, limitMs),
      signal,
      () => end(new TimeoutError(limitMs, waitingFor, option)),
      end,
    );
    const stop = () => {
      stopLimit();
      clearTimeout(early);
    };

    const exchange = async () => {
      const came: FetchResponse = Object(
        await fetchFn(url, { ...init, signal: controller.signal }),
      );
      waitingFor = "body";
      const { status, headers } = came;
      const isResult = status === expected.status && expected.result;
      const isSafe = isResult && isFramed(fetchFn, came, maxBytes);
      if (!isSafe && !isUnread(came)) {
        throw unlikeFetch("no unread web Response");
      }
      const response: ApiResponse = { status, headers, body: "" };
      if (!isResult) {
        // Its body is help, not the result: not worth more, nor a longer wait
        enough = response;
        maxBytes = Math.min(maxBytes, 65_536);
        early = setTimeout(end, 1000);
      }
      // Nobody waits any more, or nobody needs the body, as of a redirect
      const unwanted = controller.signal.aborted || (enough && status < 400);
      if (!isSafe) reader = came.body?.getReader();
      if (unwanted) return end();
      response.body = reader
        ? await readText(reader, maxBytes)
        : decodeUtf8(await came.arrayBuffer());
      stop();
      resolve(response);
    };
    exchange().catch((thrown) =>
      end(
        waitingFor === "body" && thrown instanceof RoomsError
          ? thrown
          : failure(waitingFor, thrown, secrets),
      )
    );
  });
}
