import { checkArgument, inRange } from "./arguments.ts";
import { InvalidResponseError } from "./errors.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { call, type CallOptions } from "./call.ts";
import { anyObject, array, type Decoder, integer, object } from "./decode.ts";
import type { Ids, Operation, OptionSpec } from "./operation.ts";

/** The most items that the API puts on a page. */
const largestPage = 250;

/** The options of every list. */
export interface PageOptions {
  /**
   * Which page, from 1 (`page[number]`); of an `all…()`, the first one.
   * Default: 1.
   */
  pageNumber?: number | undefined;
  /**
   * Items on a page, 1 to 250 (`page[size]`). Default: 20, the provider's own;
   * 250 for an `all…()`. If a page passes `maxBodyBytes` or a time-out, ask for
   * fewer.
   */
  pageSize?: number | undefined;
}

/**
 * Where a page is in the list. Only `total_pages` is sure to be there: without
 * it, the last page can't be recognized. Any other field may be absent or null,
 * since the API marks none as required. Fields that are not listed are kept as
 * well.
 */
export interface PageMeta {
  /** Which page it is, from 1. */
  page_number?: number | null;
  /** How many items a page holds at the most. */
  page_size?: number | null;
  /** How many pages there are. */
  total_pages: number;
  /** How many items there are on all pages. */
  total_results?: number | null;
}

/**
 * A page of a list, its fields named as on the wire. Fields that are not listed
 * are kept.
 */
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

/** A page of what `decoder` accepts. */
export function pageOf<Item>(decoder: Decoder<Item>): Decoder<Page<Item>> {
  return object<Page<Item>>({
    data: [array(decoder), "required"],
    meta: [pageMeta, "required"],
  } as never);
}

/** An operation that results in a page, and has no payload. */
export type List<Path extends string, Item, Options> = Operation<
  Path,
  Options,
  never,
  Page<Item>
>;

/** The options of a list: its own, and those of every list. */
export function withPage<Options extends PageOptions>(
  options: OptionSpec<Omit<Options, keyof PageOptions>>,
): OptionSpec<Options> {
  return {
    ...options,
    pageNumber: ["page[number]", inRange("integer", 1)],
    pageSize: ["page[size]", inRange("integer", 1, largestPage)],
  } as unknown as OptionSpec<Options>;
}

/**
 * Throws if a page can't be the one that was asked for, or can't be followed by
 * another one after `most` pages.
 */
function checkPage(
  { page_number, total_pages }: PageMeta,
  asked: number,
  most: number,
): void {
  const wrong = (name: string, expected: string, received: unknown) =>
    new InvalidResponseError(`/meta/${name}`, expected, `${received}`);
  if ((page_number ?? asked) !== asked) {
    // Past the end, some servers send the last page again
    if (total_pages >= asked) {
      throw wrong("page_number", `${asked}`, page_number);
    }
  } else if (asked >= most && total_pages > asked) {
    throw wrong("total_pages", `at most ${asked}`, total_pages);
  }
}

/**
 * Yields every item of a list, page after page. A page is requested when its
 * first item is asked for.
 *
 * It ends after the page that the last response has for the last one, at an
 * empty page, or at a page past the end; so each request but the last brings at
 * least one item. Another page than the one asked for is an error, since items
 * would be missing; and so is a list that has doubled its pages while it was
 * read, and still has no end.
 */
export async function* paginate<
  Path extends string,
  Options extends PageOptions,
  Item,
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<Path, Options, never, Page<Item>>,
  ids: Ids<Path>,
  opts: Options & CallOptions,
): AsyncGenerator<Item, void, undefined> {
  checkArgument("opts", anyObject, opts);
  const { pageNumber = 1, pageSize = largestPage, signal } = opts;
  const decoder = operation.result as Decoder<Page<Item>>;
  let most = NaN; // twice as many pages as there are at first
  for (let asked = pageNumber;; asked++) {
    const result: Decoder<Page<Item>> = (body) => {
      const wrong = decoder(body);
      if (!wrong) checkPage((body as Page<Item>).meta, asked, most);
      return wrong;
    };
    const { data, meta: { page_number, total_pages } } = await call(
      fetchFn,
      token,
      { ...operation, result } as typeof operation,
      ids,
      { ...opts, pageNumber: asked, pageSize },
    ) as Page<Item>;
    if ((page_number ?? asked) !== asked) return;
    for (const item of data) {
      signal?.throwIfAborted();
      yield item;
    }
    if (data.length === 0 || asked >= total_pages) return;
    most ||= 2 * total_pages;
  }
}
