// Reads a response's body, bounded, as UTF-8 text.
import { InvalidResponseError, ResponseTooLargeError } from "../core/errors.ts";
import type { FetchFn, FetchResponse } from "./fetch_fn.ts";

/** Reads a body piece by piece. */
export type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Whether the runtime's HTTP parser enforces a length within the bound and ends
 * the body with the request. Such a body may be read with `arrayBuffer()`,
 * which takes half as long in Deno. It does not hold for a compressed body,
 * which grows after the parser; a chunked one, which has no length; a hand-made
 * `Response`, which no parser limits; a custom `fetchFn`, which may ignore its
 * signal; nor in browsers, which hide some of these headers.
 */
export function isFramed(
  fetchFn: FetchFn,
  response: FetchResponse,
  maxBytes: number,
): boolean {
  const { headers } = response;
  return fetchFn === globalThis.fetch && "process" in globalThis &&
    // In Bun every type is "default"; in Deno it takes 5 µs to get the URL
    !!(response.type === "basic" || response.url) &&
    +(headers.get("content-length") ?? NaN) <= maxBytes &&
    !headers.get("content-encoding") && !headers.get("transfer-encoding");
}

/** Decodes strictly: a replacement character would change the data. */
export const utf8: TextDecoder = /* @__PURE__ */ new TextDecoder("utf-8", {
  fatal: true,
});

/** Twice as fast in Deno, but with replacement characters for wrong bytes. */
const lenient: TextDecoder = /* @__PURE__ */ new TextDecoder();

/** Decodes UTF-8, or throws. */
export function decodeUtf8(bytes: BufferSource): string {
  try {
    const text = lenient.decode(bytes);
    return /\ufffd/.test(text) ? utf8.decode(bytes) : text;
  } catch {
    throw new InvalidResponseError("", "UTF-8", "other bytes");
  }
}

/**
 * Reads a body of at most `maxBytes` bytes to its end, as UTF-8 text. It never
 * cancels `reader`: that is up to the caller.
 */
export async function readText(
  reader: BodyReader,
  maxBytes: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next; !(next = await reader.read()).done;) {
    chunks.push(next.value);
    size += next.value.byteLength;
    if (size <= maxBytes) continue;
    throw size
      ? new ResponseTooLargeError(maxBytes)
      : new InvalidResponseError("", "UTF-8", "other bytes");
  }
  // Decoded in one go, since a streaming decoder is slow in Deno
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return decodeUtf8(bytes);
}
