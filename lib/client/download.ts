// Downloads of recordings and compositions.
import {
  checkArgument,
  delayFrom,
  integerInRange,
  toHref,
} from "../core/arguments.ts";
import { isStrongEtag } from "../core/byte_range.ts";
import { callOptionNames, type CallOptions } from "../core/call_options.ts";
import type { RoomComposition } from "../core/compositions.ts";
import { object, where } from "../core/decode.ts";
import {
  downloadUrl,
  type FileKind,
  type FileRecord,
} from "../core/download_url.ts";
import { InvalidArgumentError } from "../core/errors.ts";
import { secretsOf } from "../core/foreign.ts";
import { readOptions, withoutPrototype } from "../core/options.ts";
import type { RoomRecording } from "../core/recordings.ts";
import { getComposition } from "./compositions.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { type FileReader, fileReader } from "./file_reader.ts";
import { getRecording } from "./recordings.ts";
import { onAbort } from "./timer.ts";

/**
 * Options for `downloadRecording` and `downloadComposition`. Of those of every
 * call, `timeoutMs` is for all that comes before the file's first byte,
 * `attemptTimeoutMs` and `maxBodyBytes` are for requests to the API, and `retry`
 * counts the requests for the file since its last new byte.
 */
export interface DownloadOptions extends CallOptions {
  /**
   * Milliseconds that the file's host may take for a response, or for further
   * bytes. At most 2_147_483_647.
   *
   * @default {30_000}
   */
  stallTimeoutMs?: number | undefined;
  /**
   * The position of the first byte to read: how much of the file an earlier
   * download left. Needs `etag`.
   *
   * @default {0}
   */
  offset?: number | undefined;
  /** The strong `ETag` that the file must have; any, if left out. */
  etag?: string | undefined;
}

/** A file that is being downloaded. */
export interface Download<Item> {
  /** The recording or composition. */
  record: Item;
  /**
   * The bytes of the file from `offset` on: exactly these, or an error. It reads
   * no further than its reader does; `cancel()` ends the request.
   */
  stream: ReadableStream<Uint8Array>;
  /** The size of the whole file, in bytes; absent if its host does not say it. */
  size?: number;
  /** The media type of the file, such as `video/mp4`; absent likewise. */
  contentType?: string;
  /**
   * The file's strong `ETag`, with which a later download can resume it; absent
   * if it has none.
   */
  etag?: string;
}

const ownOptions = /* @__PURE__ */ object<{
  stallTimeoutMs?: number;
  offset?: number;
  etag?: string;
}>({
  stallTimeoutMs: [/* @__PURE__ */ delayFrom(1), "optional"],
  offset: [/* @__PURE__ */ integerInRange(0), "optional"],
  etag: [
    /* @__PURE__ */ where<string>("a strong ETag in quotes", isStrongEtag),
    "optional",
  ],
});

/** The bytes of a file as a stream, of which the first were read already. */
function toStream(
  file: FileReader,
  first: Uint8Array | undefined,
  begin: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
  finish: (reason?: unknown) => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      begin(controller);
      if (first) controller.enqueue(first);
    },
    pull: (controller) =>
      file.read().then((bytes) => {
        if (bytes) return controller.enqueue(bytes);
        finish();
        controller.close();
      }, (error) => {
        finish(error);
        throw error;
      }),
    cancel: finish,
  }, { highWaterMark: 0 });
}

/** Downloads the file of a record. */
async function download<Item extends FileRecord>(
  fetchFn: FetchFn,
  token: string,
  kind: FileKind & { get(opts: CallOptions): Promise<Item> },
  opts: DownloadOptions,
): Promise<Download<Item>> {
  const names = ["stallTimeoutMs", "offset", "etag", ...callOptionNames];
  const options = readOptions("", opts, names, secretsOf(token));
  const { stallTimeoutMs = 30_000, offset = 0, etag, ...rest } = options;
  const callOptions = withoutPrototype(rest);
  checkArgument("opts", ownOptions, { stallTimeoutMs, offset, etag });
  if (offset > 0 && etag === undefined) {
    throw new InvalidArgumentError(
      "etag",
      "is missing: without it, 'offset' may be that of another file",
    );
  }
  const { timeoutMs = 30_000, baseUrl, onAttempt, retry, signal } = callOptions;
  const isHttpAllowed = toHref(`${baseUrl}`).startsWith("http:");
  const link = (record: Item) =>
    downloadUrl(record, kind, isHttpAllowed, [token]);
  const began = performance.now();
  let record = await kind.get(callOptions);
  const url = link(record);
  signal?.throwIfAborted();

  /** Aborts the requests: by the caller's signal, or at the end of the stream. */
  const over = new AbortController();
  const file = fileReader({
    fetchFn,
    url,
    async renew(leftMs) {
      const timeoutMs = Math.max(1, Math.ceil(leftMs));
      const renewal = { ...callOptions, timeoutMs, signal: over.signal };
      record = await kind.get(renewal);
      return link(record);
    },
    part: { offset, etag, size: undefined, isCompressed: false },
    isHttpAllowed,
    secrets: [token],
    signal: over.signal,
    timeoutMs,
    leftMs: timeoutMs - (performance.now() - began),
    stallTimeoutMs,
    retry,
    onAttempt,
  });
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stopListening = signal && onAbort(signal, (reason) => {
    finish(reason);
    controller?.error(reason);
  });
  const finish = (reason?: unknown) => {
    stopListening?.();
    over.abort(reason);
    file.close();
  };
  try {
    const first = await file.read();
    const { part: { size, etag }, contentType } = file;
    const begin = (its: typeof controller) => controller = its;
    return {
      record,
      stream: toStream(file, first, begin, finish),
      ...size !== undefined && { size },
      ...contentType !== undefined && { contentType },
      ...etag !== undefined && { etag },
    };
  } catch (error) {
    finish();
    throw error;
  }
}

/**
 * Downloads the file of a recording. It resolves once the first byte has come.
 *
 * The recording is looked up, and its `download_url` read, without the API key.
 * If the connection breaks or stalls, the rest is asked for with `Range` and
 * `If-Range`; a link that has expired is replaced, by looking the recording up
 * again. Redirects are followed. Without a strong `ETag` a break is an error; a file
 * that changes, or ends early, is always one. The link, and what it redirects to,
 * has to be `https`, unless `baseUrl` is `http`.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`. Memory does
 * not grow with the file if its bodies have back-pressure: in Bun, from 1.4 on.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The recording's UUID.
 * @param opts Where to begin, and call options.
 * @returns The recording, and its file as a stream, which has the same errors.
 * @throws {DownloadError} `not_ready` if it has no file yet: wait with
 * {@linkcode waitForRecordings}. `file_changed` or `not_resumable` if the rest of
 * the file cannot be had.
 * @throws {InvalidResponseError} If its `download_url` is not one that may be read.
 * @throws {RoomsError} As {@linkcode getRecording} does, also for the file's host.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example Save a recording
 * ```ts
 * import { downloadRecording } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const fake = fakeRooms();
 * const { id } = fake.addRecording({ bytes: 1_000_000 });
 *
 * const { stream, size } = await downloadRecording(fake.fetch, "any", id);
 * let received = 0;
 * for await (const bytes of stream) received += bytes.length; // or pipe it
 * assertEquals(received, size);
 * ```
 */
export async function downloadRecording(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: DownloadOptions = {},
): Promise<Download<RoomRecording>> {
  return await download(fetchFn, token, {
    name: "Recording",
    wait: "waitForRecordings",
    get: (opts) => getRecording(fetchFn, token, id, opts),
  }, opts);
}

/**
 * Downloads the file of a composition, as {@linkcode downloadRecording} does that
 * of a recording. If it is `not_ready`, wait with {@linkcode waitForComposition}.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The composition's UUID.
 * @param opts Where to begin, and call options.
 * @returns The composition, and its file as a stream, which has the same errors.
 * @throws {RoomsError} As {@linkcode downloadRecording} does.
 *
 * @example
 * ```ts
 * import { createComposition, downloadComposition } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * let now = Date.now();
 * const fake = fakeRooms({ rooms: [{ id }], now: () => now });
 * const { session_id } = fake.join(id);
 * const composition = await createComposition(fake.fetch, "any", { session_id });
 * now += 2000; // the fake completes it
 *
 * const { stream, contentType } = await downloadComposition(
 *   fake.fetch,
 *   "any",
 *   composition.id,
 * );
 * assertEquals(contentType, "video/mp4");
 * assertEquals((await new Response(stream).bytes()).length, 4879);
 * ```
 */
export async function downloadComposition(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: DownloadOptions = {},
): Promise<Download<RoomComposition>> {
  return await download(fetchFn, token, {
    name: "Composition",
    wait: "waitForComposition",
    get: (opts) => getComposition(fetchFn, token, id, opts),
  }, opts);
}
