import { type BodyReader, openBody, readText } from "./body.ts";
import {
  InvalidResponseError,
  NetworkError,
  RoomsError,
  TimeoutError,
} from "./errors.ts";
import type { ApiRequest } from "./operation.ts";
import { redactError } from "./redact.ts";
import { type ApiResponse, isRedirect } from "./response.ts";
import { startTimer } from "./timer.ts";

/**
 * What sends a request: the global `fetch` of every runtime, or a function
 * like it. It is called with the URL as text and an init of plain data plus a
 * signal, and must resolve to a `Response` whose body is unread.
 */
export type FetchFn = (
  url: string,
  init: Omit<ApiRequest, "url"> & { signal: AbortSignal },
) => Promise<Response>;

/** How long and how large a response may be. */
export interface Limits {
  /** Milliseconds for the whole call. */
  timeoutMs: number;
  /** Milliseconds for one attempt. */
  attemptTimeoutMs: number;
  /** The decoded size of a body. */
  maxBodyBytes: number;
}

/** An error's body is help, not the result: more of it is not worth reading. */
const maxErrorBytes = 64 * 1024;

function checkResponse(response: unknown): asserts response is Response {
  const { status, headers, body, bodyUsed } = (response ?? {}) as Response;
  if (
    typeof status !== "number" || !headers?.get || bodyUsed ||
    (body && body.locked !== false)
  ) {
    throw new InvalidResponseError(
      "",
      "a Response with an unread body",
      "something else from 'fetchFn'",
    );
  }
}

function networkError(what: string, thrown: unknown, token: string) {
  const cause = redactError(thrown, token);
  const inner = cause.cause instanceof Error ? `: ${cause.cause.message}` : "";
  return new NetworkError(
    `${what}: check the network and 'baseUrl' (${cause.message}${inner})`,
    cause,
  );
}

/** What success is: the part of an operation that an attempt has to know. */
interface Expected {
  status: number;
  /** The decoder of the body; undefined if there is none to be read. */
  result: unknown;
}

/** Sends the request; whatever `fetchFn` throws is a `NetworkError`. */
async function send(
  fetchFn: FetchFn,
  url: string,
  init: Parameters<FetchFn>[1],
  token: string,
): Promise<Response> {
  let response: unknown;
  try {
    response = await fetchFn(url, init);
  } catch (thrown) {
    throw networkError("No response came", thrown, token);
  }
  checkResponse(response);
  return response;
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
  token: string,
  limits: Limits,
  leftMs: number,
  signal: AbortSignal | undefined,
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let response: ApiResponse | undefined;
    let reader: BodyReader | undefined;
    let needsBody = false; // without which there is no result

    const drop = (reason?: unknown) => {
      controller.abort(reason);
      // A body need not listen to the signal of its request
      reader?.cancel().catch(() => {});
    };
    const fail = (reason: unknown) => {
      stop();
      reject(reason);
      drop(reason);
    };
    const option = leftMs < limits.attemptTimeoutMs
      ? "timeoutMs"
      : "attemptTimeoutMs";
    const ms = Math.min(leftMs, limits.attemptTimeoutMs);
    const stop = startTimer(ms, signal, () => {
      // A status counts, even when the rest never comes: what settles first
      // stands, and fail() then only ends the request
      if (response && !needsBody) resolve(response);
      const waitingFor = response ? "body" : "response";
      fail(new TimeoutError(limits[option], waitingFor, option));
    }, fail);

    const exchange = async () => {
      const { signal } = controller;
      const came = await send(fetchFn, url, { ...init, signal }, token);
      const { status, headers } = came;
      response = { status, headers, body: "" };
      reader = openBody(came);
      const isSuccess = status === expected.status;
      needsBody = isSuccess && expected.result !== undefined;
      let maxBytes = limits.maxBodyBytes;
      if (!needsBody) {
        // Nobody may follow a redirect, or wants to know of a success
        if (isSuccess || isRedirect(status)) drop();
        maxBytes = Math.min(maxBytes, maxErrorBytes);
      }
      if (signal.aborted) drop(); // nobody waits any more
      try {
        if (reader) response.body = await readText(reader, maxBytes);
      } catch (thrown) {
        if (!needsBody) drop();
        else if (thrown instanceof RoomsError) throw thrown;
        else throw networkError("The response broke off", thrown, token);
      }
      stop();
      resolve(response);
    };
    exchange().catch(fail);
  });
}
