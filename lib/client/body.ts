// Reads a body, bounded in bytes, memory and time.
import type { FetchFn, FetchResponse } from "./fetch_fn.ts";
import { isServer } from "./runtime.ts";

/** Reads a body piece by piece: the reader of a stream, or one like it. */
export interface BodyReader {
  read(): Promise<{ done: boolean; value?: unknown }>;
  cancel(): Promise<unknown>;
}

/** Cancels the rest of a body, without waiting: that may never settle. */
export function cancelReader(reader: BodyReader | undefined): void {
  try {
    Promise.resolve(reader?.cancel()).catch(() => {});
  } catch {
    // It was not to be canceled
  }
}

/** A body that was read whole, or why it was not. */
export type ReadBody =
  | { bytes: Uint8Array<ArrayBuffer>; problem?: never }
  | { bytes?: never; problem: "too_large" | "not_bytes" };

/** The method of a response that reads its own body, as `httpFetch`'s. */
export const readWithin: unique symbol = /* @__PURE__ */ Symbol("readWithin");

/** A response that reads its own body. */
export interface SelfReading {
  [readWithin](maxBytes: number): Promise<ReadBody>;
}

/** Whether a response reads its own body. */
export function isSelfReading(response: object): response is SelfReading {
  return readWithin in response;
}

/** How many reads may pass before a look at the clock. */
const readsPerLook = 16;

/** How long reads may keep the event loop waiting, in milliseconds. */
const maxStallMs = 10;

/** Lets timers and other work run: reads of buffered pieces would not. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Reads a body of at most `maxBytes` bytes to its end. Each piece is copied into
 * one buffer that grows, since a piece of one byte can hold 64 KiB in Deno. It
 * never cancels `reader`: that is up to the caller. It stops reading soon after
 * `signal` aborts.
 */
export async function readAtMost(
  reader: BodyReader,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<ReadBody> {
  let bytes = new Uint8Array(0);
  let size = 0;
  let pausedAt = performance.now();
  for (let reads = 1;; reads++) {
    const { done, value } = await reader.read();
    if (done) return { bytes: bytes.subarray(0, size) };
    if (!(ArrayBuffer.isView(value))) return { problem: "not_bytes" };
    const piece = new Uint8Array(
      value.buffer as ArrayBuffer,
      value.byteOffset,
      value.byteLength,
    );
    const newSize = size + piece.byteLength;
    if (newSize > maxBytes) return { problem: "too_large" };
    if (size === 0) {
      bytes = piece; // not copied, as most bodies are one piece
    } else {
      if (newSize > bytes.byteLength) {
        const grown = new Uint8Array(Math.min(2 * newSize, maxBytes));
        grown.set(bytes.subarray(0, size));
        bytes = grown;
      }
      bytes.set(piece, size);
    }
    size = newSize;
    if (reads % readsPerLook > 0) continue;
    if (performance.now() - pausedAt > maxStallMs) {
      await pause();
      // A stream may go on giving empty pieces after it was canceled
      signal?.throwIfAborted();
      pausedAt = performance.now();
    }
  }
}

/** Whether this is a server: asked once, since to ask takes a microsecond. */
let isOnServer: boolean | undefined;

/**
 * Whether the runtime's HTTP parser enforces a length within the bound and ends
 * the body with the request. Such a body may be read with `arrayBuffer()`,
 * which takes half as long in Deno. It does not hold for a compressed body,
 * which grows after the parser; a chunked one, which has no length; a hand-made
 * `Response`, which no parser limits; a custom `fetchFn`, which may ignore its
 * signal; nor in browsers, which hide some of these headers from other origins.
 */
export function isFramed(
  fetchFn: FetchFn,
  { headers, type, url }: FetchResponse,
  maxBytes: number,
): boolean {
  const isOfRuntime = fetchFn === globalThis.fetch &&
    (isOnServer ??= isServer());
  // In Bun and workerd every type is "default"
  const isFromNetwork = type === "basic" ||
    (type === "default" && url !== "");
  if (!isOfRuntime || !isFromNetwork) return false;
  const length = headers.get("content-length");
  const hasLength = length !== null && Number(length) <= maxBytes;
  return hasLength && !headers.get("content-encoding") &&
    !headers.get("transfer-encoding");
}

/** Made when it is needed, and then kept: to make one takes longer than to use it. */
let decoder: TextDecoder | undefined;

/** Decodes UTF-8 without a byte order mark; undefined for wrong bytes. */
export function decodeUtf8(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  decoder ??= new TextDecoder();
  const text = decoder.decode(bytes);
  // A strict decoder takes twice as long in Deno, and Hermes has none
  if (!text.includes("\ufffd")) return text;
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const encoded = new TextEncoder().encode(text);
  const original = hasMark ? bytes.subarray(3) : bytes;
  const isSame = encoded.byteLength === original.byteLength &&
    encoded.every((byte, i) => byte === original[i]);
  return isSame ? text : undefined;
}
