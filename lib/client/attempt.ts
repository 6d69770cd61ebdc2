// One attempt at a call: a request, its response, and their limits.
import {
  InvalidResponseError,
  ResponseTooLargeError,
  type RoomsError,
  TimeoutError,
} from "../core/errors.ts";
import { effectNote } from "../core/effect.ts";
import { failureOf, hasResponse, unlikeFetch } from "../core/failure.ts";
import type { Operation } from "../core/operation.ts";
import { headerOf } from "../core/rate_limit.ts";
import { isRecord, redact } from "../core/redact.ts";
import type { ApiRequest } from "../core/request.ts";
import { type ApiResponse, httpStatus } from "../core/response.ts";
import {
  type BodyReader,
  cancelReader,
  decodeUtf8,
  isFramed,
  isSelfReading,
  readAtMost,
  readWithin,
} from "./body.ts";
import type { FetchFn, FetchInit, FetchResponse } from "./fetch_fn.ts";
import { isBun, isDeno } from "../core/runtime.ts";
import { hasNetPermission, isPage } from "./runtime.ts";
import { onAbort } from "./timer.ts";

/** The limits of an attempt: time, size, and the caller's signal. */
export interface Limits {
  /** Milliseconds for one attempt. */
  attemptTimeoutMs: number;
  /** Largest decoded body, in bytes. */
  maxBodyBytes: number;
  /** Aborts the attempt. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, for the error. */
  timeoutMs: number;
  /** Milliseconds that are left of them. */
  leftMs: number;
}

/** What is sent, and how its response is to be read. */
export interface Exchange {
  /** The operation that it is for. */
  operation: Operation;
  /** The request. */
  request: ApiRequest;
  /** Texts to redact from errors. */
  secrets: string[];
}

/** How an attempt ended; who awaits it makes the error, for its stack. */
export type Outcome =
  | { response: ApiResponse; toError?: never; isAnswered?: never }
  | {
    response?: never;
    toError: () => RoomsError;
    /** Whether `fetchFn` gave an answer that is no response. */
    isAnswered: boolean;
  };

/** The most bytes of an error's body, and how long to wait for them. */
const maxErrorBytes = 65_536;
const maxErrorMs = 1000;

/** Whether a response is a web `Response` whose body, if any, is unread. */
export function isUnread({ headers, body, bodyUsed }: FetchResponse): boolean {
  return typeof headers?.get === "function" && bodyUsed === false &&
    (!body || body.locked === false);
}

/**
 * What keeps a runtime from sending a request again by itself when a connection
 * that it kept closes before the response. Deno repeats a body of text, and none,
 * but not a Blob; Bun repeats a DELETE on a connection that it kept, and before
 * 1.3.14 a POST as well.
 */
function sentOnce(fetchFn: FetchFn, { url, body }: ApiRequest): FetchInit {
  // Without the permission, Deno lets a Blob keep the process alive; and where it
  // asks for the permission, the connection is a new one, which is not repeated.
  // Another function may send the request to a host that it may reach
  if (isDeno() && fetchFn === globalThis.fetch && !hasNetPermission(url)) {
    return {};
  }
  // The Blob of jsdom is not one that `fetch` knows
  if (isDeno() && typeof Blob.prototype.stream === "function") {
    return { body: new Blob(body === undefined ? [] : [body]) };
  }
  return isBun() ? { keepalive: false } : {};
}

/** The error of a body that could not be used. */
function bodyError(
  problem: "too_large" | "not_bytes" | "not_utf8",
  { headers }: FetchResponse,
  secrets: string[],
  { maxBytes, note }: { maxBytes: number; note: string },
): RoomsError {
  if (problem === "too_large") return new ResponseTooLargeError(maxBytes, note);
  const encoding = redact(headerOf(headers, "content-encoding") ?? "", secrets);
  const received = encoding && problem === "not_utf8"
    ? `content-encoding ${encoding.slice(0, 50)}, which it does not decode`
    : "other bytes";
  return new InvalidResponseError("", "UTF-8", received, note);
}

/** The error of an attempt, or of a whole call, that took too long. */
function timeoutError(
  { leftMs, attemptTimeoutMs, timeoutMs }: Limits,
  waitingFor: "response" | "body",
  note: string,
): TimeoutError {
  return leftMs < attemptTimeoutMs
    ? new TimeoutError(timeoutMs, waitingFor, "timeoutMs", note)
    : new TimeoutError(attemptTimeoutMs, waitingFor, "attemptTimeoutMs", note);
}

/**
 * Sends one request and reads its response, within the limits and the time left
 * for the call. It settles in time, even if `fetchFn` ignores its signal, and then
 * cleans up; a late response is canceled. It rejects with the signal's reason if
 * that aborts.
 */
export function attempt(
  fetchFn: FetchFn,
  { operation, request, secrets }: Exchange,
  limits: Limits,
): Promise<Outcome> {
  // Read once: an operation of one's own may throw, which a failure must not
  const note = effectNote(operation);
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    let waitingFor: "response" | "body" = "response";
    let reader: BodyReader | undefined;
    /** The response, if its status alone decides the outcome. */
    let decided: ApiResponse | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let bodyTimer: ReturnType<typeof setTimeout> | undefined;
    let stopListening = () => {};

    /** Leaves no timer and no listener behind. */
    function stop(): void {
      clearTimeout(timer);
      clearTimeout(bodyTimer);
      stopListening();
    }

    function cancel(reason?: unknown): void {
      controller.abort(reason);
      // A body may ignore the signal of its request
      cancelReader(reader);
    }

    function abort(reason: unknown): void {
      stop();
      reject(reason);
      cancel(reason);
    }

    function fail(toError: () => RoomsError, isAnswered = false): void {
      stop();
      resolve(decided ? { response: decided } : { toError, isAnswered });
      cancel();
    }

    function failAsUnlike(): void {
      fail(
        () =>
          unlikeFetch("it returned no Response, or one that was read", note),
        true,
      );
    }

    function timeOut(): void {
      const late = waitingFor;
      fail(() => timeoutError(limits, late, note));
    }

    /** Sends the request, and starts to watch the time. */
    function send(): Promise<FetchResponse> {
      const pending = fetchFn(request.url, {
        ...request,
        ...operation.repeatable ? undefined : sentOnce(fetchFn, request),
        signal: controller.signal,
      });
      // From here on, since a permission prompt of Deno is not the network's time
      const ms = Math.min(limits.leftMs, limits.attemptTimeoutMs);
      // Unless fetchFn itself has aborted the call
      if (!controller.signal.aborted) timer = setTimeout(timeOut, ms);
      return pending;
    }

    /** Sends the request, reads its response, and settles the outcome. */
    async function run(): Promise<void> {
      let { maxBodyBytes } = limits;
      try {
        const response = await send();
        waitingFor = "body";
        if (!isRecord(response)) return failAsUnlike();
        const { status, headers } = response;
        const isResult = status === operation.status &&
          operation.result !== undefined;
        const isSafe = isResult && isFramed(fetchFn, response, maxBodyBytes);
        const own = isSelfReading(response) ? response : undefined;
        const isResponse = !httpStatus(status) &&
          (isSafe || own !== undefined || isUnread(response));
        if (!isResponse) return failAsUnlike();
        const result: ApiResponse = { status, headers, body: "" };
        if (!isResult) {
          // The body only explains the status
          decided = result;
          maxBodyBytes = Math.min(maxBodyBytes, maxErrorBytes);
          bodyTimer = setTimeout(timeOut, maxErrorMs);
        }
        if (!isSafe && !own) reader = response.body?.getReader();
        const isUseless = !isResult && status < 400;
        if (controller.signal.aborted || isUseless) return timeOut();

        const read = own
          ? await own[readWithin](maxBodyBytes)
          : isSafe
          ? { bytes: new Uint8Array(await response.arrayBuffer()) }
          : reader
          ? await readAtMost(reader, maxBodyBytes, controller.signal)
          : { bytes: new Uint8Array(0) };
        const body = read.bytes && decodeUtf8(read.bytes);
        if (body === undefined) {
          const problem = read.problem ?? "not_utf8";
          const used = { maxBytes: maxBodyBytes, note };
          return fail(() => bodyError(problem, response, secrets, used));
        }
        stop();
        result.body = body;
        resolve({ response: result });
      } catch (thrown) {
        const { url } = request;
        const failed = { waitingFor, url, secrets, note, isOfPage: isPage() };
        fail(() => failureOf(thrown, failed), hasResponse(thrown));
      }
    }

    // Before anything is sent, since `fetchFn` may abort it at once
    if (limits.signal) stopListening = onAbort(limits.signal, abort);
    run();
  });
}
