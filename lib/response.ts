import { type Decoder, field, record, string } from "./decode.ts";
import {
  ApiError,
  type ApiErrorCode,
  type ApiErrorContext,
  type ApiErrorDetail,
  InvalidResponseError,
} from "./errors.ts";
import { rateLimit, type ResponseHeaders, retryAfter } from "./rate_limit.ts";
import { redact } from "./redact.ts";
import { type Room, room } from "./room.ts";

const source = record<NonNullable<ApiErrorDetail["source"]>>((its) =>
  string("pointer", its.pointer, "optional") ??
    string("parameter", its.parameter, "optional")
);

const errorDetail = record<ApiErrorDetail>((its) =>
  string("code", its.code, "required") ??
    string("title", its.title, "required") ??
    string("detail", its.detail, "optional") ??
    field("source", its.source, "optional", source) ??
    field("meta", its.meta, "optional", record(() => undefined))
);

/** An answer that came, whatever its status. */
export interface Answer {
  status: number;
  headers: ResponseHeaders;
  /** The body; `""` of an error that did not come whole, or was too large. */
  text: string;
}

/** The body of a 200 around a room. */
export const roomBody: Decoder<{ data: Room }> = record<{ data: Room }>((its) =>
  field("data", its.data, "required", room)
);

/** Whether the answer points elsewhere; browsers hide all of it but a 0. */
export function isRedirect(status: number): boolean {
  return status === 0 || (status >= 300 && status < 400);
}

const meanings: Record<number, [ApiErrorCode, string]> = {
  400: ["bad_request", "The request was refused as malformed"],
  401: [
    "unauthorized",
    "The token was refused: check that it is a current API key",
  ],
  403: [
    "forbidden",
    "The token may not do this: check what its account may do",
  ],
  404: [
    "not_found",
    "Not found: check the id, and that the token is of the same account",
  ],
  422: ["unprocessable", "The request was refused as invalid"],
  429: ["rate_limited", "Too many requests: try again later"],
};

function meaning(status: number): [ApiErrorCode, string] {
  return meanings[status] ?? (
    status >= 500 && status < 600
      ? ["server_error", "The API failed: try again later"]
      : isRedirect(status)
      ? [
        "unexpected_status",
        "A redirect is not followed, to keep the token: check 'baseUrl'",
      ]
      : ["unexpected_status", "An unexpected status"]
  );
}

/** The entries of either documented error body; none of any other body. */
function errorDetails(text: string): ApiErrorDetail[] {
  try {
    const body = JSON.parse(text);
    const entries: unknown = body?.errors ?? [body];
    return Array.isArray(entries)
      ? entries.filter((entry) => !errorDetail(entry))
      : [];
  } catch {
    return [];
  }
}

/** What an answer that is not 200 means. */
function apiError(
  { status, headers, text }: Answer,
  now?: number,
  token?: string,
): ApiError {
  const safe = <T>(value: T): T => token ? redact(value, token) : value;
  const details = safe(errorDetails(text));
  const [first] = details;
  const said = first
    ? [`${first.code} ${first.title}`, first.detail].filter(Boolean).join(": ")
    : "without the provider's error body";
  const context: ApiErrorContext = {};
  const requestId = safe(headers.get("x-request-id"));
  if (requestId) context.requestId = requestId;
  const limit = rateLimit(headers, now);
  if (limit) context.rateLimit = limit;
  // A reset says when to come back only to those who have nothing left
  const retryAfterMs = retryAfter(headers, now) ??
    (status === 429 || limit?.remaining === 0 ? limit?.resetMs : undefined);
  if (retryAfterMs !== undefined) context.retryAfterMs = retryAfterMs;
  const [code, what] = meaning(status);
  return new ApiError(
    `${what} (HTTP ${status}, ${said.slice(0, 300)})`,
    code,
    status,
    details,
    context,
  );
}

/** What an answer holds; or throws what it means instead. */
export function parseAnswer<T>(
  answer: Answer,
  decoder: Decoder<T>,
  now?: number,
  token?: string,
): T {
  const { status, text } = answer;
  if (status !== 200) throw apiError(answer, now, token);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The engine's own message quotes the body, so it stays out
    throw new InvalidResponseError(
      "",
      "JSON",
      text.trim() ? "text that is not JSON" : "nothing",
    );
  }
  const wrong = decoder(body);
  if (wrong) {
    throw new InvalidResponseError(
      wrong.pointer,
      wrong.expected,
      wrong.received,
    );
  }
  return body as T;
}

/**
 * Reads an answer as a room. It has no effects and always gives the same
 * answer for the same arguments. The body is accepted or refused, not changed:
 * unknown fields, nulls and the order of keys stay.
 *
 * @param status The HTTP status.
 * @param headers The answer's headers, such as a `Headers`.
 * @param body The answer's body, as text.
 * @param now The time in milliseconds since the epoch, such as `Date.now()`.
 * Without it, a `Retry-After` or `x-ratelimit-reset` that is a time of day is not
 * read.
 * @returns The room.
 * @throws {ApiError} If the status is not 200.
 * @throws {InvalidResponseError} If the body is not a room as documented.
 *
 * @example
 * ```ts
 * import { parseRoom } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const body =
 *   '{"data":{"id":"7b61621f-62e0-4aad-ab11-9fd19e272e73","new_field":1}}';
 * assertEquals(parseRoom(200, new Headers(), body), JSON.parse(body).data);
 * ```
 */
export function parseRoom(
  status: number,
  headers: ResponseHeaders,
  body: string,
  now?: number,
): Room {
  return parseAnswer({ status, headers, text: body }, roomBody, now).data;
}
