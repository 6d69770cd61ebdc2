import { InvalidResponseError, ResponseTooLargeError } from "./errors.ts";

/** Reads a body piece by piece. */
export type BodyReader = ReadableStreamDefaultReader<unknown>;

/**
 * Whether the runtime's HTTP parser holds the body to a length within the
 * bound, so that it may be read at once, which in Deno takes half as long. A
 * compressed body grows after it, a chunked one has another length, and one
 * that was made by hand, without a URL, has no parser.
 */
export function isFramed(
  { url, headers }: Response,
  maxBytes: number,
): boolean {
  const length = Number(headers.get("content-length") ?? NaN);
  return "Deno" in globalThis && url !== "" && length <= maxBytes &&
    !headers.get("content-encoding") && !headers.get("transfer-encoding");
}

/** Decodes UTF-8: a replaced character would be a changed room. */
export function decodeUtf8(bytes: BufferSource): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
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
  let bytes = new Uint8Array();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return decodeUtf8(bytes.subarray(0, length));
    const piece = value as Uint8Array<ArrayBuffer>;
    if (piece?.BYTES_PER_ELEMENT !== 1) {
      throw new InvalidResponseError("", "a stream of bytes", typeof value);
    }
    const end = length + piece.length;
    if (end > maxBytes) throw new ResponseTooLargeError(maxBytes);
    if (end > bytes.length) {
      const grown = new Uint8Array(2 * end);
      grown.set(bytes);
      bytes = grown;
    }
    bytes.set(piece, length);
    length = end;
  }
}
