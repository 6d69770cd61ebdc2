// Lists: pages, filters by date, and the operations that return them.
import { day, integerInRange } from "./arguments.ts";
import {
  array,
  type Decoder,
  integer,
  type Mismatch,
  object,
  requiredField,
} from "./decode.ts";
import type { Operation } from "./operation.ts";

/** The most items that the API puts on a page. */
export const maxPageSize = 250;

/** The options of every list. */
export interface PageOptions {
  /**
   * The page, from 1 (`page[number]`); `all…()` starts there.
   *
   * @default {1}
   */
  pageNumber?: number | undefined;
  /**
   * Items per page, 1 to 250 (`page[size]`). Lower it if a page exceeds
   * `maxBodyBytes` or a timeout.
   *
   * @default 20, which is Telnyx's; 250 for `all…()`
   */
  pageSize?: number | undefined;
}

/**
 * Where a page is in the list. Only `total_pages` is guaranteed: without it,
 * the last page cannot be recognized. Any other field may be absent or null,
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
  /** The items on this page, in Telnyx's order. */
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

/** The largest page number: no list is that long. */
const maxPageNumber = 2_147_483_647;

/** Declares the option `pageNumber`. */
export const pageNumber: readonly [name: string, decoder: Decoder<number>] = [
  "page[number]",
  /* @__PURE__ */ integerInRange(1, maxPageNumber),
];

/** Declares the option `pageSize`. */
export const pageSize: readonly [name: string, decoder: Decoder<number>] = [
  "page[size]",
  /* @__PURE__ */ integerInRange(1, maxPageSize),
];

/** Makes the decoder of a page from that of its items. */
function pageOf<Item>(item: Decoder<Item>): Decoder<Page<Item>> {
  const items = array(item);
  return (value) =>
    requiredField(value, "data", items) ??
      requiredField(value, "meta", pageMeta);
}

/**
 * Makes the operation of a list from its path, its items and its options.
 *
 * @param path The path after the base URL.
 * @param item The decoder of an item.
 * @param options The options with their names on the wire and their decoders;
 * `pageNumber` and `pageSize` among them.
 * @returns The operation, which results in a {@linkcode Page}.
 *
 * @example A list that this module has no function for
 * ```ts
 * import {
 *   type CallOptions,
 *   listOf,
 *   object,
 *   type Operation,
 *   type Page,
 *   pageNumber,
 *   type PageOptions,
 *   pageSize,
 *   recordId,
 *   string,
 *   toRequest,
 * } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * interface Delivery {
 *   id: string;
 *   status?: string | null;
 * }
 * interface ListDeliveriesOptions extends PageOptions, CallOptions {}
 *
 * const operation: Operation<
 *   "/webhook_deliveries",
 *   ListDeliveriesOptions,
 *   undefined,
 *   Page<Delivery>
 * > = listOf(
 *   "/webhook_deliveries",
 *   object<Delivery>({ id: [recordId, "required"], status: string }),
 *   { pageNumber, pageSize },
 * );
 * const { url } = toRequest(operation, "KEY", {}, { pageSize: 50 });
 * assertEquals(
 *   url,
 *   "https://api.telnyx.com/v2/webhook_deliveries?page%5Bsize%5D=50",
 * );
 * ```
 */
export function listOf<Path extends string, Item, Options>(
  path: Path,
  item: Decoder<Item>,
  options: NonNullable<Operation<Path, Options>["options"]>,
): Operation<Path, Options, undefined, Page<Item>> {
  return {
    method: "GET",
    path,
    options,
    status: 200,
    repeatable: true,
    result: pageOf(item),
  };
}

/** A list with more pages than this is taken for endless. */
const mostPages = 1_000_000;

/** A page that comes back this often shows that the list does not advance. */
const mostRepeats = 10;

/** What is remembered of a list's earlier pages, to see that it will end. */
export interface ListProgress {
  /** How many pages were read. */
  readonly pages: number;
  /** The number of the page at which the list must end. */
  readonly maxPages: number;
  /** The ids of an earlier page: the latest whose count is a power of two. */
  readonly landmark: readonly string[];
  /** How often the landmark has come back. */
  readonly repeats: number;
}

/** The progress before the first page. */
export const noProgress: ListProgress = {
  pages: 0,
  maxPages: mostPages,
  landmark: [],
  repeats: 0,
};

/** What a page means: how far the list is now, or what is wrong with the page. */
export type Advance =
  | { progress: ListProgress; mismatch?: undefined }
  | { progress?: undefined; mismatch: Mismatch };

/** Twice the pages of a list by its first response: it may grow meanwhile. */
function maxPagesOf(
  { data, meta: { total_pages, total_results } }: Page<unknown>,
  requested: number,
): number {
  // If more pages follow, this one is full
  const byResults = Math.ceil((total_results ?? Infinity) / data.length);
  const isCounted = total_results && byResults >= requested;
  const pages = isCounted ? Math.min(total_pages, byResults) : total_pages;
  return Math.min(2 * pages, requested - 1 + mostPages);
}

/** What is wrong with a page, with what was received. */
function mismatchOf(
  page: unknown,
  pointer: string,
  expected: string,
  received: string,
): Mismatch {
  return { pointer, expected, received, value: page };
}

/** What is wrong if a page is not the one that was requested. */
export function outOfPlace(
  page: Page<unknown>,
  requested: number,
): Mismatch | undefined {
  const { page_number, total_pages } = page.meta;
  const isRequested = (page_number ?? requested) === requested;
  // Past the end, some servers send the last page again
  if (isRequested || total_pages < requested) return undefined;
  return mismatchOf(
    page,
    "/meta/page_number",
    `${requested}`,
    `${page_number}`,
  );
}

/** Whether items have these ids, in this order. */
function haveIds(items: readonly { id: string }[], ids: readonly string[]) {
  return items.length === ids.length &&
    items.every(({ id }, i) => id === ids[i]);
}

/**
 * Takes the next page into account. A list ends, or a page is out of place, after
 * a number of requests that is bounded whatever the server sends: at most twice as
 * many pages as at first, never more than a million, and soon once the pages repeat
 * themselves. (A page is compared with one that is replaced at the counts 1, 2, 4
 * and so on, so a cycle of any length is found without keeping every page.) A few
 * repetitions are accepted, since items that are added shift the others.
 */
export function advance<Item extends { id: string }>(
  progress: ListProgress,
  page: Page<Item>,
  requested: number,
): Advance {
  const { data, meta: { total_pages } } = page;
  const mismatch = outOfPlace(page, requested);
  if (mismatch) return { mismatch };
  const isLast = data.length === 0 || total_pages <= requested;
  if (isLast) return { progress };

  const pages = progress.pages + 1;
  const maxPages = pages === 1
    ? maxPagesOf(page, requested)
    : progress.maxPages;
  if (pages > 1 && requested >= maxPages) {
    const most = `at most ${requested}`;
    return {
      mismatch: mismatchOf(page, "/meta/total_pages", most, `${total_pages}`),
    };
  }
  const isRepeated = haveIds(data, progress.landmark);
  const repeats = progress.repeats + (isRepeated ? 1 : 0);
  if (repeats >= mostRepeats) {
    const other = `other items on page ${requested}`;
    const same = "the same page again and again";
    return { mismatch: mismatchOf(page, "/data", other, same) };
  }
  const isPowerOfTwo = Number.isInteger(Math.log2(pages));
  const next = isPowerOfTwo
    ? { pages, maxPages, landmark: data.map(({ id }) => id), repeats: 0 }
    : { ...progress, pages, maxPages, repeats };
  return { progress: next };
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
