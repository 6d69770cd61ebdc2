// The part of the Fetch API that this module needs.
import type { ResponseHeaders } from "../core/rate_limit.ts";

/** The second argument of a {@linkcode FetchFn}: part of `RequestInit`. */
export interface FetchInit {
  /** The HTTP method. */
  method?: string;
  /** The headers. */
  headers?: Record<string, string>;
  /**
   * The body: text, or a Blob of it where the runtime would send text again by
   * itself (Deno, if the operation is not idempotent).
   */
  body?: string | Blob;
  /** False where a kept connection would make the runtime send again (Bun). */
  keepalive?: boolean;
  /**
   * `"manual"`, but for a file in a browser, which hides where a redirect leads.
   */
  redirect?: "manual" | "follow" | "error";
  /** Aborts the request. */
  signal?: AbortSignal;
}

/** The result of a {@linkcode FetchFn}: part of a web `Response`. */
export interface FetchResponse {
  /** Whether the status is 200 to 299. */
  readonly ok: boolean;
  /** The HTTP status. */
  readonly status: number;
  /** The type of the response; `"default"` if it was constructed by hand. */
  readonly type?: string;
  /** The URL of the response; empty if it was constructed by hand. */
  readonly url: string;
  /** The headers. */
  readonly headers: ResponseHeaders;
  /** The unread body; null if there is none. */
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
  json(): Promise<unknown>;
  /** Reads the body as text. */
  text(): Promise<string>;
}

/**
 * Sends a request: the global `fetch` of any runtime, or a function like it. It
 * is called with a URL as text and a plain init with a signal, and must resolve
 * to an unread `Response` with any status.
 */
export type FetchFn = (
  url: string,
  init: FetchInit,
) => Promise<FetchResponse>;
