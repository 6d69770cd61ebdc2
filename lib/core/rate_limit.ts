// Reads how long a response asks to wait, and its rate limit.

/** Response headers, such as a `Headers`: names are not case-sensitive. */
export interface ResponseHeaders {
  /** The header's value, or null when there is none. */
  get(name: string): string | null;
}

/** A header's value; null if there is none, or it can't be read. */
export function headerOf(
  headers: ResponseHeaders,
  name: string,
): string | null {
  try {
    const value: unknown = headers.get(name);
    return typeof value === "string" ? value : null;
  } catch {
    return null; // what was thrown may contain anything
  }
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
    firstNumber(headerOf(headers, `x-ratelimit-${name}`));
  const reset = read("reset");
  return {
    limit: read("limit"),
    remaining: read("remaining"),
    resetMs: Math.max(0, reset * 1000 - (reset < 1e9 ? 0 : now)),
  };
}

/**
 * The three forms of a date in a header (RFC 9110, section 5.6.7): IMF-fixdate, RFC
 * 850's and asctime's. `Date.parse` alone accepts "-5" too.
 */
const httpDates = [
  /^\w{3}, (?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<time>[\d:]+) GMT$/,
  /^\w+, (?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<time>[\d:]+) GMT$/,
  /^\w{3} (?<month>\w{3}) (?<day>[\d ]\d) (?<time>[\d:]+) (?<year>\d{4})$/,
];

/** A date in a header, in milliseconds since the epoch; NaN for other text. */
function parseHttpDate(text: string, now: number): number {
  const groups = httpDates.map((form) => form.exec(text)?.groups)
    .find((found) => found !== undefined);
  if (!groups) return NaN;
  const { day, month, year = "", time } = groups;
  const at = (fullYear: number) =>
    Date.parse(`${day?.trim()} ${month} ${fullYear} ${time} GMT`);
  if (year.length === 4) return at(Number(year));
  // Two digits are a year of this century, unless that is over 50 years ahead
  const century = 100 * Math.floor(new Date(now || 0).getUTCFullYear() / 100);
  const ms = at(century + Number(year));
  const years50 = 50 * 31_557_600_000;
  return ms - now > years50 ? at(century - 100 + Number(year)) : ms;
}

/**
 * Milliseconds that `Retry-After` asks to wait (RFC 9110, section 10.2.3): 0
 * for a time in the past, NaN without a valid header. Some servers send a Unix
 * time: from 1e9 on (2001-09-09), a number is one.
 */
export function retryAfter(headers: ResponseHeaders, now: number): number {
  const value = headerOf(headers, "retry-after") ?? "";
  const seconds = firstNumber(value);
  if (seconds < 1e9) return Math.max(0, seconds * 1000);
  const at = Number.isNaN(seconds) ? parseHttpDate(value, now) : seconds * 1000;
  return Math.max(0, at - now);
}
