// Reads every page of a list.
import { checkArgument, integerInRange } from "../core/arguments.ts";
import type { Decoder } from "../core/decode.ts";
import { InvalidResponseError } from "../core/errors.ts";
import {
  advance,
  maxPageSize,
  noProgress,
  type Page,
  type PageOptions,
} from "../core/list.ts";
import { type CallOptions, optionNames } from "../core/call_options.ts";
import { secretsOf } from "../core/foreign.ts";
import type { Operation } from "../core/operation.ts";
import { readOptions } from "../core/options.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";

/** The options of every `all…()`, besides those of its list. */
export interface AllOptions {
  /**
   * The most items, from 1: then it ends, without a further request. If `pageSize`
   * is left out, the pages are no larger than this needs.
   *
   * @default All
   */
  limit?: number | undefined;
}

const limitDecoder = /* @__PURE__ */ integerInRange(1);

/** The least page size with which that many items take the fewest pages. */
function pageSizeFor(limit: number): number {
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

/** Makes a function that reads one page after another, until one is the last. */
function pageReader<
  Options extends PageOptions,
  Item extends { id: string },
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<string, Options, undefined, Page<Item>>,
  options: Options & CallOptions,
): () => Promise<ReadPage<Item>> {
  const { pageNumber = 1, pageSize = maxPageSize } = options;
  let progress = noProgress;
  let following = pageNumber;
  return async () => {
    const requested = following;
    // A page out of place is an error of its call, as a wrong type is
    const result: Decoder<Page<Item>> = (body) =>
      operation.result?.(body) ??
        advance(progress, body as Page<Item>, requested).mismatch;
    const page = await call(
      fetchFn,
      token,
      { ...operation, result },
      { ids: {} },
      { ...options, pageNumber: requested, pageSize },
    );
    progress = advance(progress, page, requested).progress ?? progress;
    following = requested + 1;
    const { data, meta: { page_number, total_pages } } = page;
    // Past the end, some servers send the last page again
    const items = (page_number ?? requested) === requested ? data : [];
    return {
      items,
      totalPages: total_pages,
      isLast: items.length === 0 || requested >= total_pages,
    };
  };
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
  const known = ["limit", ...optionNames(operation)];
  const read = readOptions("", opts, known, secretsOf(token));
  const { limit, ...options } = read;
  if (limit !== undefined) {
    checkArgument("limit", limitDecoder, limit);
    options.pageSize ??= pageSizeFor(limit);
  }
  const readPage = pageReader<Options, Item>(
    fetchFn,
    token,
    operation,
    options as Options & CallOptions,
  );
  let yielded = 0;
  for (;;) {
    const { items, isLast } = await readPage();
    for (const item of items) {
      options.signal?.throwIfAborted();
      yield item;
      yielded++;
      if (yielded === limit) return;
    }
    if (isLast) return;
  }
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
  const readPage = pageReader(fetchFn, token, operation, options);
  const list: Item[] = [];
  let length = 0;
  for (;;) {
    const { items, totalPages, isLast } = await readPage();
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
