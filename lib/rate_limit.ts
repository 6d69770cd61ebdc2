/**
 * Reads a header by name, whatever its case; `Headers` is one.
 */
export interface ResponseHeaders {
  /** The header's value, or null when there is none. */
  get(name: string): string | null;
}

/** The first number of a header that may be a list: 5 of `5, 5;window=5`. */
function firstNumber(value: string | null): number {
  return Number(/^ *(\d{1,12}(\.\d+)?) *([,;]|$)/.exec(value ?? "")?.[1]);
}

/**
 * What the `x-ratelimit-*` headers tell; NaN for what they do not.
 *
 * One page of the provider documents `x-ratelimit-reset` as seconds until the
 * reset, another as a Unix time: so from 1e9 on, which is 2001-09-09, it is one.
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

// IMF-fixdate (RFC 9110, section 5.6.7): Date.parse alone would take "-5" too
const httpDate = /^\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT$/;

/**
 * Milliseconds that `Retry-After` asks to wait (RFC 9110, section 10.2.3); 0 for
 * a date in the past, NaN if it does not ask.
 */
export function retryAfter(headers: ResponseHeaders, now: number): number {
  const value = headers.get("retry-after") ?? "";
  return Math.max(
    0,
    httpDate.test(value) ? Date.parse(value) - now : firstNumber(value) * 1000,
  );
}
