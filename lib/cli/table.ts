import { cut } from "./cut.ts";
import { printable } from "./printable.ts";
import type { ViewOptions } from "./view.ts";

/** A column: its heading, and what a record has in it. */
export type Column<T> = readonly [
  head: string,
  cell: (record: T, now: number) => unknown,
];

/** How narrow the last column may become. */
const leastLast = 12;

/**
 * Records as a table. If it is too wide, columns before the last one are left
 * out, and the last one, which has names, is cut.
 */
export function table<T>(
  columns: readonly Column<T>[],
  records: readonly T[],
  { now, width, color }: ViewOptions,
): string {
  if (records.length === 0) return "None\n";
  const rows = [
    columns.map(([head]) => head),
    ...records.map((record) =>
      columns.map(([, cell]) => printable(`${cell(record, now) || ""}`))
    ),
  ];
  const widths = columns.map((_, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0)
  );
  const kept = widths.map((width, i) => ({ width, i }));
  const last = kept.pop() ?? { width: 0, i: 0 };
  const left = () =>
    width - kept.reduce((sum, { width }) => sum + width + 2, 0);
  while (kept.length > 1 && left() < Math.min(leastLast, last.width)) {
    kept.pop();
  }
  const room = Math.max(leastLast, left());
  return rows.map((row, n) => {
    const cells = kept.map(({ i, width }) => (row[i] ?? "").padEnd(width));
    const line = [...cells, cut(row[last.i] ?? "", room)].join("  ").trimEnd();
    return n === 0 && color ? `\x1b[2m${line}\x1b[0m\n` : `${line}\n`;
  }).join("");
}

/**
 * A record's fields that have something, one a line, named as on the wire; the
 * id comes first.
 */
export function fields(record: object, { color }: ViewOptions): string {
  const rows = Object.entries({ id: null, ...record })
    .filter(([, value]) => value !== null && value !== "");
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => {
    const label = printable(name).padEnd(width);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${color ? `\x1b[2m${label}\x1b[0m` : label}  ${printable(text)}\n`;
  }).join("");
}
