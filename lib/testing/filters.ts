/** The comparisons of filters, and the pages of lists. */
import type { DateFilter } from "../date_filter.ts";
import type { Page, PageOptions } from "../page.ts";
import type { NumberFilter } from "../recordings.ts";

/** Whether two ids or words of the API are the same, ignoring case. */
export function isSame(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

/** Whether a value matches the filter, ignoring case; any does without one. */
export function is(
  value: string | null | undefined,
  filter: string | undefined,
): boolean {
  return filter === undefined || isSame(value, filter);
}

/** Whether a value is within the bounds; an absent value is within none. */
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

/** Whether the day of a timestamp, in UTC, matches the filter. */
export function isWithin(
  timestamp: string | null | undefined,
  filter: DateFilter = {},
): boolean {
  return isBetween(timestamp?.slice(0, 10), filter);
}

/** Whether a duration matches the filter; a number is the least. */
export function isAsLong(
  secs: number | null | undefined,
  filter: number | NumberFilter = {},
): boolean {
  const bounds = typeof filter === "number" ? { gte: filter } : filter;
  return isBetween(secs ?? undefined, bounds);
}

/** One page of the items. */
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
