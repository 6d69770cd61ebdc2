import { printable, printableJson } from "./text.ts";
import type { ViewOptions } from "./view.ts";
import { cellsOf, cut, pad } from "./width.ts";

/** A column: its heading, and the cell of a record. */
export type Column<T> = readonly [
  head: string,
  cell: (record: T, now: number) => unknown,
];

/** The least width of the last column. */
const minLast = 12;

/** The most cells of another column, such as a hostile id, in every row. */
const maxCells = 100;

/** The most cells of a label beside a field. */
const maxLabel = 40;

/**
 * Records as a table. To fit the width, columns before the last are dropped, and
 * the last one, which holds names, is cut.
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
    rows.reduce(
      (most, row) => Math.max(most, cellsOf(row[i] ?? "", maxCells)),
      0,
    )
  );
  const kept = widths.map((width, i) => ({ width, i }));
  const last = kept.pop() ?? { width: 0, i: 0 };
  const left = () =>
    width - kept.reduce((sum, { width }) => sum + width + 2, 0);
  while (kept.length > 1 && left() < Math.min(minLast, last.width)) {
    kept.pop();
  }
  const room = Math.max(minLast, left());
  return rows.map((row, n) => {
    const cells = kept.map(({ i, width }) =>
      pad(cut(row[i] ?? "", maxCells), width)
    );
    const line = [...cells, cut(row[last.i] ?? "", room)].join("  ").trimEnd();
    return n === 0 && color ? `\x1b[2m${line}\x1b[0m\n` : `${line}\n`;
  }).join("");
}

/**
 * The fields of a record that are set, one per line and named as on the wire. The
 * id comes first.
 */
export function fields(record: object, { color }: ViewOptions): string {
  const rows = Object.entries({ id: null, ...record })
    .filter(([, value]) => value !== null && value !== "");
  const width = rows.reduce(
    (most, [name]) => Math.max(most, cellsOf(printable(name), maxLabel)),
    0,
  );
  return rows.map(([name, value]) => {
    const label = pad(printable(name), width);
    const text = typeof value === "string"
      ? value
      : printableJson(value) ?? "(nested too deeply to show)";
    return `${color ? `\x1b[2m${label}\x1b[0m` : label}  ${printable(text)}\n`;
  }).join("");
}
