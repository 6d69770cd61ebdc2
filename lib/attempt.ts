import { alarm } from "./alarm.ts";
import { readText } from "./body.ts";
import {
  InvalidResponseError,
  NetworkError,
  RoomsError,
  TimeoutError,
} from "./errors.ts";
import { redactError } from "./redact.ts";
import type { RoomRequest } from "./request.ts";
import { isRedirect } from "./response.ts";

/**
 * What sends a request: the global `fetch` of every runtime, or a function
 * like it. It is called with the URL as text and an init of plain data plus a
 * signal, and must answer with a `Response` whose body is unread.
 */
export type FetchFn = (
  url: string,
  init: Omit<RoomRequest, "url"> & { signal: AbortSignal },
) => Promise<Response>;

/** An answer that came, whatever its status. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The body; `""` of an error that did not come whole, or was too large. */
  text: string;
}

/** How long and how large an answer may be. */
export interface Limits {
  /** Milliseconds that are left. */
  ms: number;
  /** The option that sets this limit, and its value. */
  option: "timeoutMs" | "attemptTimeoutMs";
  optionMs: number;
  maxBodyBytes: number;
}

/** An error's body is help, not the answer: more of it is not worth reading. */
const maxErrorBytes = 64 * 1024;

function checkResponse(response: unknown): asserts response is Response {
  const { status, headers, body, bodyUsed } = (response ?? {}) as Response;
  if (
    typeof status !== "number" || typeof headers?.get !== "function" ||
    bodyUsed || body?.locked || (body && !body.getReader)
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

/**
 * Sends one request and reads its answer, within its limits. It settles when
 * they pass or the caller aborts, even if `fetchFn` heeds no signal; a late
 * response is cancelled.
 */
export function attempt(
  fetchFn: FetchFn,
  { url, ...init }: RoomRequest,
  token: string,
  { ms, option, optionMs, maxBodyBytes }: Limits,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let answer: Answer | undefined;

    const off = alarm(ms, signal, () => {
      // An error's status counts, even when the rest never comes
      if (answer && answer.status !== 200) resolve({ ...answer });
      else {
        const waitingFor = answer ? "body" : "response";
        reject(new TimeoutError(optionMs, waitingFor, option));
      }
      controller.abort();
    }, (reason) => {
      reject(reason);
      controller.abort(reason);
    });

    const send = async (): Promise<Response> => {
      try {
        return await fetchFn(url, { ...init, signal: controller.signal });
      } catch (thrown) {
        throw networkError("No answer came", thrown, token);
      }
    };

    const exchange = async (): Promise<Answer> => {
      const response = await send();
      checkResponse(response);
      const { status, headers, body } = response;
      answer = { status, headers, text: "" };
      if (controller.signal.aborted || isRedirect(status)) {
        body?.cancel().catch(() => {});
        return answer;
      }
      const maxBytes = status === 200
        ? maxBodyBytes
        : Math.min(maxBodyBytes, maxErrorBytes);
      try {
        answer.text = await readText(body, maxBytes, controller.signal);
      } catch (thrown) {
        if (status === 200) {
          throw thrown instanceof RoomsError
            ? thrown
            : networkError("The answer broke off", thrown, token);
        }
        controller.abort();
      }
      return answer;
    };

    exchange().then((value) => {
      off();
      resolve(value);
    }, (error) => {
      off();
      reject(error);
      controller.abort();
    });
  });
}
