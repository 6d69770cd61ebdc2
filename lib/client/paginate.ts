// Reads every page of a list.
import { checkArgument, integerInRange } from "../core/arguments.ts";
import { type Decoder, jsonType, type Mismatch } from "../core/decode.ts";
import { InvalidResponseError } from "../core/errors.ts";
import {
  advance,
  maxPageSize,
  noProgress,
  outOfPlace,
  type Page,
  type PageOptions,
} from "../core/list.ts";
import { type CallOptions, optionNames } from "../core/call_options.ts";
import { secretsOf } from "../core/foreign.ts";
import type { Operation } from "../core/operation.ts";
import { readOptions } from "../core/options.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { concurrencyRange, lookAhead, shareRateLimit } from "./look_ahead.ts";

/** The options of every `all…()`, besides those of its list. */
export interface AllOptions {
  /**
   * The most items, from 1: then it ends, without a further request. If `pageSize`
   * is left out, the pages are no larger than this needs.
   *
   * @default All
   */
  limit?: number | undefined;
  /**
   * How many pages are requested at once, 1 to 1000, after the first page is used
   * up. The items and their order do not depend on it. As many pages are kept in
   * memory; a `break` aborts the requests that run. When Telnyx responds with
   * a 429, all pages wait as long as it asks, within their `timeoutMs`.
   *
   * @default {1}
   */
  concurrency?: number | undefined;
}

const limitDecoder = /* @__PURE__ */ integerInRange(1);

/** The least page size with which that many items take the fewest pages. */
export function pageSizeFor(limit: number): number {
  if (limit === Infinity) return maxPageSize;
  const pages = Math.ceil(limit / maxPageSize);
  return Math.ceil(limit / pages);
}

/** A page that was read, and whether it is the last. */
interface ReadPage<Item> {
  items: Item[];
  totalPages: number;
  isLast: boolean;
}

/** The options of every page, whatever becomes of the caller's object. */
function readListOptions<Options extends object>(
  token: string,
  operation: Operation,
  opts: Options,
): Options {
  return readOptions("", opts, optionNames(operation), secretsOf(token));
}

/** The items of a page, and whether it is the last. */
function readPageOf<Item>(page: Page<Item>, requested: number): ReadPage<Item> {
  const { data, meta: { page_number, total_pages } } = page;
  // Past the end, some servers send the last page again
  const items = (page_number ?? requested) === requested ? data : [];
  return {
    items,
    totalPages: total_pages,
    isLast: items.length === 0 || requested >= total_pages,
  };
}

/** Reads one page after another, until one is the last. */
interface PageReader<Item> {
  /** Reads the next page. */
  readNext(): Promise<ReadPage<Item>>;
  /**
   * Reads the pages from the next to `lastPage()`, or until one is the last, this
   * many at once. They take effect in order.
   */
  readAhead(
    concurrency: number,
    lastPage: () => number,
  ): AsyncGenerator<ReadPage<Item>, void, undefined>;
  /** The number of the next page. */
  following(): number;
}

/** Makes what reads the pages of a list. */
function pageReader<
  Options extends PageOptions,
  Item extends { id: string },
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<string, Options, undefined, Page<Item>>,
  options: Options & CallOptions,
): PageReader<Item> {
  const { pageNumber = 1, pageSize = maxPageSize } = options;
  const { timeoutMs = 30_000, retry, signal, onAttempt } = options;
  let progress = noProgress;
  let following = pageNumber;
  const sendTogether = shareRateLimit(onAttempt);

  /** The operation with a page out of place as an error, as a wrong type is. */
  function checking(mismatchOf: (page: Page<Item>) => Mismatch | undefined) {
    const result: Decoder<Page<Item>> = (body) =>
      operation.result?.(body) ?? mismatchOf(body as Page<Item>);
    return { ...operation, result };
  }

  async function readNext(): Promise<ReadPage<Item>> {
    const requested = following;
    let after = progress;
    const advancing = checking((page) => {
      const advanced = advance(progress, page, requested);
      after = advanced.progress ?? progress;
      return advanced.mismatch;
    });
    const page = await call(fetchFn, token, advancing, { ids: {} }, {
      ...options,
      pageNumber: requested,
      pageSize,
    });
    progress = after;
    following = requested + 1;
    return readPageOf(page, requested);
  }

  async function* readAhead(
    concurrency: number,
    lastPage: () => number,
  ): AsyncGenerator<ReadPage<Item>, void, undefined> {
    function* numbers() {
      for (let page = following; page <= lastPage(); page++) yield page;
    }
    const read = (requested: number, signal: AbortSignal) => {
      const placed = checking((page) => outOfPlace(page, requested));
      return sendTogether(
        (own) =>
          call(fetchFn, token, placed, { ids: {} }, {
            ...options,
            ...own,
            pageNumber: requested,
            pageSize,
          }),
        { timeoutMs, signal, isRetried: retry !== false },
      );
    };
    const pages = lookAhead(numbers(), read, { concurrency, signal });
    for await (const page of pages) {
      const requested = following;
      // Whether the list ends depends on pages that may have come after this one
      const { mismatch, progress: next } = advance(progress, page, requested);
      if (mismatch) {
        const { pointer, expected, value, received = jsonType(value) } =
          mismatch;
        const error = new InvalidResponseError(pointer, expected, received);
        throw Object.assign(error, { attempts: 1 });
      }
      progress = next;
      following = requested + 1;
      yield readPageOf(page, requested);
    }
  }
  return { readNext, readAhead, following: () => following };
}

/** The options of `paginate`, whatever becomes of the caller's object. */
function readAllOptions<Options extends PageOptions>(
  token: string,
  operation: Operation,
  opts: Options & AllOptions & CallOptions,
): AllOptions & { options: Options & CallOptions } {
  const known = ["limit", "concurrency", ...optionNames(operation)];
  const read = readOptions("", opts, known, secretsOf(token));
  const { limit, concurrency = 1, ...options } = read;
  checkArgument("concurrency", concurrencyRange, concurrency);
  if (limit !== undefined) {
    checkArgument("limit", limitDecoder, limit);
    options.pageSize ??= pageSizeFor(limit);
  }
  return { limit, concurrency, options: options as Options & CallOptions };
}

/** Items of a list that came together. */
export interface ListedPage<Item> {
  items: Item[];
  /** The number of pages of the list. */
  totalPages: number;
  /** Whether the list has items after these, though `limit` may leave them out. */
  hasMore: boolean;
}

/** Yields every page of a list, the last one cut to the limit. */
async function* readPages<
  Options extends PageOptions,
  Item extends { id: string },
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<string, Options, undefined, Page<Item>>,
  all: AllOptions & { options: Options & CallOptions },
): AsyncGenerator<ListedPage<Item>, void, undefined> {
  const { limit = Infinity, concurrency = 1, options } = all;
  const reader = pageReader<Options, Item>(fetchFn, token, operation, options);
  let taken = 0;
  let totalPages = 0;
  /** The most items that a page has had: a server may ignore `pageSize`. */
  let pageSize = options.pageSize ?? maxPageSize;
  /** The last page that the list has, or that `limit` needs. */
  function lastPage(following: number): number {
    const needed = Math.ceil((limit - taken) / pageSize);
    return Math.min(totalPages, following - 1 + needed);
  }
  async function* readWhole() {
    yield await reader.readNext();
    for (;;) {
      if (concurrency === 1) {
        yield await reader.readNext();
      } else {
        // Again if the list has grown, or its pages hold less than they could
        yield* reader.readAhead(
          concurrency,
          () => lastPage(reader.following()),
        );
      }
    }
  }
  for await (const page of readWhole()) {
    totalPages = page.totalPages;
    pageSize = Math.max(pageSize, page.items.length);
    const items = page.items.slice(0, limit - taken);
    taken += items.length;
    const hasMore = !page.isLast || items.length < page.items.length;
    yield { items, totalPages, hasMore };
    if (page.isLast || taken === limit) return;
  }
}

/** Yields every item of a list, page by page, by the rules of `allRooms`. */
export async function* paginate<
  Options extends PageOptions,
  Item extends { id: string },
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<string, Options, undefined, Page<Item>>,
  opts: Options & AllOptions & CallOptions,
): AsyncGenerator<Item, void, undefined> {
  const all = readAllOptions(token, operation, opts);
  const { signal } = all.options;
  const pages = readPages<Options, Item>(fetchFn, token, operation, all);
  for await (const { items } of pages) {
    for (const item of items) {
      signal?.throwIfAborted();
      yield item;
    }
  }
}

/** Yields the pages of a list, by the rules of `allRooms`. */
export async function* paginatePages<
  Options extends PageOptions,
  Item extends { id: string },
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<string, Options, undefined, Page<Item>>,
  opts: Options & AllOptions & CallOptions,
): AsyncGenerator<ListedPage<Item>, void, undefined> {
  const all = readAllOptions(token, operation, opts);
  yield* readPages<Options, Item>(fetchFn, token, operation, all);
}

/** The most pages of a list that is kept in memory: 250,000 items. */
export const mostKeptPages = 1000;

/** The most characters of a list that is kept in memory, as JSON: 256 MiB. */
export const mostKeptLength = 268_435_456;

/** The length of items as JSON: about the memory that they take. */
function lengthOf(items: unknown[]): number {
  try {
    return JSON.stringify(items).length;
  } catch {
    return Infinity; // nested too deeply
  }
}

/** The error of a list that is too large to be kept in memory. */
function tooLarge(pointer: string, limit: string, received: string) {
  const note = ", or narrow the list with filters";
  return new InvalidResponseError(pointer, limit, received, note);
}

/**
 * Reads a whole list into memory, by the rules of `allRooms`, and within bounds
 * that a server cannot extend: 1000 pages, and 256 MiB of JSON.
 *
 * @throws {InvalidResponseError} If the list is larger.
 */
export async function readWholeList<
  Options extends PageOptions,
  Item extends { id: string },
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<string, Options, undefined, Page<Item>>,
  opts: Options & CallOptions,
): Promise<Item[]> {
  const options = readListOptions(token, operation, opts);
  const reader = pageReader(fetchFn, token, operation, options);
  const list: Item[] = [];
  let length = 0;
  for (;;) {
    const { items, totalPages, isLast } = await reader.readNext();
    length += lengthOf(items);
    if (length > mostKeptLength) {
      throw tooLarge("/data", `at most ${mostKeptLength} characters`, "more");
    }
    for (const item of items) list.push(item);
    if (isLast) return list;
    if (totalPages > mostKeptPages) {
      throw tooLarge(
        "/meta/total_pages",
        `at most ${mostKeptPages} for a list as a whole`,
        `${totalPages}`,
      );
    }
  }
}
