// The bytes of files: small media, or as many as a test asks for, which are made
// as they are read.
import { mp4, webm } from "./media.ts";

/** The bytes of a file, of which any part can be read. */
export interface Content {
  size: number;
  /** Reads those from `start` up to, and without, `end`. */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
}

export function contentOf(bytes: Uint8Array<ArrayBuffer>): Content {
  return {
    size: bytes.length,
    read: (start, end) => bytes.slice(start, end),
  };
}

export type Media = "webm" | "mp4";

/** The bytes of each media file, as there are. */
export const mediaBytes: { readonly [Name in Media]: number } = {
  webm: 3858,
  mp4: 4879,
};

/** A small file that a browser plays. */
export function mediaContent(media: Media): Content {
  const text = (media === "webm" ? webm : mp4).join("");
  return contentOf(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
}

/** A number of 32 bits for a text (FNV-1a). */
export function hash(text: string, seed = 0x811c9dc5): number {
  let state = seed;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  }
  return state >>> 0;
}

/** After how many bytes they repeat: a prime, so that no two pieces are the same. */
const blockBytes = 65_521;

/** A block of bytes that look random (xorshift). */
function makeBlock(seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(blockBytes / 4));
  let state = seed || 1;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, blockBytes);
}

/** Bytes that depend on their position and on a name alone; none are kept. */
export function madeContent(size: number, name: string): Content {
  const block = makeBlock(hash(name));
  return {
    size,
    read(start, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      for (let done = 0; done < bytes.length;) {
        const from = (start + done) % blockBytes;
        const part = block.subarray(from, from + bytes.length - done);
        bytes.set(part, done);
        done += part.length;
      }
      return bytes;
    },
  };
}
