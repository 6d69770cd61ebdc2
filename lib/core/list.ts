// Lists: pages, filters by date, and the operations that return them.
import { day, inRange } from "./arguments.ts";
import { array, type Decoder, integer, object } from "./decode.ts";
import { InvalidResponseError } from "./errors.ts";
import type { Operation, OptionSpec } from "./operation.ts";

/** The most items that the API puts on a page. */
export const maxPageSize = 250;

/** The options of every list. */
export interface PageOptions {
  /** The page, from 1 (`page[number]`); `all…()` starts there. Default: 1. */
  pageNumber?: number | undefined;
  /**
   * Items per page, 1 to 250 (`page[size]`). Default: 20, which is the
   * provider's; 250 for `all…()`. Lower it if a page exceeds `maxBodyBytes` or
   * a time-out.
   */
  pageSize?: number | undefined;
}

/**
 * Where a page is in the list. Only `total_pages` is guaranteed: without it,
 * the last page can't be recognized. Any other field may be absent or null,
 * since the API marks none as required. Unlisted fields are kept.
 */
export interface PageMeta {
  /** The page number, from 1. */
  page_number?: number | null;
  /** The largest number of items on a page. */
  page_size?: number | null;
  /** The number of pages. */
  total_pages: number;
  /** The number of items on all pages. */
  total_results?: number | null;
}

/** A page of a list, named as on the wire. Unlisted fields are kept. */
export interface Page<Item> {
  /** The items on this page, in the provider's order. */
  data: Item[];
  /** Where the page is in the list. */
  meta: PageMeta;
}

const pageMeta: Decoder<PageMeta> = /* @__PURE__ */ object<PageMeta>({
  page_number: integer,
  page_size: integer,
  total_pages: [integer, "required"],
  total_results: integer,
});

/** An operation that results in a page, and has no payload. */
export type List<Path extends string, Item, Options> = Operation<
  Path,
  Options,
  never,
  Page<Item>
>;

/** Makes the operation of a list from its path, its items and its filters. */
export function listOf<Path extends string, Item, Options extends PageOptions>(
  path: Path,
  item: Decoder<Item>,
  filters: OptionSpec<Omit<Options, keyof PageOptions>>,
): List<Path, Item, Options> {
  return {
    method: "GET",
    path,
    options: {
      ...filters,
      pageNumber: ["page[number]", inRange("integer", 1)],
      pageSize: ["page[size]", inRange("integer", 1, maxPageSize)],
    },
    status: 200,
    repeatable: true,
    result: object<Page<Item>>({
      data: [array(item), "required"],
      meta: [pageMeta, "required"],
    } as never),
  } as unknown as List<Path, Item, Options>;
}

/**
 * Throws if a page is not the requested one, or if more pages follow it
 * although it is already number `maxPages`.
 */
export function checkPage(
  { page_number, total_pages }: PageMeta,
  requested: number,
  maxPages: number,
): void {
  const pageMismatch = (name: string, expected: string, received: unknown) =>
    new InvalidResponseError(`/meta/${name}`, expected, `${received}`);
  if ((page_number ?? requested) !== requested) {
    // Past the end, some servers send the last page again
    if (total_pages >= requested) {
      throw pageMismatch("page_number", `${requested}`, page_number);
    }
  } else if (requested >= maxPages && total_pages > requested) {
    throw pageMismatch("total_pages", `at most ${requested}`, total_pages);
  }
}

/**
 * A range of days, as `YYYY-MM-DD`; each bound is optional. The time zone of
 * the days is not documented.
 */
export interface DateFilter {
  /** That day. */
  eq?: string | undefined;
  /** That day or later. */
  gte?: string | undefined;
  /** That day or earlier. */
  lte?: string | undefined;
}

/** The shape of a {@linkcode DateFilter}. */
export const dateFilter: Decoder<DateFilter> = /* @__PURE__ */ object<
  DateFilter
>({
  eq: [day, "optional"],
  gte: [day, "optional"],
  lte: [day, "optional"],
});

/** The names of the bounds of a range of days or numbers. */
export const boundNames: readonly string[] = ["eq", "gte", "lte"];

/** Turns the bounds of a filter into query parameters: `name[gte]`. */
export function toBounds(name: string, filter: unknown): [string, unknown][] {
  return boundNames
    .map((bound): [string, unknown] => [
      `${name}[${bound}]`,
      Object(filter)[bound],
    ])
    .filter(([, value]) => value !== undefined);
}
