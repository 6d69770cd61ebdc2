import { printable } from "./text.ts";
import { type NamedUsage, usageNumbers } from "./usage_view.ts";

/**
 * A cell of a CSV file (RFC 4180). A text that a spreadsheet would take for a
 * formula gets an apostrophe before it.
 */
export function csvCell(value: string | number): string {
  if (typeof value === "number") return `${value}`;
  const text = printable(value).replace(/^[=+\-@＝＋－＠]/, "'$&");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The usage of each room on each day, as CSV. */
export function usageCsv({ rooms }: NamedUsage): string {
  const rows = rooms.flatMap(({ room_id, name, days }) =>
    days.map(({ day, ...usage }) => [
      day,
      room_id ?? "",
      name,
      ...usageNumbers.map((key) => usage[key]),
    ])
  );
  rows.sort(([a = ""], [b = ""]) => a < b ? -1 : a > b ? 1 : 0);
  return [["day", "room_id", "room", ...usageNumbers], ...rows]
    .map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}
