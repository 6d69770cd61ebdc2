// Reads how long a response asks to wait, and its rate limit.
import type { RateLimit } from "./errors.ts";

/** Response headers, such as a `Headers`: names are not case-sensitive. */
export interface ResponseHeaders {
  /** The header's value, or null when there is none. */
  get(name: string): string | null;
}

/** A header's value; null if there is none, or it cannot be read. */
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
function firstNumber(value: string | null): number | undefined {
  const [, digits] = /^ *(\d{1,12}(?:\.\d+)?) *([,;]|$)/.exec(value ?? "") ??
    [];
  return digits === undefined ? undefined : Number(digits);
}

/** From here on (2001-09-09), seconds are a Unix time: some servers send one. */
const firstUnixTime = 1e9;

/** Milliseconds until a time; undefined if it, or the present, is not known. */
function msUntil(
  atMs: number | undefined,
  now: number | undefined,
): number | undefined {
  if (atMs === undefined || now === undefined) return undefined;
  return Math.max(0, atMs - now);
}

/** Milliseconds until what a header says: a duration or a Unix time in seconds. */
function msOf(seconds: number, now: number | undefined): number | undefined {
  const ms = seconds * 1000;
  return seconds < firstUnixTime ? ms : msUntil(ms, now);
}

/**
 * Reads the `x-ratelimit-*` headers. Telnyx documents `x-ratelimit-reset` as
 * seconds until the reset on one page, and as a Unix time on another.
 */
export function rateLimit(
  headers: ResponseHeaders,
  now: number | undefined,
): RateLimit {
  const read = (name: string) =>
    firstNumber(headerOf(headers, `x-ratelimit-${name}`));
  const limit = read("limit");
  const remaining = read("remaining");
  const resetSecs = read("reset");
  const resetMs = resetSecs === undefined ? undefined : msOf(resetSecs, now);
  const limits: RateLimit = {};
  if (limit !== undefined) limits.limit = limit;
  if (remaining !== undefined) limits.remaining = remaining;
  if (resetMs !== undefined) limits.resetMs = resetMs;
  return limits;
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

const years50 = 50 * 31_557_600_000;

/** A date in a header, in milliseconds since the epoch. */
function parseHttpDate(
  text: string,
  now: number | undefined,
): number | undefined {
  const groups = httpDates.map((form) => form.exec(text)?.groups)
    .find((found) => found !== undefined);
  if (!groups) return undefined;
  const { day, month, year = "", time } = groups;
  const at = (fullYear: number) => {
    const ms = Date.parse(`${day?.trim()} ${month} ${fullYear} ${time} GMT`);
    return Number.isNaN(ms) ? undefined : ms;
  };
  if (year.length === 4) return at(Number(year));
  // Two digits are a year of this century, unless that is over 50 years ahead
  const present = now ?? 0;
  const century = 100 * Math.floor(new Date(present).getUTCFullYear() / 100);
  const ms = at(century + Number(year));
  return ms !== undefined && ms - present > years50
    ? at(century - 100 + Number(year))
    : ms;
}

/** Milliseconds that `Retry-After` asks to wait; 0 for a time in the past. */
export function retryAfter(
  headers: ResponseHeaders,
  now: number | undefined,
): number | undefined {
  const value = headerOf(headers, "retry-after") ?? "";
  const seconds = firstNumber(value);
  return seconds === undefined
    ? msUntil(parseHttpDate(value, now), now)
    : msOf(seconds, now);
}
