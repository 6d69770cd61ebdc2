// Instants: the times of records and events, compared however they are spelled.

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)? ?([Zz]|([+-])(\d\d)(?::?(\d\d))?)?$/;

const minuteMs = 60_000;

/** The bounds of the years that are written with four digits, in UTC. */
export const minMs: number = /* @__PURE__ */ Date.parse(
  "0000-01-01T00:00:00.000Z",
);
export const maxMs: number = /* @__PURE__ */ Date.parse(
  "9999-12-31T23:59:59.999Z",
);

/** Milliseconds since the epoch of a date and time in UTC; NaN if invalid. */
function utcMs(date: string, hour: number, minute: number, second: number) {
  const startMs = Date.parse(`${date}T00:00:00.000Z`);
  // Engines parse February 30 as a day in March, or reject it
  const isDay = startMs >= minMs &&
    new Date(startMs).toISOString().startsWith(date);
  const isTime = hour < 24 && minute < 60 && second <= 60; // a leap second
  if (!isDay || !isTime) return NaN;
  return startMs + ((hour * 60 + minute) * 60 + second) * 1000;
}

/**
 * Microseconds since the epoch; undefined if the time is unreadable, or its year
 * in UTC has not four digits. A time is ISO 8601: with a `T` or a space, of any
 * precision (what is finer than a microsecond is dropped), with `Z`, an offset or
 * neither, which is UTC. `Date.parse` is not to be relied on: it drops
 * microseconds, and reads a time without `Z` as local.
 */
export function toInstant(time: unknown): bigint | undefined {
  const match = typeof time === "string" ? pattern.exec(time) : null;
  if (!match) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0"] = match;
  const [fraction = "", , sign, offsetHours, offsetMinutes] = match.slice(7);
  const offset = Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0);
  const localMs = utcMs(
    `${year}-${month}-${day}`,
    Number(hour),
    Number(minute),
    Number(second),
  );
  const ms = localMs - (sign === "-" ? -offset : offset) * minuteMs;
  if (!(ms >= minMs && ms <= maxMs)) return undefined;
  const micros = fraction.slice(0, 6).padEnd(6, "0");
  return BigInt(ms) * 1000n + BigInt(micros);
}

/** Milliseconds since the epoch, rounded down; NaN if it is unreadable. */
export function toMs(time: unknown): number {
  const instant = toInstant(time);
  if (instant === undefined) return NaN;
  const rest = ((instant % 1000n) + 1000n) % 1000n;
  return Number((instant - rest) / 1000n);
}

/** Compares instants or other keys, as `sort` expects; undefined is first. */
export function compare<T extends bigint | number | string>(
  a: T | undefined,
  b: T | undefined,
): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}

/** Spells a time as records do, `2021-04-16T09:46:20.954863Z`, if it is one. */
export function spellTime(time: string): string {
  const instant = toInstant(time);
  if (instant === undefined) return time;
  const micros = ((instant % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((instant - micros) / 1000n)).toISOString();
  return `${seconds.slice(0, 19)}.${`${micros}`.padStart(6, "0")}Z`;
}
