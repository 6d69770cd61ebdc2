import type { ResponseHeaders } from "./rate_limit.ts";

/** What a {@linkcode FetchFn} is called with: part of `RequestInit`. */
export interface FetchInit {
  /** The HTTP method. */
  method?: string;
  /** The headers. */
  headers?: Record<string, string>;
  /** The body. */
  body?: string;
  /** This module always asks for `"manual"`. */
  redirect?: "manual" | "follow" | "error";
  /** Ends the request when it aborts. */
  signal?: AbortSignal;
}

/** What a {@linkcode FetchFn} resolves to: part of a web `Response`. */
export interface FetchResponse {
  /** Whether the status is one of success. */
  readonly ok: boolean;
  /** The HTTP status. */
  readonly status: number;
  /** The response's address; empty for one that was made by hand. */
  readonly url: string;
  /** The headers. */
  readonly headers: ResponseHeaders;
  /** The body, unread; null if there is none. */
  readonly body: {
    readonly locked: boolean;
    // deno-lint-ignore no-explicit-any
    getReader(): any;
  } | null;
  /** Whether the body was read. */
  readonly bodyUsed: boolean;
  /** Reads the body. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Reads the body as JSON. */
  // deno-lint-ignore no-explicit-any
  json(): Promise<any>;
  /** Reads the body as text. */
  text(): Promise<string>;
}

/**
 * What sends a request: the global `fetch` of every runtime, or a function
 * like it. It is called with the URL as text and an init of plain data plus a
 * signal, and must resolve to an unread `Response`, whatever its status.
 */
export type FetchFn = (
  url: string,
  init: FetchInit,
) => Promise<FetchResponse>;
