// Reads how long a response asks to wait, and its rate limit.

/** Response headers, such as a `Headers`: names are not case-sensitive. */
export interface ResponseHeaders {
  /** The header's value, or null when there is none. */
  get(name: string): string | null;
}

/** The first number of a header that may be a list: 5 for `5, 5;window=5`. */
function firstNumber(value: string | null): number {
  return Number(/^ *(\d{1,12}(\.\d+)?) *([,;]|$)/.exec(value ?? "")?.[1]);
}

/**
 * Reads the `x-ratelimit-*` headers; NaN for a missing one.
 *
 * The provider documents `x-ratelimit-reset` as seconds until the reset on one
 * page, and as a Unix time on another: from 1e9 on (2001-09-09), it is a time.
 */
export function rateLimit(
  headers: ResponseHeaders,
  now: number,
): { limit: number; remaining: number; resetMs: number } {
  const read = (name: string) =>
    firstNumber(headers.get(`x-ratelimit-${name}`));
  const reset = read("reset");
  return {
    limit: read("limit"),
    remaining: read("remaining"),
    resetMs: Math.max(0, reset * 1000 - (reset < 1e9 ? 0 : now)),
  };
}

// IMF-fixdate (RFC 9110, section 5.6.7): Date.parse alone accepts "-5" too
const httpDate = /^\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT$/;

/**
 * Milliseconds that `Retry-After` asks to wait (RFC 9110, section 10.2.3): 0
 * for a date in the past, NaN without a valid header.
 */
export function retryAfter(headers: ResponseHeaders, now: number): number {
  const value = headers.get("retry-after") ?? "";
  return Math.max(
    0,
    httpDate.test(value) ? Date.parse(value) - now : firstNumber(value) * 1000,
  );
}
