import { InvalidResponseError, ResponseTooLargeError } from "./errors.ts";
import type { FetchFn, FetchResponse } from "./fetch_fn.ts";

/** Reads a body piece by piece. */
export type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Whether the runtime's HTTP parser holds the body to a length within the
 * bound, and ends it with the request, so that it may be read at once: it takes
 * half as long in Deno. A compressed body grows after the parser, a chunked one
 * has another length, one that was made by hand, without a URL, has no parser,
 * and another `fetchFn` may heed no signal; nor do browsers tell which it is.
 */
export function isFramed(
  fetchFn: FetchFn,
  { url, headers }: FetchResponse,
  maxBytes: number,
): boolean {
  return fetchFn === globalThis.fetch && "process" in globalThis && !!url &&
    +(headers.get("content-length") ?? NaN) <= maxBytes &&
    !headers.get("content-encoding") && !headers.get("transfer-encoding");
}

// A replaced character would be a changed room
const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true });

/** The text that bytes are in UTF-8, and nothing else. */
export function decodeUtf8(bytes: BufferSource): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new InvalidResponseError("", "UTF-8", "other bytes");
  }
}

/**
 * Reads a body of at most `maxBytes` bytes to its end, as UTF-8 text. When it
 * throws, or the rest is no longer wanted, `reader` is the caller's to cancel.
 */
export async function readText(
  reader: BodyReader,
  maxBytes: number,
): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let next; !(next = await reader.read()).done;) {
    pieces.push(next.value);
    size += next.value.byteLength;
    if (size <= maxBytes) continue;
    throw size
      ? new ResponseTooLargeError(maxBytes)
      : new InvalidResponseError("", "UTF-8", "other bytes");
  }
  // At once, since a decoder that takes pieces is slow in Deno
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return decodeUtf8(bytes);
}
