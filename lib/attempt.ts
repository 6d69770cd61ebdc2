import { checkArgument } from "./arguments.ts";
import { type BodyReader, decodeUtf8, isFramed, readText } from "./body.ts";
import { type Decoder, where } from "./decode.ts";
import { NetworkError, RoomsError, TimeoutError } from "./errors.ts";
import type { ApiRequest } from "./operation.ts";
import { redactError } from "./redact.ts";
import type { ApiResponse } from "./response.ts";
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
const maxErrorBytes = 65_536;

/** What a `fetchFn` has to resolve to. */
const unreadResponse: Decoder<Response> = /* @__PURE__ */ where(
  "a function that gives an unread web Response",
  (value) => {
    const { headers, body, bodyUsed } = Object(value) as Response;
    return !!headers?.get && bodyUsed === false &&
      (body === null || body?.locked === false);
  },
);

function networkError(waitingFor: string, thrown: unknown, token: string) {
  const cause = redactError(thrown, token);
  const inner = cause.cause instanceof Error ? `: ${cause.cause.message}` : "";
  return new NetworkError(
    `The ${waitingFor} did not come: ` +
      `check the network and 'baseUrl' (${cause.message}${inner})`,
    cause,
  );
}

/** What success is: the part of an operation that an attempt has to know. */
interface Expected {
  status: number;
  /** The decoder of the body, if there is one to be read. */
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
  token: string,
  limits: Limits,
  leftMs: number,
  signal: AbortSignal | undefined,
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let waitingFor: "response" | "body" = "response";
    let reader: BodyReader | undefined;
    /** The response, if it counts without (the rest of) its body. */
    let enough: ApiResponse | undefined;

    const end = (reason?: unknown) => {
      stop();
      if (enough && !signal?.aborted) resolve(enough);
      else reject(reason);
      controller.abort(reason);
      // A body need not listen to the signal of its request
      reader?.cancel().catch(() => {});
    };
    const option = leftMs < limits.attemptTimeoutMs
      ? "timeoutMs"
      : "attemptTimeoutMs";
    const stop = startTimer(Math.min(leftMs, limits[option]), signal, () => {
      end(new TimeoutError(limits[option], waitingFor, option));
    }, end);

    const exchange = async () => {
      const { signal } = controller;
      const came = await fetchFn(url, { ...init, signal });
      waitingFor = "body";
      checkArgument("fetchFn", unreadResponse, came);
      const { status, headers } = came;
      const response = { status, headers, body: "" };
      let maxBytes = limits.maxBodyBytes;
      if (status !== expected.status || !expected.result) {
        enough = response;
        maxBytes = Math.min(maxBytes, maxErrorBytes);
      }
      const framed = isFramed(came, maxBytes);
      if (!framed) reader = came.body?.getReader();
      if (signal.aborted) return end(); // nobody waits any more
      if (framed) response.body = decodeUtf8(await came.arrayBuffer());
      else if (reader) response.body = await readText(reader, maxBytes);
      stop();
      resolve(response);
    };
    exchange().catch((thrown) =>
      end(
        waitingFor === "body" && thrown instanceof RoomsError
          ? thrown
          : networkError(waitingFor, thrown, token),
      )
    );
  });
}
