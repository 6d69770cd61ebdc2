// Tables, whose columns are as wide as their first rows need.
import { printable } from "./text.ts";
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

/** A table that is printed bit by bit. */
export interface Table<T> {
  head: string;
  rows(records: readonly T[]): string[];
}

/**
 * Makes a table, with columns as wide as the first records need. To fit the width,
 * columns before the last are dropped, and the last one, which holds names, is cut.
 * Where even two do not fit, the first one, an id, has a line of its own.
 */
export function tableOf<T>(
  columns: readonly Column<T>[],
  first: readonly T[],
  { now, width, color }: ViewOptions,
): Table<T> {
  const cellsOfRecord = (record: T) =>
    columns.map(([, cell]) => printable(`${cell(record, now) || ""}`));
  const heads = columns.map(([head]) => head);
  const widths = heads.map((head) => cellsOf(head));
  for (const record of first) {
    for (const [i, cell] of cellsOfRecord(record).entries()) {
      widths[i] = Math.max(widths[i] ?? 0, cellsOf(cell, maxCells));
    }
  }
  const kept = widths.map((width, i) => ({ width, i }));
  const last = kept.pop() ?? { width: 0, i: 0 };
  const taken = () => kept.reduce((sum, { width }) => sum + width + 2, 0);
  const needed = Math.min(minLast, last.width);
  const isStacked = (kept[0]?.width ?? 0) + 2 + needed > width;
  const above = isStacked ? kept.shift() : undefined;
  const indent = above ? 2 : 0;
  while (kept.length > (above ? 0 : 1) && width - indent - taken() < needed) {
    kept.pop();
  }
  function lineOf(row: readonly string[]): string {
    const cells = kept.map(({ i, width }) =>
      pad(cut(row[i] ?? "", maxCells), width)
    );
    const before = " ".repeat(indent) +
      cells.map((cell) => `${cell}  `).join("");
    const room = Math.max(above ? 1 : minLast, width - cellsOf(before));
    const line = (before + cut(row[last.i] ?? "", room)).trimEnd();
    return above ? `${cut(row[above.i] ?? "", maxCells)}\n${line}` : line;
  }
  const head = above
    ? heads.filter((_, i) =>
      i === above.i || i === last.i || kept.some((it) => it.i === i)
    ).join("  ")
    : lineOf(heads);
  return {
    head: color ? `\x1b[2m${head}\x1b[0m\n` : `${head}\n`,
    rows: (records) =>
      records.map((record) => `${lineOf(cellsOfRecord(record))}\n`),
  };
}

export function table<T>(
  columns: readonly Column<T>[],
  records: readonly T[],
  options: ViewOptions,
): string {
  if (records.length === 0) return "None\n";
  const { head, rows } = tableOf(columns, records, options);
  return head + rows(records).join("");
}
