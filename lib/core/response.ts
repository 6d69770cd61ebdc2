// Turns a response into a result or an error, without effects.
import { type Decoder, jsonType } from "./decode.ts";
import {
  ApiError,
  type ApiErrorCode,
  type ApiErrorDetail,
  InvalidResponseError,
} from "./errors.ts";
import type { Operation, ResultOf } from "./operation.ts";
import { rateLimit, type ResponseHeaders, retryAfter } from "./rate_limit.ts";
import { redact, redactJson } from "./redact.ts";

/** A response with any status. */
export interface ApiResponse {
  /** The HTTP status. */
  status: number;
  /** The headers, such as a `Headers`. */
  headers: ResponseHeaders;
  /** The body as text; `""` for an error whose body was incomplete. */
  body: string;
}

/** The code for a status, and advice for the message. */
type Meaning = [code: ApiErrorCode, advice?: string];

const meanings: Record<number, Meaning> = {
  400: ["bad_request"],
  401: ["unauthorized", ": check the token"],
  403: ["forbidden", ": check the token's account"],
  404: ["not_found", ": check the id and the token's account"],
  422: ["unprocessable"],
  429: ["rate_limited", ": try again later"],
};

/** A truthy value as text. */
function text(value: unknown): string | undefined {
  return value ? `${value}` : undefined;
}

/**
 * The entries of an error body in any of the API's formats: `{"errors": […]}`,
 * a bare entry, `{"success": false, "message": …}`, and
 * `{"errors": {"title": ["…"]}}`. Any other body has no entries.
 */
function errorDetails(body: string, secrets: string[]): ApiErrorDetail[] {
  try {
    const { errors, ...bareEntry } = JSON.parse(body);
    const entries: unknown[] = Array.isArray(errors)
      ? errors
      : errors
      ? Object.entries(errors).map(([title, detail]) => ({ title, detail }))
      : [bareEntry];
    const details = entries.map(Object).map((entry) => ({
      ...entry,
      code: text(entry.code),
      title: text(entry.title),
      detail: text(entry.detail ?? entry.message),
    }));
    return redactJson(
      details.filter((entry) => entry.code ?? entry.title ?? entry.detail),
      secrets,
    ) as ApiErrorDetail[];
  } catch {
    return [];
  }
}

/** Copies an object without its fields that are null, NaN or undefined. */
function compact<T>(
  fields: { [Name in keyof T]: T[Name] | undefined },
): T {
  return JSON.parse(JSON.stringify(fields), (_, value) => value ?? undefined);
}

/** Makes the error of a response whose status is not success. */
function apiError(
  { status, headers, body }: ApiResponse,
  now: number,
  secrets: string[],
): ApiError {
  const details = errorDetails(body, secrets);
  const { code: number, title, detail } = details[0] ?? {};
  const [code, advice = ""] = meanings[status] ?? (
    status >= 500 ? ["server_error", ": try again later"] : [
      "unexpected_status",
      // Browsers show a redirect as status 0
      /^[03]/.test(status as never) ? ": redirects are not followed" : "",
    ]
  );
  const summary = [number, title, detail].filter(Boolean).join(": ");
  const limits = rateLimit(headers, now);
  const waitMs = retryAfter(headers, now);
  return new ApiError(
    `HTTP ${status}, ${code.replace("_", " ")}${advice}${
      summary && ` (${summary.slice(0, 300)})`
    }`,
    {
      code,
      status,
      details,
      ...compact({
        requestId: text(redact(headers.get("x-request-id") ?? "", secrets)),
        rateLimit: limits,
        retryAfterMs: status === 429 && !(waitMs >= 0)
          ? limits.resetMs
          : waitMs,
      }),
    },
  );
}

/**
 * Reads the response to an operation. A pure function. The body is accepted or
 * refused, never changed: unknown fields, nulls and the order of keys stay.
 *
 * @param operation The operation, such as `getRoomOperation`.
 * @param response The status, the headers, and the body as text.
 * @param now The time in milliseconds since the epoch, such as `Date.now()`.
 * Without it, a `Retry-After` or `x-ratelimit-reset` with an absolute time is
 * ignored.
 * @param secrets Texts to redact from errors, since the server may echo them:
 * a refresh token, the API key. One that contains another comes first.
 * @returns The parsed body; undefined if the operation has no result.
 * @throws {ApiError} If the status is not the operation's success status.
 * @throws {InvalidResponseError} If the body is not as documented.
 *
 * @example
 * ```ts
 * import { getRoomOperation, parseResponse } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const body =
 *   '{"data":{"id":"7b61621f-62e0-4aad-ab11-9fd19e272e73","new_field":1}}';
 * const response = { status: 200, headers: new Headers(), body };
 * const { data } = parseResponse(getRoomOperation, response);
 * assertEquals(data, JSON.parse(body).data);
 * ```
 */
export function parseResponse<Path extends string, Options, Payload, Result>(
  operation: Operation<Path, Options, Payload, Result>,
  response: ApiResponse,
  now = NaN,
  ...secrets: string[]
): ResultOf<Result> {
  if (response.status !== operation.status) {
    throw apiError(response, now, secrets);
  }
  const decoder = operation.result as Decoder<Result> | undefined;
  if (!decoder) return undefined as ResultOf<Result>;
  let body: unknown;
  try {
    body = JSON.parse(response.body);
  } catch {
    // The engine's own message would quote the body
    throw new InvalidResponseError(
      "",
      "JSON",
      jsonType(response.body || undefined),
    );
  }
  const mismatch = decoder(body);
  if (!mismatch) return body as ResultOf<Result>;
  const { pointer, expected, value } = mismatch;
  throw new InvalidResponseError(
    redact(pointer, secrets),
    expected,
    jsonType(value),
  );
}
