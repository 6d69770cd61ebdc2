/** The day, whose year may have a sign, and the time of day, in UTC. */
function toParts(date: Date): [day: string, time: string] {
  const [day = "", time = ""] = date.toISOString().split("T");
  return [day, time.slice(0, "00:00:00".length)];
}

/**
 * A timestamp in local time with its offset, and in UTC: `2021-04-16 11:46:20
 * +02:00 (09:46:20 UTC)`. If local time is UTC, it is shown once; if the days
 * differ, both are shown. Any other text is returned as it is.
 */
export function localTime(timestamp: string): string {
  const date = new Date(timestamp);
  const offsetMs = date.getTimezoneOffset() * -60_000;
  const local = new Date(date.getTime() + offsetMs);
  // No moment, or one so far away that local time is none
  if (Number.isNaN(local.getTime())) return timestamp;
  const [utcDay, utcTime] = toParts(date);
  if (offsetMs === 0) return `${utcDay} ${utcTime} UTC`;
  const [day, time] = toParts(local);
  const [, offset] = toParts(new Date(Math.abs(offsetMs)));
  const utc = day === utcDay ? utcTime : `${utcDay} ${utcTime}`;
  const sign = offsetMs < 0 ? "-" : "+";
  return `${day} ${time} ${sign}${offset.slice(0, 5)} (${utc} UTC)`;
}

/**
 * The time from one moment to another in its two largest units, such as `1 h 23
 * min`; undefined if it is unknown or negative.
 */
export function span(
  from: string | number,
  to: string | number,
): string | undefined {
  const ms = new Date(to).getTime() - new Date(from).getTime();
  if (!(ms >= 0)) return undefined;
  const seconds = Math.floor(ms / 1000);
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = units.findIndex(([n]) => n > 0);
  if (first < 0) return "0 s";
  return units.slice(first, first + 2).filter(([n]) => n > 0)
    .map((unit) => unit.join(" ")).join(" ");
}

/** How long a wait will be: in tenths of a second, or from 10 s on as a span. */
export function waitText(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${span(0, ms)}`;
}
