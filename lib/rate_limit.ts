import type { RateLimit } from "./errors.ts";

/**
 * Reads a header by name, whatever its case; `Headers` is one.
 */
export interface ResponseHeaders {
  /** The header's value, or null when there is none. */
  get(name: string): string | null;
}

/** The object without its fields that are undefined. */
export function defined<T extends object>(
  fields: T,
): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return JSON.parse(JSON.stringify(fields));
}

/** The first number of a header that may be a list: 5 of `5, 5;window=5`. */
function firstNumber(value: string | null): number | undefined {
  const match = /^ *(\d{1,12}(\.\d+)?) *([,;]|$)/.exec(value ?? "");
  return match ? Number(match[1]) : undefined;
}

/** Milliseconds until a time; 0 for a past one, nothing without a `now`. */
function until(time: number, now: number | undefined): number | undefined {
  const ms = time - (now ?? NaN);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/**
 * What the `x-ratelimit-*` headers tell; undefined when they tell nothing.
 *
 * One page of the provider documents `x-ratelimit-reset` as seconds until the
 * reset, another as a Unix time: so from 1e9 on, which is 2001-09-09, it is one,
 * and is read only against a given `now`.
 */
export function rateLimit(
  headers: ResponseHeaders,
  now: number | undefined,
): RateLimit | undefined {
  const read = (name: string) =>
    firstNumber(headers.get(`x-ratelimit-${name}`));
  const limit = read("limit");
  const remaining = read("remaining");
  const reset = read("reset") ?? NaN;
  const resetMs = reset < 1e9 ? reset * 1000 : until(reset * 1000, now);
  return (limit ?? remaining ?? resetMs) === undefined
    ? undefined
    : { limit, remaining, resetMs };
}

// IMF-fixdate (RFC 9110, section 5.6.7): Date.parse alone would take "-5" too
const httpDate = /^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/;

/**
 * Milliseconds that `Retry-After` asks to wait (RFC 9110, section 10.2.3); a
 * date in the past is 0. A date is read only against a given `now`.
 */
export function retryAfter(
  headers: ResponseHeaders,
  now: number | undefined,
): number | undefined {
  const value = headers.get("retry-after") ?? "";
  const seconds = firstNumber(value);
  if (seconds !== undefined) return seconds * 1000;
  return httpDate.test(value) ? until(Date.parse(value), now) : undefined;
}
