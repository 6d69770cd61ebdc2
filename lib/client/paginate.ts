// Reads every page of a list.
import { checkArgument, integerInRange } from "../core/arguments.ts";
import { type Decoder, jsonType, type Mismatch } from "../core/decode.ts";
import { InvalidResponseError } from "../core/errors.ts";
import {
  advance,
  type ListProgress,
  maxPageSize,
  noProgress,
  outOfPlace,
  type Page,
  type PageOptions,
} from "../core/list.ts";
import { type CallOptions, optionNames } from "../core/call_options.ts";
import { secretsOf } from "../core/foreign.ts";
import type { Operation } from "../core/operation.ts";
import { readOptions, withoutPrototype } from "../core/options.ts";
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

/** The options of a list as they are read, and how much of it is. */
type ListOptions<Options> = AllOptions & { options: Options & CallOptions };

/** Reads the options once, whatever becomes of the caller's object. */
function readListOptions<Options extends PageOptions>(
  token: string,
  operation: Operation,
  opts: Options & AllOptions & CallOptions,
): ListOptions<Options> {
  const known = ["limit", "concurrency", ...optionNames(operation)];
  const read = readOptions("", opts, known, secretsOf(token));
  const { limit, concurrency = 1, ...rest } = read;
  const options = withoutPrototype(rest);
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
  { limit = Infinity, concurrency = 1, options: given }: ListOptions<Options>,
): AsyncGenerator<ListedPage<Item>, void, undefined> {
  const options = withoutPrototype(given);
  const { pageSize = maxPageSize, timeoutMs = 30_000 } = options;
  const { retry, signal, onAttempt } = options;
  const sendTogether = shareRateLimit(onAttempt);
  let progress = noProgress;
  /** The number of the next page. */
  let following = options.pageNumber ?? 1;
  let totalPages = 0;
  /** The most items that a page has had: a server may ignore `pageSize`. */
  let mostItems = pageSize;
  let taken = 0;
  let isOver = false;

  /** Requests a page; one that is out of place is an error, as a wrong type is. */
  function request(
    pageNumber: number,
    mismatchOf: (page: Page<Item>) => Mismatch | undefined,
    own: CallOptions = {},
  ): Promise<Page<Item>> {
    const result: Decoder<Page<Item>> = (body) =>
      operation.result?.(body) ?? mismatchOf(body as Page<Item>);
    const opts = { ...options, ...own, pageNumber, pageSize };
    return call(fetchFn, token, { ...operation, result }, { ids: {} }, opts);
  }

  /** Takes the next page into account. */
  function take(page: Page<Item>, next: ListProgress): ListedPage<Item> {
    const { data, meta: { page_number, total_pages } } = page;
    // Past the end, some servers send the last page again
    const found = (page_number ?? following) === following ? data : [];
    const isLast = found.length === 0 || following >= total_pages;
    const items = found.slice(0, limit - taken);
    progress = next;
    following++;
    totalPages = total_pages;
    mostItems = Math.max(mostItems, found.length);
    taken += items.length;
    isOver = isLast || taken === limit;
    const hasMore = !isLast || items.length < found.length;
    return { items, totalPages, hasMore };
  }

  async function readNext(): Promise<ListedPage<Item>> {
    let next = progress;
    const page = await request(following, (page) => {
      const advanced = advance(progress, page, following);
      next = advanced.progress ?? progress;
      return advanced.mismatch;
    });
    return take(page, next);
  }

  /** The pages that the list has, or that `limit` needs. */
  function* numbers() {
    for (let page = following;; page++) {
      const needed = Math.ceil((limit - taken) / mostItems);
      if (page > Math.min(totalPages, following - 1 + needed)) return;
      yield page;
    }
  }

  /** Reads the next pages, several at once. They take effect in order. */
  async function* readAhead() {
    const read = (number: number, signal: AbortSignal) =>
      sendTogether(
        (own) => request(number, (page) => outOfPlace(page, number), own),
        { timeoutMs, signal, isRetried: retry !== false },
      );
    for await (
      const page of lookAhead(numbers(), read, { concurrency, signal })
    ) {
      // Whether the list ends depends on pages that may have come after this one
      const { mismatch, progress: next } = advance(progress, page, following);
      if (mismatch) {
        const { pointer, expected, value, received = jsonType(value) } =
          mismatch;
        const error = new InvalidResponseError(pointer, expected, received);
        throw Object.assign(error, { attempts: 1 });
      }
      yield take(page, next);
      if (isOver) return;
    }
  }

  yield await readNext();
  while (!isOver) {
    if (concurrency === 1) yield await readNext();
    // Again if the list has grown, or its pages hold less than they could
    else yield* readAhead();
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
  const all = readListOptions(token, operation, opts);
  const pages = readPages<Options, Item>(fetchFn, token, operation, all);
  for await (const { items } of pages) {
    for (const item of items) {
      all.options.signal?.throwIfAborted();
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
  const all = readListOptions(token, operation, opts);
  yield* readPages<Options, Item>(fetchFn, token, operation, all);
}

/** The most pages of a list that is kept in memory: 250,000 items. */
const mostKeptPages = 1000;

/** The most characters of a list that is kept in memory, as JSON: 256 MiB. */
const mostKeptLength = 268_435_456;

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
  const pages = readPages(fetchFn, token, operation, { options: opts });
  const list: Item[] = [];
  let length = 0;
  for await (const { items, totalPages, hasMore } of pages) {
    length += lengthOf(items);
    if (length > mostKeptLength) {
      throw tooLarge("/data", `at most ${mostKeptLength} characters`, "more");
    }
    for (const item of items) list.push(item);
    if (hasMore && totalPages > mostKeptPages) {
      throw tooLarge(
        "/meta/total_pages",
        `at most ${mostKeptPages} for a list as a whole`,
        `${totalPages}`,
      );
    }
  }
  return list;
}
