// Files: reads what an option names, and saves a download. What is there of it
// already is resumed, and the file gets its name only when it is complete.
import {
  type FileHandle,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import type { Download } from "../client/download.ts";
import { isStrongEtag } from "../core/byte_range.ts";
import { DownloadError } from "../core/errors.ts";
import { CommandError, exitCodes, permissionAdvice } from "./failure.ts";

/** Where an earlier download stopped, if there was one. */
interface Part {
  offset: number;
  etag?: string;
  /** The size of the whole file, if its host said it. */
  size?: number;
}

export interface SaveProgress {
  bytes: number;
  /** The size of the whole file, if it is known. */
  size: number | undefined;
}

/** Starts the download, from where the part ends. */
type StartDownload<Item> = (
  part: { offset?: number; etag?: string },
) => Promise<Download<Item>>;

/** Runs a step with files; says in one line why it failed. */
export async function withFiles<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const { code = "unknown reason" } = error as { code?: string };
    const why = permissionAdvice(error) ?? `Cannot write the file: ${code}`;
    throw new CommandError(why, exitCodes.failed);
  }
}

export function exists(file: string): Promise<boolean> {
  return withFiles(() =>
    stat(file).then(() => true, (error) => {
      if (error.code === "ENOENT") return false;
      throw error;
    })
  );
}

/**
 * What an earlier run left of a file: its part, and beside it a file with the
 * validator and the size, a line each.
 */
async function readPart(file: string): Promise<Part> {
  if (!await exists(`${file}.part`) || !await exists(`${file}.part.etag`)) {
    return { offset: 0 };
  }
  return await withFiles(async () => {
    const { size: offset } = await stat(`${file}.part`);
    const text = await readFile(`${file}.part.etag`, "utf8");
    const [etag, size, end] = text.split("\n");
    // A disk that was full may have cut it off
    if (!isStrongEtag(etag)) return { offset: 0 };
    const isWhole = size && end !== undefined;
    return { offset, etag, ...isWhole && { size: Number(size) } };
  });
}

async function dropPart(file: string): Promise<void> {
  await withFiles(async () => {
    await rm(`${file}.part`, { force: true });
    await rm(`${file}.part.etag`, { force: true });
  });
}

/** Gives a part that is complete its name. */
async function finish(file: string): Promise<void> {
  await withFiles(async () => {
    await rename(`${file}.part`, file);
    await rm(`${file}.part.etag`, { force: true });
  });
}

/** Starts where the part ends, or anew if the file is another one by now. */
async function resume<Item>(
  file: string,
  start: StartDownload<Item>,
  { offset, etag }: Part,
): Promise<{ download: Download<Item>; offset: number }> {
  if (offset > 0 && etag !== undefined) {
    try {
      return { download: await start({ offset, etag }), offset };
    } catch (error) {
      const isOther = error instanceof DownloadError &&
        error.code === "file_changed";
      if (!isOther) throw error;
    }
  }
  await dropPart(file);
  return { download: await start({}), offset: 0 };
}

/** Throws unless the part is the one that was written, of this size. */
async function checkPart(
  part: string,
  handle: FileHandle,
  bytes: number,
): Promise<void> {
  const own = await withFiles(() => handle.stat());
  const there = await stat(part).catch(() => undefined);
  if (there?.ino === own.ino && there.size === bytes) return;
  throw new CommandError(
    `Another program has changed ${part}: let one at a time save the file`,
    exitCodes.failed,
  );
}

/**
 * Writes what is read, from a position on. It does not append, since two programs
 * that save the same file then write the same bytes to the same places.
 */
async function writeAll(
  handle: FileHandle,
  stream: ReadableStream<Uint8Array>,
  offset: number,
  onBytes: (count: number) => void,
): Promise<void> {
  let position = offset;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      let rest = value;
      while (rest.byteLength > 0) {
        const { bytesWritten } = await withFiles(() =>
          handle.write(rest, 0, rest.byteLength, position)
        );
        position += bytesWritten;
        rest = rest.subarray(bytesWritten);
      }
      onBytes(value.byteLength);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * Saves a file. Until it is complete it is called `FILE.part`, with its validator
 * and its size in `FILE.part.etag`; a part without them is removed.
 *
 * @returns The size of the file, in bytes.
 */
export async function saveFile<Item>(
  file: string,
  start: StartDownload<Item>,
  onProgress: (progress: SaveProgress) => void,
): Promise<number> {
  const left = await readPart(file);
  if (left.offset > 0 && left.offset === left.size) {
    // An earlier run had all of it, and was stopped before it could say so
    await finish(file);
    return left.offset;
  }
  const { download, offset } = await resume(file, start, left);
  const { etag, size, stream } = download;
  const part = `${file}.part`;
  let bytes = offset;
  const handle = await withFiles(async () => {
    if (etag !== undefined) {
      await writeFile(`${part}.etag`, `${etag}\n${size ?? ""}\n`);
    }
    return await open(part, offset > 0 ? "r+" : "wx");
  }).catch(async (error) => {
    await stream.cancel().catch(() => {});
    throw error;
  });
  try {
    onProgress({ bytes, size });
    await writeAll(handle, stream, offset, (count) => {
      bytes += count;
      onProgress({ bytes, size });
    });
  } catch (error) {
    await handle.close();
    if (etag === undefined) await dropPart(file);
    throw error;
  }
  try {
    await checkPart(part, handle, bytes);
  } finally {
    await withFiles(() => handle.close());
  }
  await finish(file);
  return bytes;
}

/**
 * The text of the file that an option names, without a byte order mark. An error
 * says why it cannot be read; it names the option instead of the file, which may
 * be a key in the wrong place.
 */
export async function readFileText(
  flag: string,
  file: string,
  exitCode: number,
): Promise<string> {
  const fail = (why: string) =>
    new CommandError(`Cannot read the file of ${flag}: ${why}`, exitCode);
  const bytes = await readFile(file).catch((error) => {
    const { code } = error as { code?: string };
    const why = code === "ENOENT" ? "no such file" : code ?? "unreadable";
    throw fail(permissionAdvice(error) ?? why);
  });
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff);
  if (isUtf16) throw fail("it is UTF-16; save it as UTF-8");
  try {
    // Decoding drops a byte order mark
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fail("it is not UTF-8");
  }
}
