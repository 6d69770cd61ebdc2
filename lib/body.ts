import { InvalidResponseError, ResponseTooLargeError } from "./errors.ts";
import type { FetchFn, FetchResponse } from "./fetch_fn.ts";

/** Reads a body piece by piece. */
export type BodyReader = ReadableStreamDefaultReader<unknown>;

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
  const length = +(headers.get("content-length") ?? NaN);
  return !!url && "process" in globalThis &&
    fetchFn === globalThis.fetch &&
    length <= maxBytes &&
    !headers.get("content-encoding") && !headers.get("transfer-encoding");
}

/** Decodes UTF-8, whole or piece by piece, and nothing else. */
export function decodeUtf8(
  bytes: BufferSource,
  decoder: TextDecoder = new TextDecoder("utf-8", { fatal: true }),
  stream = false,
): string {
  try {
    // A replaced character would be a changed room
    return decoder.decode(bytes, { stream });
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
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    text += decodeUtf8(value as Uint8Array<ArrayBuffer>, decoder, !done);
    if (done) return text;
    size += (value as Uint8Array).byteLength;
    if (size > maxBytes) throw new ResponseTooLargeError(maxBytes);
  }
}
