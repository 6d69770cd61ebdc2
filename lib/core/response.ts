// Turns a response into a result or an error, without effects.
import { checkArgument } from "./arguments.ts";
import { type Decoder, jsonType, object, string, where } from "./decode.ts";
import { effectNote, statusProvesNoEffect } from "./effect.ts";
import {
  ApiError,
  type ApiErrorCode,
  type ApiErrorDetail,
  InvalidResponseError,
} from "./errors.ts";
import { escapeInvisible, shown } from "./foreign.ts";
import type { Operation } from "./operation.ts";
import {
  headerOf,
  rateLimit,
  type ResponseHeaders,
  retryAfter,
} from "./rate_limit.ts";
import { cut, isRecord, redact, redactJson } from "./redact.ts";

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

const meanings: ReadonlyMap<number, Meaning> = /* @__PURE__ */ new Map([
  [400, ["bad_request"]],
  [401, ["unauthorized", ": check the API key"]],
  [403, ["forbidden", ": check the API key's account"]],
  [404, ["not_found", ": check the id and the API key's account"]],
  [422, ["unprocessable"]],
  [429, ["rate_limited", ": try again later"]],
]);

/** A status of three digits, or the 0 of a redirect that the runtime hides. */
export const httpStatus: Decoder<number> = /* @__PURE__ */ where(
  "an HTTP status",
  (value) =>
    value === 0 ||
    (typeof value === "number" && Number.isInteger(value) && value >= 100 &&
      value <= 999),
);

const apiResponse = /* @__PURE__ */ object<
  Pick<ApiResponse, "status" | "body">
>({ status: [httpStatus, "required"], body: [string, "required"] });

/** The meaning of a status that is not success. */
function meaningOf(status: number): Meaning {
  return meanings.get(status) ?? (
    status >= 500
      ? ["server_error", ": try again later"]
      : ["unexpected_status", adviceOf(status)]
  );
}

/** The code for a status that is not success. */
export function codeOf(status: number): ApiErrorCode {
  return meaningOf(status)[0];
}

/** The most entries of an error body that an error keeps. */
const maxDetails = 20;

/** The fields of an error body that say what went wrong, the best first. */
const tellingFields = [
  "detail",
  "message",
  "Message",
  "msg",
  "description",
  "error_description",
  "faultstring",
  "fault",
  "reason",
  "error",
  "errors",
];

/** What the best field of an object says; `""` if it has none. */
function tellingWords(record: Record<string, unknown>, depth = 0): string {
  // Where it is, as FastAPI says it
  const place = Array.isArray(record.loc)
    ? `${record.loc.filter((part) => !isRecord(part)).join(".")}: `
    : "";
  for (const name of tellingFields) {
    const words = wordsOf(record[name], depth + 1);
    if (words) return place + words;
  }
  return "";
}

/** What a value of an error body says, however it is nested. */
function wordsOf(value: unknown, depth = 0): string {
  if (!isRecord(value)) return `${value ?? ""}`.trim();
  // Each level is looked at twice
  if (depth >= 8) return "";
  const items = Array.isArray(value)
    ? value.map((item) => wordsOf(item, depth + 1))
    : Object.entries(value).map(([name, item]) => {
      const words = wordsOf(item, depth + 1);
      return words && `${name}: ${words}`;
    });
  return tellingWords(value, depth) ||
    items.filter(Boolean).slice(0, maxDetails).join("; ");
}

/** An entry of an error body, with its texts. */
function detailOf(entry: unknown): ApiErrorDetail {
  const { code, title, ...told } = isRecord(entry) ? entry : { detail: entry };
  const { detail: _, ...rest } = told;
  const texts = {
    code: wordsOf(code),
    title: wordsOf(title),
    detail: tellingWords(told),
  };
  const filled = Object.entries(texts).filter(([, text]) => text !== "");
  return { ...rest, ...Object.fromEntries(filled) };
}

/** The entries of a list of errors, of errors by field, or of a bare entry. */
function entriesOf(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  if (!isRecord(body)) return [body];
  const { errors, error } = body;
  if (Array.isArray(errors)) return errors;
  if (isRecord(errors)) {
    return Object.entries(errors).map(([title, detail]) => ({ title, detail }));
  }
  return [isRecord(error) ? error : body];
}

/** What a page or plain text says, in a few words. */
function plainText(body: string, secrets: string[]): string {
  // Redacted first, since half a secret would not be found
  const text = redact(body, secrets).slice(0, 5000);
  const [, title = text] = /<title[^>]*>([^<]*)/i.exec(text) ?? [];
  return title.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

/**
 * The entries of an error body, in any of the API's formats, or as gateways and
 * frameworks send them: `{"errors": […]}`, a bare entry, errors by field,
 * `{"error": "…"}`, `{"message": "…"}`, a page, or plain text.
 */
function errorDetails(body: string, secrets: string[]): ApiErrorDetail[] {
  let entries: unknown[];
  try {
    entries = entriesOf(JSON.parse(body));
  } catch {
    entries = [plainText(body, secrets)];
  }
  try {
    const details = entries.slice(0, maxDetails).map(detailOf)
      .filter(({ code, title, detail }) => code ?? title ?? detail);
    return redactJson(details, secrets) as ApiErrorDetail[];
  } catch {
    return []; // nested too deep
  }
}

/** A header's text, redacted; undefined if there is none. */
function textOf(
  headers: ResponseHeaders,
  name: string,
  secrets: string[],
): string | undefined {
  const text = headerOf(headers, name);
  return text ? cut(redact(text, secrets)) : undefined;
}

/** The id of the request, for Telnyx's support; undefined if there is none. */
export function requestIdOf(
  headers: ResponseHeaders,
  secrets: string[],
): string | undefined {
  return textOf(headers, "x-request-id", secrets);
}

/** What to do about a status, for the message. */
function adviceOf(status: number): string {
  if (status === 304) return ": send no conditional headers";
  // Browsers show a redirect as status 0
  const isRedirect = status === 0 || (status >= 300 && status < 400);
  return isRedirect ? ": redirects are not followed" : "";
}

/** Makes the error of a response whose status is not success. */
function apiError(
  operation: Operation,
  { status, headers, body }: ApiResponse,
  now: number | undefined,
  secrets: string[],
): ApiError {
  const details = errorDetails(body, secrets);
  const { code: telnyxCode, title, detail } = details[0] ?? {};
  const [code, advice = ""] = meaningOf(status);
  const summary = [telnyxCode, title, detail].filter(Boolean).join(": ");
  const limits = rateLimit(headers, now);
  const retryAfterMs = retryAfter(headers, now) ??
    (status === 429 ? limits.resetMs : undefined);
  const note = statusProvesNoEffect(status, retryAfterMs)
    ? ""
    : effectNote(operation);
  const words = code.replace("_", " ");
  const told = summary && ` (${escapeInvisible(summary.slice(0, 300))})`;
  return new ApiError(`HTTP ${status}, ${words}${advice}${told}${note}`, {
    code,
    status,
    details,
    requestId: requestIdOf(headers, secrets),
    rateLimit: limits,
    retryAfterMs,
  });
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
 * the API key, a refresh token. One of less than 8 characters is not searched
 * for.
 * @returns The parsed body; undefined if the operation has no result.
 * @throws {ApiError} If the status is not the operation's success status.
 * @throws {InvalidResponseError} If the body is not as documented.
 * @throws {InvalidArgumentError} If the status is no HTTP status, or the body no
 * text.
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
  now?: number,
  ...secrets: string[]
): Result {
  checkArgument("response", apiResponse, response, secrets);
  return readResponse(operation, response, now, secrets);
}

/** What `parseResponse` does once it has checked that this is a response. */
export function readResponse<Path extends string, Options, Payload, Result>(
  operation: Operation<Path, Options, Payload, Result>,
  response: ApiResponse,
  now: number | undefined,
  secrets: string[],
): Result {
  if (response.status !== operation.status) {
    throw apiError(operation, response, now, secrets);
  }
  const decoder = operation.result;
  if (!decoder) return undefined as Result;
  let body: unknown;
  try {
    body = JSON.parse(response.body);
  } catch {
    // The engine's own message would quote the body
    throw new InvalidResponseError(
      "",
      "JSON",
      jsonType(response.body || undefined),
      effectNote(operation),
    );
  }
  const mismatch = decoder(body);
  if (!mismatch) return body as Result;
  const { pointer, expected, value, received } = mismatch;
  throw new InvalidResponseError(
    shown(pointer, secrets),
    expected,
    received ?? jsonType(value),
    effectNote(operation),
  );
}
