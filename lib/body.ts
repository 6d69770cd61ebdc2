import { InvalidResponseError, ResponseTooLargeError } from "./errors.ts";

/** Reads a body piece by piece. */
export interface BodyReader {
  /** The next piece; of at most `size` bytes, where the stream lets one ask. */
  read(size: number): Promise<{ done: boolean; value?: unknown }>;
  cancel(): Promise<void>;
}

/**
 * Takes hold of a response's body; undefined when it has none.
 *
 * Deno makes a buffer of 64 KiB for each read of a body from the network,
 * unless the reader brings its own, which takes half as long. Elsewhere, and
 * on a body that was made by hand (its `type` is the default), it takes longer.
 */
export function openBody({ body, type }: Response): BodyReader | undefined {
  if (body && type !== "default" && "Deno" in globalThis) {
    try {
      const reader = body.getReader({ mode: "byob" });
      return {
        read: (size) => reader.read(new Uint8Array(size)),
        cancel: () => reader.cancel(),
      };
    } catch {
      // not a byte stream
    }
  }
  return body?.getReader();
}

function join(pieces: Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const size = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const whole = new Uint8Array(size);
  let start = 0;
  for (const piece of pieces) {
    whole.set(piece, start);
    start += piece.byteLength;
  }
  return whole;
}

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
  let pieces: Uint8Array[] = [];
  const joined: Uint8Array[] = [];
  let total = 0;
  let size = 4096;
  for (;;) {
    const { done, value } = await reader.read(size);
    if (done) return decodeUtf8(join([...joined, ...pieces]));
    if (!ArrayBuffer.isView(value)) {
      throw new InvalidResponseError("", "a stream of bytes", typeof value);
    }
    total += value.byteLength;
    if (total > maxBytes) throw new ResponseTooLargeError(maxBytes);
    pieces.push(value as Uint8Array);
    if (value.byteLength === size) size = Math.min(4 * size, 65_536);
    // A body in millions of pieces must cost no more than it weighs
    if (pieces.length > 1000) {
      joined.push(join(pieces));
      pieces = [];
    }
  }
}
