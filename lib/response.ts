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

/** A response that came, whatever its status. */
export interface ApiResponse {
  /** The HTTP status. */
  status: number;
  /** The headers, such as a `Headers`. */
  headers: ResponseHeaders;
  /** The body as text; `""` of an error that did not come whole. */
  body: string;
}

/** What a status means, and what to do about it. */
type Meaning = [code: ApiErrorCode, advice?: string];

const meanings: Record<number, Meaning> = {
  400: ["bad_request"],
  401: ["unauthorized", ": check the token"],
  403: ["forbidden", ": check the token's account"],
  404: ["not_found", ": check the id and the token's account"],
  422: ["unprocessable"],
  429: ["rate_limited", ": try again later"],
};

function meaning(status: number): Meaning {
  return meanings[status] ?? (
    status >= 500 ? ["server_error", ": try again later"] : [
      "unexpected_status",
      // Browsers hide all of a redirect but a 0
      /^[03]/.test(status as never) ? ": redirects are not followed" : "",
    ]
  );
}

/** As a text, if there is something. */
function text(value: unknown): string | undefined {
  return value ? `${value}` : undefined;
}

/**
 * The entries of an error body, as far as they go, in each form that occurs:
 * `{"errors": […]}`, one entry by itself, `{"success": false, "message": …}`,
 * and `{"errors": {"what_is_wrong": ["…"]}}`; none of any other body.
 */
function errorDetails(body: string, secrets: string[]): ApiErrorDetail[] {
  try {
    const { errors, ...alone } = JSON.parse(body);
    const entries: unknown[] = Array.isArray(errors)
      ? errors
      : errors
      ? Object.entries(errors).map(([title, detail]) => ({ title, detail }))
      : [alone];
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

/** A copy without what is null, NaN or undefined. */
function known<T>(
  fields: { [Name in keyof T]: T[Name] | undefined },
): T {
  return JSON.parse(JSON.stringify(fields), (_, value) => value ?? undefined);
}

/** The error that a response of another status than that of success means. */
function apiError(
  { status, headers, body }: ApiResponse,
  now: number,
  secrets: string[],
): ApiError {
  const details = errorDetails(body, secrets);
  const { code: number, title, detail } = details[0] ?? {};
  const [code, advice = ""] = meaning(status);
  const said = [number, title, detail].filter(Boolean).join(": ");
  const limits = rateLimit(headers, now);
  const waitMs = retryAfter(headers, now);
  return new ApiError(
    `HTTP ${status}, ${code.replace("_", " ")}${advice}${
      said && ` (${said.slice(0, 300)})`
    }`,
    {
      code,
      status,
      details,
      ...known({
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
 * Reads the response to an operation. It has no effects and always gives the
 * same result for the same arguments. The body is accepted or refused, not
 * changed: unknown fields, nulls and the order of keys stay.
 *
 * @param operation The operation, such as `getRoomOperation`.
 * @param response The status, the headers, and the body as text.
 * @param now The time in milliseconds since the epoch, such as `Date.now()`.
 * Without it, a `Retry-After` or `x-ratelimit-reset` that is a time of day is
 * not read.
 * @param secrets What to redact from an error, since the server may have echoed
 * it: the API key, a refresh token.
 * @returns The body, as the operation's result; undefined if it has none.
 * @throws {ApiError} If the status is not that of the operation's success.
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
    // The engine's own message quotes the body, so it stays out
    throw new InvalidResponseError(
      "",
      "JSON",
      jsonType(response.body || undefined),
    );
  }
  const wrong = decoder(body);
  if (wrong) {
    const { pointer, expected, value } = wrong;
    throw new InvalidResponseError(
      redact(pointer, secrets),
      expected,
      jsonType(value),
    );
  }
  return body as ResultOf<Result>;
}
