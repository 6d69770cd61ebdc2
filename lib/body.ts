import { InvalidResponseError, ResponseTooLargeError } from "./errors.ts";

/** Reads a body piece by piece. */
export type BodyReader = ReadableStreamDefaultReader<unknown>;

function decodeUtf8(bytes: Uint8Array): string {
  // A decoder that is fatal from the start takes several times as long in Deno
  const text = new TextDecoder().decode(bytes);
  if (text.includes("\ufffd")) {
    try {
      // A replaced character would be a changed room
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw new InvalidResponseError("", "UTF-8 text", "other bytes");
    }
  }
  return text;
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
