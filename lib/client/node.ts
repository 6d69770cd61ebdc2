/**
 * `httpFetch`, a `fetchFn` for Node that is faster than its own `fetch`.
 *
 * @module
 */
import { requireNode } from "./node_builtin.ts";

export type { FetchFn, FetchInit, FetchResponse } from "./fetch_fn.ts";
export {
  createHttpFetch,
  type HttpAgent,
  httpFetch,
  type HttpFetchOptions,
} from "./node_fetch.ts";

requireNode();
