/**
 * What `ApiError.code` can be: the meaning of the response's status.
 */
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
 * What `WebhookError.code` can be:
 *
 * - `missing_header`: one of the two headers is not there.
 * - `bad_header`: one of them is not in the documented form.
 * - `too_old`, `too_new`: the timestamp is not within the tolerance.
 * - `too_large`: the body is larger than the bound.
 * - `incomplete`: the body broke off, or did not come in time.
 * - `bad_signature`: no key has signed this body at this time.
 * - `malformed`: it is signed, but not an event as documented.
 * - `unsupported`: this runtime can't verify Ed25519.
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
 * Every literal that `RoomsError.code` can be; switch on it.
 */
export type RoomsErrorCode =
  | "invalid_argument"
  | ApiErrorCode
  | "network"
  | "timeout"
  | "invalid_response"
  | "response_too_large"
  | WebhookErrorCode;

/**
 * One entry of an error body (Telnyx API reference, *Errors*), as far as it
 * goes: the API has several forms, and each has at least one of the texts.
 */
export interface ApiErrorDetail {
  /** The provider's own code, a string of digits such as `"10005"`. */
  code?: string;
  /** What went wrong, in a few words, such as `"Resource not found"`. */
  title?: string;
  /** What went wrong, in a sentence. */
  detail?: string;
  /** What in the request caused it. */
  source?: {
    /** A JSON Pointer (RFC 6901) into the request's body. */
    pointer?: unknown;
    /** The name of a query parameter. */
    parameter?: unknown;
  } | null;
  /** Anything else the provider says. */
  meta?: Record<string, unknown> | null;
}

/**
 * The provider's rate limit at the time of a response, from its `x-ratelimit-*`
 * headers. What a header does not say, or says in no known form, is absent.
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

/**
 * Base class of this module's errors. The message says what was wrong with what,
 * and what to do. Neither the message nor any of the properties holds the token.
 *
 * @example Tell errors apart by their code
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
export abstract class RoomsError<Fields extends object = object> extends Error {
  /** What happened, as a literal that never changes between releases. */
  abstract readonly code: RoomsErrorCode;
  /**
   * How many requests were sent before giving up. 0 when none was, and on
   * what the functions of `./core` throw, since they send none.
   */
  attempts = 0;

  /**
   * Makes the error.
   *
   * @param message What was wrong with what, and what to do.
   * @param fields What the error carries besides; of them, `cause` is standard.
   */
  constructor(message: string, fields?: Fields) {
    super(message, fields);
    Object.assign(this, fields);
  }

  /** The name of the class, whatever a minifier makes of that. */
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * An argument or option that no request can be made of. Nothing was sent.
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
  /** What happened: the literal to switch on. */
  override readonly code = "invalid_argument";
  /** The argument's name; a nested option's with its path: `retry.maxAttempts`. */
  declare readonly argument: string;

  /**
   * Makes the error.
   *
   * @param argument The argument's name.
   * @param problem What is wrong with it, to follow its name in a sentence.
   */
  constructor(argument: string, problem: string) {
    super(`'${argument}' ${problem}`, { argument });
  }

  /** `InvalidArgumentError` */
  static override readonly name: string = "InvalidArgumentError";
}

/** What an {@linkcode ApiError} carries. */
export interface ApiErrorFields {
  /** The meaning of the status. */
  code: ApiErrorCode;
  /** The HTTP status; 0 for a redirect that the runtime shows no more of. */
  status: number;
  /** The error entries of the body; empty if it had none in a known form. */
  details: ApiErrorDetail[];
  /** The response's `x-request-id`, for the provider's support. */
  requestId?: string;
  /** The rate limit, as far as the headers tell it. */
  rateLimit?: RateLimit;
  /**
   * Milliseconds that the provider asks to wait before another request: from
   * `Retry-After`; else from the `x-ratelimit-reset` of a 429.
   */
  retryAfterMs?: number;
}

/**
 * A response whose status is not that of success. A redirect is one too: the
 * token goes to no other address than `baseUrl`.
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
export class ApiError extends RoomsError<ApiErrorFields> {
  /** What happened: the literal to switch on. */
  declare readonly code: ApiErrorCode;
  /** The HTTP status; 0 for a redirect that the runtime shows no more of. */
  declare readonly status: number;
  /** The error entries of the body; empty if it had none in a known form. */
  declare readonly details: ApiErrorDetail[];
  /** The response's `x-request-id`, for the provider's support. */
  declare readonly requestId?: string;
  /** The rate limit, as far as the headers tell it. */
  declare readonly rateLimit?: RateLimit;
  /**
   * Milliseconds that the provider asks to wait before another request: from
   * `Retry-After`; else from the `x-ratelimit-reset` of a 429.
   */
  declare readonly retryAfterMs?: number;

  /** `ApiError` */
  static override readonly name: string = "ApiError";
}

/**
 * No response came, or its body broke off. `cause` is a copy of what `fetchFn`
 * threw (name, message, code, stack and causes) with the token redacted.
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
export class NetworkError extends RoomsError<{ cause?: unknown }> {
  /** What happened: the literal to switch on. */
  override readonly code = "network";

  /** `NetworkError` */
  static override readonly name: string = "NetworkError";
}

/**
 * No complete response came in time.
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
  /** What happened: the literal to switch on. */
  override readonly code = "timeout";
  /** The limit that passed, in milliseconds. */
  declare readonly timeoutMs: number;
  /** What had not come: the status and headers, or (the rest of) the body. */
  declare readonly waitingFor: "response" | "body";

  /**
   * Makes the error.
   *
   * @param timeoutMs The limit that passed, in milliseconds.
   * @param waitingFor What had not come.
   * @param option The option that sets the limit.
   */
  constructor(
    timeoutMs: number,
    waitingFor: "response" | "body",
    option: "timeoutMs" | "attemptTimeoutMs",
  ) {
    super(
      `The ${waitingFor} did not come within ${timeoutMs} ms: raise '${option}'`,
      { timeoutMs, waitingFor },
    );
  }

  /** `TimeoutError` */
  static override readonly name: string = "TimeoutError";
}

/**
 * A success whose body is not what the API documents. It is not retried.
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
  /** What happened: the literal to switch on. */
  override readonly code = "invalid_response";
  /**
   * Where in the body, as a JSON Pointer (RFC 6901) such as
   * `/data/sessions/1/active`; `""` is the body as a whole.
   */
  declare readonly pointer: string;
  /** What should be there: a JSON type, or words such as `"JSON"`. */
  declare readonly expected: string;
  /** What is there: a JSON type, `"nothing"`, or words. Never the value. */
  declare readonly received: string;

  /**
   * Makes the error.
   *
   * @param pointer Where in the body, as a JSON Pointer (RFC 6901).
   * @param expected What should be there.
   * @param received What is there.
   */
  constructor(pointer: string, expected: string, received: string) {
    super(
      `The response's ${pointer || "body"} must be ` +
        `${expected}, received ${received}; ` +
        // What lacks a whole part comes from another server
        (pointer.lastIndexOf("/") > 0
          ? "update this module"
          : "check 'baseUrl'"),
      { pointer, expected, received },
    );
  }

  /** `InvalidResponseError` */
  static override readonly name: string = "InvalidResponseError";
}

/**
 * A success whose decoded body is larger than `maxBodyBytes`. It is not retried.
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
  /** What happened: the literal to switch on. */
  override readonly code = "response_too_large";
  /** The limit that was passed, in bytes. */
  declare readonly maxBodyBytes: number;

  /**
   * Makes the error.
   *
   * @param maxBodyBytes The limit that was passed, in bytes.
   */
  constructor(maxBodyBytes: number) {
    super(
      `The body is over ${maxBodyBytes} bytes: raise 'maxBodyBytes'`,
      { maxBodyBytes },
    );
  }

  /** `ResponseTooLargeError` */
  static override readonly name: string = "ResponseTooLargeError";
}

/**
 * A webhook that is not to be trusted, or not to be read. The message never
 * quotes it.
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
  /** What happened: the literal to switch on. */
  override readonly code: WebhookErrorCode;

  /**
   * Makes the error.
   *
   * @param code What happened.
   * @param message What happened, and what to do.
   */
  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** `WebhookError` */
  override get name(): string {
    return "WebhookError";
  }
}
