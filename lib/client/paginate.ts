// Reads every page of a list.
import { checkArgument } from "../core/arguments.ts";
import { anyObject, type Decoder } from "../core/decode.ts";
import {
  advance,
  maxPageSize,
  noProgress,
  type Page,
  type PageOptions,
} from "../core/list.ts";
import type { Operation } from "../core/operation.ts";
import type { CallOptions } from "../core/call_options.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";

/** Yields every item of a list, page by page, by the rules of `allRooms`. */
export async function* paginate<
  Options extends PageOptions,
  Item extends { id: string },
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<string, Options, undefined, Page<Item>>,
  opts: Options & CallOptions,
): AsyncGenerator<Item, void, undefined> {
  checkArgument("opts", anyObject, opts);
  // The same for each page, whatever becomes of the caller's object
  const options = { ...opts };
  const { pageNumber = 1, pageSize = maxPageSize, signal } = options;
  let progress = noProgress;
  for (let requested = pageNumber;; requested++) {
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
    const { data, meta: { page_number, total_pages } } = page;
    if ((page_number ?? requested) !== requested) return;
    for (const item of data) {
      signal?.throwIfAborted();
      yield item;
    }
    if (data.length === 0 || requested >= total_pages) return;
  }
}
