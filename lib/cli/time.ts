const two = (n: number) => String(Math.trunc(n)).padStart(2, "0");

/**
 * A timestamp in local time with its offset, and in UTC: `2021-04-16 11:46:20
 * +02:00 (09:46:20 UTC)`. Where local time is UTC, once; where the days differ,
 * with both dates. What is no timestamp stays as it is.
 */
export function localTime(timestamp: string): string {
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return timestamp;
  const [utcDay, utcTime] = [
    date.toISOString().slice(0, 10),
    date.toISOString().slice(11, 19),
  ];
  const offset = -date.getTimezoneOffset();
  if (offset === 0) return `${utcDay} ${utcTime} UTC`;
  const local = new Date(date.getTime() + offset * 60_000).toISOString();
  const [day, time] = [local.slice(0, 10), local.slice(11, 19)];
  const sign = offset < 0 ? "-" : "+";
  const hours = Math.abs(offset) / 60;
  const utc = day === utcDay ? utcTime : `${utcDay} ${utcTime}`;
  return `${day} ${time} ${sign}${two(hours)}:${two(Math.abs(offset) % 60)} ` +
    `(${utc} UTC)`;
}

/** A span in its two largest units: `1 h 23 min`; nothing if it is no span. */
export function span(from: string, to: string | number): string | undefined {
  const ms = new Date(to).getTime() - new Date(from).getTime();
  if (!(ms >= 0)) return undefined;
  const seconds = Math.floor(ms / 1000);
  const units: [string, number][] = [
    ["d", Math.floor(seconds / 86_400)],
    ["h", Math.floor(seconds / 3600) % 24],
    ["min", Math.floor(seconds / 60) % 60],
    ["s", seconds % 60],
  ];
  const first = units.findIndex(([, n]) => n > 0);
  return units
    .slice(first < 0 ? 3 : first)
    .slice(0, 2)
    .filter(([, n], i) => n > 0 || (i === 0))
    .map(([unit, n]) => `${n} ${unit}`)
    .join(" ");
}
