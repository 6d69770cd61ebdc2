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

/** An attempt under way: what has come so far, and how to end it. */
interface Exchange {
  controller: AbortController;
  response?: ApiResponse;
  reader?: BodyReader;
}

/** Whether the body is the result, which nothing can do without. */
function needsBody({ response }: Exchange, { status, result }: Expected) {
  return response?.status === status && result !== undefined;
}

function drop({ controller, reader }: Exchange, reason?: unknown): void {
  controller.abort(reason);
  // A body need not listen to the signal of its request
  reader?.cancel().catch(() => {});
}

/** Sends the request and reads the response, however long that takes. */
async function run(
  exchange: Exchange,
  fetchFn: FetchFn,
  expected: Expected,
  { url, ...init }: ApiRequest,
  token: string,
  maxBodyBytes: number,
): Promise<ApiResponse> {
  const { signal } = exchange.controller;
  let came: Response;
  try {
    came = await fetchFn(url, { ...init, signal });
  } catch (thrown) {
    throw networkError("No response came", thrown, token);
  }
  checkResponse(came);
  const { status, headers } = came;
  const response = exchange.response = { status, headers, body: "" };
  const reader = openBody(came);
  if (reader) exchange.reader = reader;
  const needed = needsBody(exchange, expected);
  // Nobody waits for the body, may follow it, or wants to know it
  if (
    signal.aborted || isRedirect(status) ||
    status === expected.status && !needed
  ) drop(exchange);
  try {
    if (reader) {
      response.body = await readText(
        reader,
        needed ? maxBodyBytes : Math.min(maxBodyBytes, maxErrorBytes),
      );
    }
  } catch (thrown) {
    if (needed) {
      throw thrown instanceof RoomsError
        ? thrown
        : networkError("The response broke off", thrown, token);
    }
    drop(exchange);
  }
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
  request: ApiRequest,
  token: string,
  limits: Limits,
  leftMs: number,
  signal: AbortSignal | undefined,
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const exchange: Exchange = { controller: new AbortController() };
    const fail = (reason: unknown) => {
      stop();
      reject(reason);
      drop(exchange, reason);
    };
    const option = leftMs < limits.attemptTimeoutMs
      ? "timeoutMs"
      : "attemptTimeoutMs";
    const onTimeout = () => {
      const { response } = exchange;
      // A status counts, even when the rest never comes: what settles first
      // stands, and fail() then only ends the request
      if (response && !needsBody(exchange, expected)) resolve(response);
      const waitingFor = response ? "body" : "response";
      fail(new TimeoutError(limits[option], waitingFor, option));
    };
    const stop = startTimer(
      Math.min(leftMs, limits.attemptTimeoutMs),
      signal,
      onTimeout,
      fail,
    );
    run(exchange, fetchFn, expected, request, token, limits.maxBodyBytes)
      .then((response) => {
        stop();
        resolve(response);
      })
      .catch(fail);
  });
}
