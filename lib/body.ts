import { InvalidResponseError, ResponseTooLargeError } from "./errors.ts";

function decodeUtf8(bytes: Uint8Array): string {
  try {
    // Fatal, since a replaced character would be a changed room
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidResponseError("", "UTF-8 text", "other bytes");
  }
}

/**
 * Reads a body of at most `maxBytes` bytes as UTF-8 text. The bytes are copied
 * into one buffer, so a body that comes in millions of pieces costs no more
 * than it weighs. Whatever is not wanted is cancelled, and so is all when
 * `signal` aborts, since a stream need not listen to the request's signal.
 */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  if (!body) return "";
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel);
  if (signal.aborted) cancel();
  try {
    let bytes = new Uint8Array();
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return decodeUtf8(bytes.subarray(0, length));
      if (!ArrayBuffer.isView(value)) {
        throw new InvalidResponseError("", "a stream of bytes", typeof value);
      }
      const start = length;
      length += value.byteLength;
      if (length > maxBytes) throw new ResponseTooLargeError(maxBytes);
      if (length > bytes.length) {
        const grown = new Uint8Array(
          Math.max(length, Math.min(2 * start, maxBytes)),
        );
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(value, start);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}
