/** The comparisons of filters, and the pages of lists. */
import type { Page, PageOptions } from "../core/list.ts";
import type { Records } from "./records.ts";

/** Whether two ids or words of the API are the same, ignoring case. */
export function isSame(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

/** Whether a value is within the bounds; an absent value is within none. */
function isBetween<T extends string | number>(
  value: T | null | undefined,
  { eq, gte, lte }: { eq?: T; gte?: T; lte?: T },
): boolean {
  return value !== null && value !== undefined &&
    (eq === undefined || value === eq) &&
    (gte === undefined || value >= gte) &&
    (lte === undefined || value <= lte);
}

/** Whether a field matches the option of a list that filters by it. */
function matches(field: string, value: unknown, filter: unknown): boolean {
  // One number is the minimum
  const bounds = typeof filter === "number" ? { gte: filter } : filter;
  if (typeof bounds === "object" && bounds) {
    // A filter for days compares the day in UTC
    const text = typeof value === "string" ? value.slice(0, 10) : value;
    return isBetween(text as string | undefined, bounds);
  }
  return ["context", "unique_name", "active"].includes(field)
    ? value === filter
    : isSame(value as string, filter as string);
}

/** The records that match the options of a list, each named after its field. */
export function matching<T extends { id: string }>(
  records: Records<T>,
  opts: object,
): T[] {
  const filters: [field: string, filter: unknown][] = Object.entries(opts)
    .filter(([option, filter]) =>
      filter !== undefined && !/^(page|include)/.test(option)
    )
    .map(([option, filter]) => [
      option.replace(/[A-Z]/g, "_$&").toLowerCase(),
      filter,
    ]);
  const [, owner] = filters.find(([field]) => field === records.owner) ?? [];
  return records.of(owner as string | undefined).filter((record) =>
    filters.every(([field, filter]) =>
      matches(field, Reflect.get(record, field), filter)
    )
  );
}

/** One page of the records, each as in a response. */
export function slicePage<Item, View>(
  items: Item[],
  { pageNumber = 1, pageSize = 20 }: PageOptions,
  toView: (item: Item) => View,
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
