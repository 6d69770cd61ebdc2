// The encodings of bodies that `httpFetch` undoes: gzip, deflate and brotli.
import type { ReadBody } from "./body.ts";
import { builtin, type Decoding, type Readable } from "./node_builtin.ts";

/** What `httpFetch` accepts, for the request. */
export const acceptedEncodings = "gzip, deflate, br";

/** The names of the encodings, and what undoes each of them. */
const decoderOf = {
  gzip: "gunzip",
  "x-gzip": "gunzip",
  deflate: "inflate",
  br: "brotliDecompress",
} as const;

type Encoding = keyof typeof decoderOf;

/** The most encodings of one body. */
const maxEncodings = 5;

/** A compressed body up to this size is decoded at once, and not in a thread. */
const maxSyncBytes = 16_384;

/** The most bytes that a decoder of the runtime may make. */
const maxOutputLength = 2 ** 31 - 1;

/** The encodings of a body, the last one first; none if one is unknown. */
export function encodingsOf(header: string | null): Encoding[] {
  const names = (header ?? "").toLowerCase().split(",")
    .map((name) => name.trim()).filter((name) => name && name !== "identity");
  const isKnown = (name: string): name is Encoding =>
    Object.hasOwn(decoderOf, name);
  if (names.length > maxEncodings) {
    throw new TypeError(`The body has ${names.length} encodings`);
  }
  return names.every(isKnown) ? names.reverse() : [];
}

/** The decoder of a body that begins with these bytes. */
function decoderFor(encoding: Encoding, bytes: Uint8Array): Decoding {
  // Servers send deflate with the header of zlib, as they must, or without it
  const isRaw = encoding === "deflate" && ((bytes[0] ?? 0) & 0x0f) !== 8;
  return isRaw ? "inflateRaw" : decoderOf[encoding];
}

/** Undoes one encoding. Rejects if the bytes are not so encoded, or cut off. */
function decode(
  encoding: Encoding,
  bytes: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = decoderFor(encoding, bytes);
  const zlib = builtin("node:zlib");
  const limit = { maxOutputLength: Math.min(maxBytes, maxOutputLength) };
  return new Promise((resolve, reject) => {
    if (bytes.byteLength <= maxSyncBytes) {
      return resolve(zlib[`${name}Sync`](bytes, limit));
    }
    zlib[name](bytes, limit, (error, decoded) => {
      if (error) reject(error);
      else resolve(decoded);
    });
  });
}

/**
 * The most bytes of an encoded body: a few bytes can be larger when they are
 * encoded, and so can what was compressed in many small pieces.
 */
export function maxEncodedBytes(maxBytes: number): number {
  return 2 * maxBytes + 65_536;
}

/** Undoes the encodings of a whole body, of at most `maxBytes` bytes then. */
export async function decodeBody(
  encodings: Encoding[],
  body: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<ReadBody> {
  let bytes: Uint8Array = body;
  try {
    for (const [i, encoding] of encodings.entries()) {
      const isLast = i === encodings.length - 1;
      const most = isLast ? maxBytes : maxEncodedBytes(maxBytes);
      // Some servers announce an encoding of nothing
      if (bytes.byteLength > 0) bytes = await decode(encoding, bytes, most);
    }
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), "code");
    if (code === "ERR_BUFFER_TOO_LARGE") return { problem: "too_large" };
    throw error;
  }
  return { bytes: bytes as Uint8Array<ArrayBuffer> };
}

/** The stream of a body without its encodings. */
export function decodedStream(
  encodings: Encoding[],
  source: Readable,
): Readable {
  const zlib = builtin("node:zlib");
  const decoders: Readable[] = encodings.map((encoding) => {
    if (encoding === "br") return zlib.createBrotliDecompress();
    // It tells gzip and zlib from their first bytes
    return encoding === "deflate" ? zlib.createInflate() : zlib.createGunzip();
  });
  const last = decoders.at(-1);
  if (!last) return source;
  // Its errors reach whoever reads the last one
  builtin("node:stream").pipeline([source, ...decoders], () => {});
  return last;
}
