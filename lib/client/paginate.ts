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
import type { Ids, Operation } from "../core/operation.ts";
import { call, type CallOptions } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";

/** Yields every item of a list, page by page, by the rules of `allRooms`. */
export async function* paginate<
  Path extends string,
  Options extends PageOptions,
  Item extends { id: string },
>(
  fetchFn: FetchFn,
  token: string,
  operation: Operation<Path, Options, never, Page<Item>>,
  ids: Ids<Path>,
  opts: Options & CallOptions,
): AsyncGenerator<Item, void, undefined> {
  checkArgument("opts", anyObject, opts);
  // The same for each page, whatever becomes of the caller's object
  const options = { ...opts };
  const { pageNumber = 1, pageSize = maxPageSize, signal } = options;
  const decoder = operation.result as Decoder<Page<Item>>;
  let progress = noProgress;
  for (let requested = pageNumber;; requested++) {
    let next = progress;
    const result: Decoder<Page<Item>> = (body) => {
      const mismatch = decoder(body);
      if (!mismatch) next = advance(progress, body as Page<Item>, requested);
      return mismatch;
    };
    const { data, meta: { page_number, total_pages } } = await call(
      fetchFn,
      token,
      { ...operation, result } as typeof operation,
      ids,
      { ...options, pageNumber: requested, pageSize },
    ) as Page<Item>;
    progress = next;
    if ((page_number ?? requested) !== requested) return;
    for (const item of data) {
      signal?.throwIfAborted();
      yield item;
    }
    if (data.length === 0 || requested >= total_pages) return;
  }
}
