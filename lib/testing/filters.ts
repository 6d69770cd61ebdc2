/** What the filters of lists compare, and the page that is cut from a list. */
import type { DateFilter } from "../date_filter.ts";
import type { Page, PageOptions } from "../page.ts";
import type { NumberFilter } from "../recordings.ts";

/** Whether two ids, or words of the API, are the same, whatever their case. */
export function isSame(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

/** Whether a value is the one that is asked for, if one is. */
export function is(
  value: string | null | undefined,
  asked: string | undefined,
): boolean {
  return asked === undefined || isSame(value, asked);
}

/** Whether a value is within its bounds; without a value, it meets none. */
function isBetween<T extends string | number>(
  value: T | undefined,
  { eq, gte, lte }: {
    eq?: T | undefined;
    gte?: T | undefined;
    lte?: T | undefined;
  },
): boolean {
  const holds = (bound: T | undefined, test: (value: T, bound: T) => boolean) =>
    bound === undefined || (value !== undefined && test(value, bound));
  return holds(eq, (a, b) => a === b) && holds(gte, (a, b) => a >= b) &&
    holds(lte, (a, b) => a <= b);
}

/** Whether the day of a timestamp, in UTC, is as the filter says. */
export function isWithin(
  timestamp: string | null | undefined,
  filter: DateFilter = {},
): boolean {
  return isBetween(timestamp?.slice(0, 10), filter);
}

/** Whether a number is as the filter says; one number is "at least". */
export function isAsLong(
  secs: number | null | undefined,
  filter: number | NumberFilter = {},
): boolean {
  const bounds = typeof filter === "number" ? { gte: filter } : filter;
  return isBetween(secs ?? undefined, bounds);
}

/** The page of the items, in their order, that is asked for. */
export function pageOf<Item>(
  items: Item[],
  { pageNumber = 1, pageSize = 20 }: PageOptions,
): Page<Item> {
  return {
    data: items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    meta: {
      page_number: pageNumber,
      page_size: pageSize,
      total_pages: Math.ceil(items.length / pageSize),
      total_results: items.length,
    },
  };
}
