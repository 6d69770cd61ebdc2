/** The comparisons of filters, and the pages of lists. */
import type { Page, PageOptions } from "../core/list.ts";

/** Whether two ids or words of the API are the same, ignoring case. */
export function isSame(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

/** Whether a value is within the bounds; an absent value is within none. */
function isBetween<T extends string | number>(
  value: T | undefined,
  { eq, gte, lte }: { eq?: T; gte?: T; lte?: T },
): boolean {
  const holds = (bound: T | undefined, test: (value: T, bound: T) => boolean) =>
    bound === undefined || (value !== undefined && test(value, bound));
  return holds(eq, (a, b) => a === b) && holds(gte, (a, b) => a >= b) &&
    holds(lte, (a, b) => a <= b);
}

/** Whether a field matches the option of a list that filters by it. */
function matches(option: string, value: unknown, filter: unknown): boolean {
  // One number is the minimum
  const bounds = typeof filter === "number" ? { gte: filter } : filter;
  if (typeof bounds === "object" && bounds) {
    // A filter for days compares the day in UTC
    const text = typeof value === "string" ? value.slice(0, 10) : value;
    return isBetween((text ?? undefined) as string | undefined, bounds);
  }
  return ["context", "uniqueName", "active"].includes(option)
    ? value === filter
    : isSame(value as string, filter as string);
}

/** Matches the options of a list, each named after its field. */
export function matching(opts: object): (record: object) => boolean {
  const filters = Object.entries(opts).filter(([option, filter]) =>
    filter !== undefined && !/^(page|include)/.test(option)
  );
  return (record) =>
    filters.every(([option, filter]) => {
      const field = option.replace(/[A-Z]/g, "_$&").toLowerCase();
      const value = (record as Record<string, unknown>)[field];
      return matches(option, value, filter);
    });
}

/** One page of the records, each as in a response. */
export function slicePage<Item, View = Item>(
  items: Item[],
  { pageNumber = 1, pageSize = 20 }: PageOptions,
  toView: (item: Item) => View = (item) => item as Item & View,
): Page<View> {
  return {
    data: items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
      .map(toView),
    meta: {
      page_number: pageNumber,
      page_size: pageSize,
      total_pages: Math.ceil(items.length / pageSize),
      total_results: items.length,
    },
  };
}
