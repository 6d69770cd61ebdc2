// Lists, which are printed as their pages come.
import type { ListedPage } from "../client/paginate.ts";
import { sleep } from "../client/timer.ts";
import type { Context, Options, Output, Values } from "./command.ts";
import { usageError } from "./failure.ts";
import { toInteger } from "./parse.ts";
import { statusLine } from "./progress.ts";
import { type Column, type Table, tableOf } from "./table.ts";
import { writeLine } from "./text.ts";
import { toJson, toViewOptions } from "./view.ts";

/** How many a terminal shows without `--limit` or `--all`, as in gh. */
const onTerminal = 30;

export const listOptions = {
  limit: {
    value: "N",
    about: `the most to list (default ${onTerminal} on a terminal, else all)`,
  },
  all: { about: "list all, also on a terminal" },
} as const satisfies Options;

/** How many are listed at most. */
export function limitOf(
  { limit, all }: Values<typeof listOptions>,
  { isTTY }: Output,
): number {
  if (limit !== undefined) {
    if (all) throw usageError("--limit and --all exclude each other");
    return toInteger("--limit", limit, 1, 999_999_999);
  }
  return all || !isTTY ? Infinity : onTerminal;
}

/**
 * How long a first page waits for its last row, in milliseconds. By then, a reader
 * that needs no more, such as `head`, has closed the pipe: the last row finds out,
 * and no further page is asked for.
 */
const pauseMs = 20;

/** How records are printed, one after another. */
interface Printer<T> {
  /** The lines of records, of which there are some. */
  linesOf(records: readonly T[]): string[];
  /** What comes after all, or in place of none. */
  end(count: number): string;
}

function jsonPrinter(): Printer<unknown> {
  let before = "[\n";
  return {
    linesOf: (records) =>
      records.map((record) => {
        const text = toJson(record).trimEnd().replaceAll("\n", "\n  ");
        const line = `${before}  ${text}`;
        before = ",\n";
        return line;
      }),
    end: (count) => count > 0 ? "\n]\n" : "[]\n",
  };
}

function tablePrinter<T>(
  columns: readonly Column<T>[],
  context: Context,
): Printer<T> {
  let table: Table<T> | undefined;
  return {
    linesOf(records) {
      if (table) return table.rows(records);
      table = tableOf(columns, records, toViewOptions(context));
      return [table.head, ...table.rows(records)];
    },
    end: (count) => count > 0 ? "" : "None\n",
  };
}

interface Listing<T> {
  pages: AsyncIterable<ListedPage<T>>;
  columns: readonly Column<T>[];
  /** Which records are listed; all, if left out. */
  keep?: ((record: T) => boolean) | undefined;
  limit: number;
  json: boolean;
}

/** Prints a list page by page, up to its limit. */
export async function printList<T>(
  { pages, columns, keep = () => true, limit, json }: Listing<T>,
  context: Context,
): Promise<void> {
  const { stdout, stderr, stop } = context;
  const printer: Printer<T> = json
    ? jsonPrinter()
    : tablePrinter(columns, context);
  const status = statusLine(context);
  const write = async (text: string) => {
    status.clear();
    await stdout.write(text);
    stop.throwIfAborted();
  };
  let [count, read, isCut] = [0, 0, false];
  try {
    for await (const { items, totalPages, hasMore } of pages) {
      read++;
      const kept = items.filter(keep);
      const records = kept.slice(0, limit - count);
      isCut = hasMore || records.length < kept.length;
      if (records.length > 0) {
        const lines = printer.linesOf(records);
        const isFirst = count === 0 && hasMore && !stdout.isTTY;
        count += records.length;
        if (isFirst && count < limit) {
          await write(lines.splice(0, lines.length - 1).join(""));
          await sleep(pauseMs, stop);
        }
        await write(lines.join(""));
      }
      if (count === limit) break;
      if (hasMore) status.show(`Page ${read} of ${totalPages}`);
    }
  } finally {
    status.clear();
  }
  await write(printer.end(count));
  if (count === limit && isCut && stderr.isTTY) {
    const first = `The first ${count}`;
    writeLine(`${first}; --all lists all, --limit N another number`, stderr);
  }
}
