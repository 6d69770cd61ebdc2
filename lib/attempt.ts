import { alarm } from "./alarm.ts";
import { type BodyReader, openBody, readText } from "./body.ts";
import {
  InvalidResponseError,
  NetworkError,
  RoomsError,
  TimeoutError,
} from "./errors.ts";
import { redactError } from "./redact.ts";
import type { RoomRequest } from "./request.ts";
import { type Answer, isRedirect } from "./response.ts";

/**
 * What sends a request: the global `fetch` of every runtime, or a function
 * like it. It is called with the URL as text and an init of plain data plus a
 * signal, and must answer with a `Response` whose body is unread.
 *
 * @example Send a header of your own with every request
 * ```ts
 * import { type FetchFn, getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] }); // or the real fetch
 * const tracing: FetchFn = (url, init) =>
 *   fake.fetch(url, {
 *     ...init,
 *     headers: { ...init.headers, "x-trace": "7" },
 *   });
 *
 * await getRoom(tracing, "any", id);
 * assertEquals(fake.requests[0]?.headers["x-trace"], "7");
 * ```
 */
export type FetchFn = (
  url: string,
  init: Omit<RoomRequest, "url"> & { signal: AbortSignal },
) => Promise<Response>;

/** How long and how large an answer may be. */
export interface Limits {
  /** Milliseconds for the whole call. */
  timeoutMs: number;
  /** Milliseconds for one attempt. */
  attemptTimeoutMs: number;
  /** The decoded size of a body. */
  maxBodyBytes: number;
}

/** An error's body is help, not the answer: more of it is not worth reading. */
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

/**
 * Sends one request and reads its answer, within its limits and the time that
 * is left of the call. It settles when they pass or the caller aborts, even if
 * `fetchFn` heeds no signal; a late response is cancelled.
 */
export function attempt(
  fetchFn: FetchFn,
  { url, ...init }: RoomRequest,
  token: string,
  limits: Limits,
  leftMs: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let answer: Answer | undefined;
    let reader: BodyReader | undefined;

    const drop = (reason?: unknown) => {
      controller.abort(reason);
      // A body need not listen to the signal of its request
      reader?.cancel().catch(() => {});
    };

    const fail = (reason: unknown) => {
      off();
      reject(reason);
      drop(reason);
    };

    const option = leftMs < limits.attemptTimeoutMs
      ? "timeoutMs"
      : "attemptTimeoutMs";
    const off = alarm(Math.min(leftMs, limits.attemptTimeoutMs), signal, () => {
      // An error's status counts, even when the rest never comes: what settles
      // first stands, and fail() then only ends the request
      if (answer && answer.status !== 200) resolve({ ...answer });
      fail(
        new TimeoutError(limits[option], answer ? "body" : "response", option),
      );
    }, fail);

    const exchange = async () => {
      let response: Response;
      try {
        response = await fetchFn(url, { ...init, signal: controller.signal });
      } catch (thrown) {
        throw networkError("No answer came", thrown, token);
      }
      checkResponse(response);
      const { status, headers } = response;
      answer = { status, headers, text: "" };
      reader = openBody(response);
      // Nobody waits for it any more, or nobody may follow it
      if (controller.signal.aborted || isRedirect(status)) drop();
      const maxBytes = status === 200
        ? limits.maxBodyBytes
        : Math.min(limits.maxBodyBytes, maxErrorBytes);
      try {
        if (reader) answer.text = await readText(reader, maxBytes);
      } catch (thrown) {
        if (status === 200) {
          throw thrown instanceof RoomsError
            ? thrown
            : networkError("The answer broke off", thrown, token);
        }
        drop();
      }
      off();
      resolve(answer);
    };

    exchange().catch(fail);
  });
}
