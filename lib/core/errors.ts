// The error classes, and the codes that programs switch on.
import { problemOf } from "./decode.ts";

/** The values of `ApiError.code`: the meaning of the HTTP status. */
export type ApiErrorCode =
  | "bad_request"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "unprocessable"
  | "rate_limited"
  | "server_error"
  | "unexpected_status";

/**
 * The values of `WebhookError.code`:
 *
 * - `missing_header`: one of the two headers is missing.
 * - `bad_header`: a header is not in its documented form.
 * - `too_old`, `too_new`: the timestamp is outside the tolerance.
 * - `too_large`: the body exceeds `maxBodyBytes`.
 * - `incomplete`: the body broke off, or took too long.
 * - `bad_signature`: no key signed this body with this timestamp.
 * - `malformed`: the body is signed, but not an event as documented.
 * - `unsupported`: this runtime cannot verify Ed25519.
 */
export type WebhookErrorCode =
  | "missing_header"
  | "bad_header"
  | "too_old"
  | "too_new"
  | "too_large"
  | "incomplete"
  | "bad_signature"
  | "malformed"
  | "unsupported";

/**
 * The values of `DownloadError.code`:
 *
 * - `not_ready`: the recording or composition has no file yet.
 * - `file_changed`: the file is not the one whose first bytes were read.
 * - `not_resumable`: the file's host does not send the rest of it.
 */
export type DownloadErrorCode =
  | "not_ready"
  | "file_changed"
  | "not_resumable";

/**
 * The values of `WaitError.code`:
 *
 * - `wait_timeout`: what was waited for was not ready in time.
 * - `failed`: Telnyx says that it will never be ready.
 */
export type WaitErrorCode = "wait_timeout" | "failed";

/** The values of `RoomsError.code`. */
export type RoomsErrorCode =
  | "invalid_argument"
  | ApiErrorCode
  | "network"
  | "timeout"
  | "invalid_response"
  | "response_too_large"
  | WaitErrorCode
  | WebhookErrorCode
  | DownloadErrorCode;

/**
 * One entry of an error body (Telnyx API reference, *Errors*). The API uses
 * several formats; each has at least one of the texts.
 */
export interface ApiErrorDetail {
  /** Telnyx's error code, digits such as `"10005"`. */
  code?: string;
  /** What went wrong, in a few words, such as `"Resource not found"`. */
  title?: string;
  /** What went wrong, in a sentence. */
  detail?: string;
  /** The part of the request that caused it. */
  source?: {
    /** A JSON Pointer (RFC 6901) into the request's body. */
    pointer?: unknown;
    /** The name of a query parameter. */
    parameter?: unknown;
  } | null;
  /** Further details. */
  meta?: Record<string, unknown> | null;
}

/**
 * Telnyx's rate limit, from the `x-ratelimit-*` headers of a response. A
 * field is absent if its header is missing or not understood.
 */
export interface RateLimit {
  /** Requests allowed per window: the first number of `x-ratelimit-limit`. */
  limit?: number;
  /** Requests left in this window: `x-ratelimit-remaining`. */
  remaining?: number;
  /**
   * Milliseconds until the window ends, from `x-ratelimit-reset`: seconds, or a
   * Unix time in seconds.
   */
  resetMs?: number;
}

/** The property of every error of this module, whichever copy of it made it. */
export const errorBrand: unique symbol = /* @__PURE__ */ Symbol.for(
  "@videorooms/telnyx/error",
);

/**
 * Whether a value is an error of this module, or of another copy of it, as in
 * a program with two versions. `instanceof RoomsError` knows only its own copy.
 *
 * @param value Anything, such as what a call rejected with.
 * @returns Whether it has a `code` to switch on.
 *
 * @example
 * ```ts
 * import { getRoom, isRoomsError } from "@videorooms/telnyx";
 * import { assert } from "@std/assert";
 *
 * const error = await getRoom(fetch, "any", "not-a-uuid").catch((e) => e);
 * assert(isRoomsError(error) && error.code === "invalid_argument");
 * ```
 */
export function isRoomsError(value: unknown): value is AnyRoomsError {
  try {
    return typeof value === "object" && value !== null && errorBrand in value;
  } catch {
    return false; // a proxy
  }
}

/**
 * Base class of this module's errors. The message says what was wrong and what
 * to do. Neither the message nor any property contains the token.
 *
 * @example Handle an error by its code
 * ```ts
 * import { getRoom, RoomsError } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const state = await getRoom(fakeRooms().fetch, "any", id).then(
 *   (room) => room.active_session_id ? "in session" : "idle",
 *   (error) => {
 *     if (error instanceof RoomsError && error.code === "not_found") {
 *       return "no such room";
 *     }
 *     throw error;
 *   },
 * );
 * assertEquals(state, "no such room");
 * ```
 */
export abstract class RoomsError extends Error {
  /** The name of the class. */
  abstract override readonly name: string;
  /** Tells errors of this module from others, also those of another copy. */
  readonly [errorBrand] = true;
  /** What happened, as a literal that is stable between releases. */
  abstract readonly code: RoomsErrorCode;
  /**
   * How many requests were sent; 0 if none, so also in errors that the
   * functions of `./core` throw.
   */
  attempts = 0;
  /**
   * Whether a request that changes something (not a GET) may have been carried
   * out, although the call failed: always false in errors that the functions of
   * `./core` throw. What failed while it connected was not sent. If the operation
   * is not idempotent, the message says so too.
   */
  mayHaveTakenEffect = false;
}

/**
 * An invalid argument or option. No request was sent.
 *
 * @example
 * ```ts
 * import { getRoom, InvalidArgumentError } from "@videorooms/telnyx";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const error = await assertRejects(
 *   () => getRoom(fetch, "any", "not-a-uuid"),
 *   InvalidArgumentError,
 * );
 * assertEquals(error.argument, "id");
 * ```
 */
export class InvalidArgumentError extends RoomsError {
  /** The name of the class. */
  override readonly name = "InvalidArgumentError";
  /** What happened. */
  override readonly code = "invalid_argument";
  /** The argument's name, or a nested option's path: `retry.maxAttempts`. */
  readonly argument: string;

  /**
   * Makes the error.
   *
   * @param argument The argument's name.
   * @param problem What is wrong with it: the sentence after its name.
   * @param options The standard `cause`.
   */
  constructor(argument: string, problem: string, options?: ErrorOptions) {
    super(`'${argument}' ${problem}`, options);
    this.argument = argument;
  }
}

/**
 * A response with another status than success. This includes redirects: the
 * token is only ever sent to `baseUrl`.
 *
 * @example
 * ```ts
 * import { ApiError, getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const { fetch } = fakeRooms({ tokens: ["right"] });
 * const error = await assertRejects(
 *   () => getRoom(fetch, "wrong", "7b61621f-62e0-4aad-ab11-9fd19e272e73"),
 *   ApiError,
 * );
 * assertEquals(error.code, "unauthorized");
 * assertEquals(error.details[0]?.code, "10009");
 * ```
 */
export class ApiError extends RoomsError {
  /** The name of the class. */
  override readonly name = "ApiError";
  /** What happened. */
  override readonly code: ApiErrorCode;
  /** The HTTP status; 0 for a redirect that the runtime hides. */
  readonly status: number;
  /** The error entries of the body; empty if none were understood. */
  readonly details: ApiErrorDetail[];
  /** The response's `x-request-id`, for Telnyx support; undefined if absent. */
  readonly requestId: string | undefined;
  /** The rate limit, from the headers. */
  readonly rateLimit: RateLimit;
  /**
   * Milliseconds that Telnyx asks to wait before the next request: from
   * `Retry-After`, or else from the `x-ratelimit-reset` of a 429. Undefined if
   * it asks for nothing.
   */
  readonly retryAfterMs: number | undefined;

  /**
   * Makes the error.
   *
   * @param message What was wrong and what to do.
   * @param response What the response says.
   */
  constructor(
    message: string,
    response:
      & Pick<ApiError, "code" | "status" | "details">
      & Partial<Pick<ApiError, "requestId" | "rateLimit" | "retryAfterMs">>,
  ) {
    super(message);
    this.code = response.code;
    this.status = response.status;
    this.details = response.details;
    this.requestId = response.requestId;
    this.rateLimit = response.rateLimit ?? {};
    this.retryAfterMs = response.retryAfterMs;
  }
}

/**
 * No response arrived, or its body broke off. `cause` is a copy of what
 * `fetchFn` threw (name, message, code, stack and causes) with the token
 * redacted.
 *
 * @example
 * ```ts
 * import { getRoom, NetworkError } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.fault({ disconnect: "in-body" });
 * const error = await assertRejects(
 *   () => getRoom(fake.fetch, "any", id, { retry: false }),
 *   NetworkError,
 * );
 * assertEquals(error.attempts, 1);
 * ```
 */
export class NetworkError extends RoomsError {
  /** The name of the class. */
  override readonly name = "NetworkError";
  /** What happened. */
  override readonly code = "network";
}

/**
 * No complete response arrived in time.
 *
 * @example
 * ```ts
 * import { getRoom, TimeoutError } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.fault({ bodyDelayMs: Infinity });
 * const error = await assertRejects(
 *   () => getRoom(fake.fetch, "any", id, { timeoutMs: 20 }),
 *   TimeoutError,
 * );
 * assertEquals([error.timeoutMs, error.waitingFor], [20, "body"]);
 * ```
 */
export class TimeoutError extends RoomsError {
  /** The name of the class. */
  override readonly name = "TimeoutError";
  /** What happened. */
  override readonly code = "timeout";
  /** The limit that was exceeded, in milliseconds. */
  readonly timeoutMs: number;
  /** What was late: the response's head, or (the rest of) its body. */
  readonly waitingFor: "response" | "body";

  /**
   * Makes the error.
   *
   * @param timeoutMs The limit that was exceeded, in milliseconds.
   * @param waitingFor What was late.
   * @param option The option that sets the limit.
   * @param note What else there is to say, at the end of the message.
   */
  constructor(
    timeoutMs: number,
    waitingFor: "response" | "body",
    option: "timeoutMs" | "attemptTimeoutMs" | "stallTimeoutMs",
    note = "",
  ) {
    const missing = option === "stallTimeoutMs"
      ? "further byte of the file"
      : "complete response";
    super(
      `No ${missing} within ${timeoutMs} ms (${option})${note}`,
    );
    this.timeoutMs = timeoutMs;
    this.waitingFor = waitingFor;
  }
}

/**
 * What `waitForRecordings` or `waitForComposition` waited for was not ready in time
 * (`wait_timeout`), or never will be (`failed`).
 *
 * @example
 * ```ts
 * import { WaitError, waitForRecordings } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id } = fake.join(id);
 * const error = await assertRejects(
 *   () => waitForRecordings(fake.fetch, "any", session_id ?? "", { timeoutMs: 9 }),
 *   WaitError,
 * );
 * assertEquals(error.code, "wait_timeout");
 * ```
 */
export class WaitError extends RoomsError {
  /** The name of the class. */
  override readonly name = "WaitError";
  /** What happened. */
  override readonly code: WaitErrorCode;

  /**
   * Makes the error.
   *
   * @param code What happened.
   * @param message The message.
   * @param options The standard `cause`: the last temporary failure, if any.
   */
  constructor(
    code: WaitErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
  }
}

/**
 * A success status with a body that is not as documented. It is not retried.
 *
 * @example
 * ```ts
 * import { getRoom, InvalidResponseError } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.fault({ body: { data: { id, max_participants: "50" } } });
 * const error = await assertRejects(
 *   () => getRoom(fake.fetch, "any", id),
 *   InvalidResponseError,
 * );
 * assertEquals(error.pointer, "/data/max_participants");
 * assertEquals([error.expected, error.received], ["integer", "string"]);
 * ```
 */
export class InvalidResponseError extends RoomsError {
  /** The name of the class. */
  override readonly name = "InvalidResponseError";
  /** What happened. */
  override readonly code = "invalid_response";
  /**
   * Where in the body, as a JSON Pointer (RFC 6901) such as
   * `/data/sessions/1/active`; `""` is the whole body.
   */
  readonly pointer: string;
  /** What was expected: a JSON type, or words such as `"JSON"`. */
  readonly expected: string;
  /** What was found: a JSON type, `"nothing"`, or words; never the value. */
  readonly received: string;

  /**
   * Makes the error.
   *
   * @param pointer Where in the body, as a JSON Pointer (RFC 6901).
   * @param expected What was expected.
   * @param received What was found.
   * @param note What else there is to say, at the end of the message.
   */
  constructor(
    pointer: string,
    expected: string,
    received: string,
    note = "",
  ) {
    super(
      `The response's ${pointer || "body"} ${problemOf(expected, received)}; ` +
        // Without `data` or `meta`, it is probably from another server
        (pointer.lastIndexOf("/") > 0
          ? "update this module"
          : "check 'baseUrl'") +
        note,
    );
    this.pointer = pointer;
    this.expected = expected;
    this.received = received;
  }
}

/**
 * A body that is larger than `maxBodyBytes` when decoded. It is not retried.
 *
 * @example
 * ```ts
 * import { getRoom, ResponseTooLargeError } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const { fetch } = fakeRooms({ rooms: [{ id }] });
 * const error = await assertRejects(
 *   () => getRoom(fetch, "any", id, { maxBodyBytes: 10 }),
 *   ResponseTooLargeError,
 * );
 * assertEquals(error.maxBodyBytes, 10);
 * ```
 */
export class ResponseTooLargeError extends RoomsError {
  /** The name of the class. */
  override readonly name = "ResponseTooLargeError";
  /** What happened. */
  override readonly code = "response_too_large";
  /** The limit that was exceeded, in bytes. */
  readonly maxBodyBytes: number;

  /**
   * Makes the error.
   *
   * @param maxBodyBytes The limit that was exceeded, in bytes.
   * @param note What else there is to say, at the end of the message.
   */
  constructor(maxBodyBytes: number, note = "") {
    super(
      `The body is over ${maxBodyBytes} bytes: raise 'maxBodyBytes'${note}`,
    );
    this.maxBodyBytes = maxBodyBytes;
  }
}

/**
 * A webhook that cannot be trusted or read. The message never quotes it.
 *
 * @example
 * ```ts
 * import { parseWebhook, WebhookError } from "@videorooms/telnyx";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
 * const unsigned = new Request("https://example.com/", {
 *   method: "POST",
 *   body: '{"data":{"event_type":"video.room.session.started"}}',
 * });
 * const error = await assertRejects(
 *   () => parseWebhook(unsigned, publicKey),
 *   WebhookError,
 * );
 * assertEquals(error.code, "missing_header");
 * ```
 */
export class WebhookError extends RoomsError {
  /** The name of the class. */
  override readonly name = "WebhookError";
  /** What happened. */
  override readonly code: WebhookErrorCode;

  /**
   * Makes the error.
   *
   * @param code What happened.
   * @param message What was wrong and what to do.
   */
  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A file that cannot be downloaded: it is not there yet, or not the same any more.
 *
 * @example
 * ```ts
 * import { DownloadError, downloadRecording } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const fake = fakeRooms();
 * const { id } = fake.addRecording({ status: "processing" });
 * const error = await assertRejects(
 *   () => downloadRecording(fake.fetch, "any", id),
 *   DownloadError,
 * );
 * assertEquals(error.code, "not_ready");
 * ```
 */
export class DownloadError extends RoomsError {
  /** The name of the class. */
  override readonly name = "DownloadError";
  /** What happened. */
  override readonly code: DownloadErrorCode;

  /**
   * Makes the error.
   *
   * @param code What happened.
   * @param message What was wrong and what to do.
   */
  constructor(code: DownloadErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * An error of this module: a union of all its classes, so that a `switch` over
 * `code` narrows it to the class, with its properties.
 *
 * @example What to do about an error
 * ```ts
 * import { getRoom, isRoomsError } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * function advice(error: unknown): string {
 *   if (!isRoomsError(error)) throw error;
 *   switch (error.code) {
 *     case "invalid_argument":
 *       return `fix ${error.argument}`; // an InvalidArgumentError
 *     case "rate_limited":
 *       return `wait ${error.retryAfterMs} ms`; // an ApiError
 *     default:
 *       return error.message;
 *   }
 * }
 *
 * const { fetch } = fakeRooms();
 * const error = await getRoom(fetch, "any", "Standup").catch((e) => e);
 * assertEquals(advice(error), "fix id");
 * ```
 */
export type AnyRoomsError =
  | InvalidArgumentError
  | ApiError
  | NetworkError
  | TimeoutError
  | InvalidResponseError
  | ResponseTooLargeError
  | WaitError
  | WebhookError
  | DownloadError;
