// Looks up many rooms, a few at a time.
import { checkArgument, integerInRange } from "../core/arguments.ts";
import { type AttemptEvent, optionNames } from "../core/call_options.ts";
import { where } from "../core/decode.ts";
import { ApiError, InvalidArgumentError, RoomsError } from "../core/errors.ts";
import { secretsOf } from "../core/foreign.ts";
import { readOptions } from "../core/options.ts";
import { isRecord } from "../core/redact.ts";
import {
  getRoomOperation,
  type GetRoomOptions,
  type Room,
} from "../core/rooms.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { getRoom } from "./rooms.ts";
import { onAbort, sleep } from "./timer.ts";

/** Options for `getRooms`. */
export interface GetRoomsOptions extends GetRoomOptions {
  /**
   * How many look-ups run at once, 1 to 1000.
   *
   * @default {4}
   */
  concurrency?: number | undefined;
  /**
   * Milliseconds for each look-up, including waits for a rate limit. At most
   * 2_147_483_647.
   *
   * @default {120_000}
   */
  timeoutMs?: number | undefined;
}

/** The result of a look-up: the room, or the error. */
export type RoomResult =
  | { id: string; room: Room; error?: never }
  | { id: string; room?: never; error: RoomsError };

/** The default of the option `concurrency`. */
export const defaultConcurrency = 4;
const concurrencyRange = /* @__PURE__ */ integerInRange(1, 1000);
const iterable = /* @__PURE__ */ where<AsyncIterable<string>>(
  "an iterable of ids",
  (value) =>
    isRecord(value) &&
    (Symbol.iterator in value || Symbol.asyncIterator in value),
);

/** Whether every other look-up would fail with the same error. */
function isFatal(error: unknown): boolean {
  return !(error instanceof RoomsError) || error.code === "unauthorized" ||
    (error instanceof InvalidArgumentError && error.argument !== "id");
}

/** A look-up that was started. */
interface LookUp {
  result: Promise<RoomResult>;
  isSettled: boolean;
}

type IdIterator = Iterator<string> | AsyncIterator<string>;

/** What the source gave: an id, its end, or the error that it threw. */
interface Read {
  id?: string;
  error?: { thrown: unknown };
  isEnd: boolean;
}

function iteratorOf(
  ids: Iterable<string> | AsyncIterable<string>,
): IdIterator {
  return Symbol.asyncIterator in ids
    ? ids[Symbol.asyncIterator]()
    : ids[Symbol.iterator]();
}

async function readNext(source: IdIterator): Promise<Read> {
  try {
    const { done, value } = await source.next();
    return done ? { isEnd: true } : { id: await value, isEnd: false };
  } catch (thrown) {
    return { error: { thrown }, isEnd: true };
  }
}

/** Tells the source that no more ids are needed. */
async function close(source: IdIterator): Promise<void> {
  await source.return?.();
}

/**
 * Looks up many rooms, a few at a time, and yields their results in the order
 * of the ids. A missing room, or an id that is not a UUID, is a result with an
 * error; the others continue.
 *
 * When Telnyx responds with a 429, all look-ups wait as long as it asks,
 * and then continue; this does not count as an attempt. If the wait would
 * exceed a look-up's `timeoutMs`, its result is the `rate_limited` error, and
 * nothing is sent.
 *
 * A result is given once it and those before it are ready, however slowly the
 * ids come. At most `concurrency` ids are read ahead of the next result, so
 * memory does not grow with their number. When the loop ends for any reason,
 * running look-ups are aborted, and the `return()` of the ids is called; an abort
 * does not wait for a slow source.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param ids The rooms' UUIDs: an array, a generator or any other iterable.
 * @param opts Concurrency, query and call options.
 * @returns A generator of the results.
 * @throws {InvalidArgumentError} If an argument other than an id is invalid.
 * @throws {ApiError} If the token is rejected, since that affects all look-ups.
 * @throws What `ids` throws, after the results of the ids before it.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example
 * ```ts
 * import { getRooms } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const gone = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
 * const { fetch } = fakeRooms({ rooms: [{ id, max_participants: 8 }] });
 *
 * const lines: string[] = [];
 * for await (const result of getRooms(fetch, "any", [id, gone])) {
 *   lines.push(
 *     result.room
 *       ? `holds ${result.room.max_participants}`
 *       : result.error.code,
 *   );
 * }
 * assertEquals(lines, ["holds 8", "not_found"]);
 * ```
 */
export async function* getRooms(
  fetchFn: FetchFn,
  token: string,
  ids: Iterable<string> | AsyncIterable<string>,
  opts: GetRoomsOptions = {},
): AsyncGenerator<RoomResult, void, undefined> {
  checkArgument("ids", iterable, ids);
  const known = ["concurrency", ...optionNames(getRoomOperation)];
  const options = readOptions("", opts, known, secretsOf(token));
  const {
    concurrency = defaultConcurrency,
    timeoutMs = 120_000,
    signal,
    ...lookUpOptions
  } = options;
  checkArgument("concurrency", concurrencyRange, concurrency);
  signal?.throwIfAborted();

  const now = () => performance.now();
  /** The latest rate limit, and when it ends. */
  let [limit, limitEnd]: [ApiError | undefined, number] = [undefined, 0];
  const onAttempt = (event: AttemptEvent) => {
    const { error } = event;
    if (error instanceof ApiError && error.code === "rate_limited") {
      limit = error;
      limitEnd = Math.max(limitEnd, now() + (error.retryAfterMs ?? 0));
    }
    return options.onAttempt?.(event);
  };

  const controller = new AbortController();
  async function lookUp(id: string): Promise<RoomResult> {
    const end = now() + timeoutMs;
    let attempts = 0;
    for (let leftMs = timeoutMs;; leftMs = end - now()) {
      const retryAfterMs = Math.max(0, limitEnd - now());
      // Less than 1 ms is too short for an attempt; a late timer leaves none
      if (limit && leftMs - retryAfterMs < 1) {
        const error = new ApiError(limit.message, { ...limit, retryAfterMs });
        return { id, error: Object.assign(error, { attempts }) };
      }
      if (retryAfterMs > 0) {
        await sleep(retryAfterMs, controller.signal);
        continue;
      }
      try {
        const room = await getRoom(fetchFn, token, id, {
          ...lookUpOptions,
          timeoutMs: leftMs,
          signal: controller.signal,
          onAttempt,
        });
        return { id, room };
      } catch (thrown) {
        if (isFatal(thrown)) throw thrown;
        const error = thrown as RoomsError;
        const canRetry = error.code === "rate_limited" &&
          options.retry !== false && limitEnd > now() && limitEnd < end;
        if (!canRetry) return { id, error };
        attempts += error.attempts;
      }
    }
  }

  const source = iteratorOf(ids);
  /** The look-ups whose results are still to come, oldest first. */
  const running: LookUp[] = [];
  /** What was read from the source, until it is taken. */
  let read: Read | undefined;
  let [isReading, isExhausted, hasFailed] = [false, false, false];
  /** Continues the loop below, if it waits. */
  let wake = () => {};

  function startReading(): void {
    isReading = true;
    readNext(source).then((next) => {
      isReading = false;
      isExhausted = next.isEnd;
      read = next;
      wake();
    });
  }
  function startLookUp(id: string): void {
    const started: LookUp = { result: lookUp(id), isSettled: false };
    const settle = () => {
      started.isSettled = true;
      wake();
    };
    started.result.then(settle, settle);
    running.push(started);
  }
  function stop(): void {
    controller.abort(signal?.reason);
    wake();
  }

  const stopListening = signal && onAbort(signal, stop);
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (running[0]?.isSettled) {
        yield await (running.shift() as LookUp).result;
      } else if (read?.error && running.length === 0) {
        throw read.error.thrown;
      } else if (read && !read.error) {
        const { id } = read;
        read = undefined;
        if (id !== undefined) startLookUp(id);
      } else if (isExhausted && running.length === 0) {
        return;
      } else if (!isReading && !isExhausted && running.length < concurrency) {
        startReading();
      } else {
        await new Promise<void>((resolve) => wake = resolve);
      }
    }
  } catch (thrown) {
    hasFailed = true;
    throw thrown;
  } finally {
    stopListening?.();
    controller.abort();
    await Promise.allSettled(running.map(({ result }) => result));
    if (!isExhausted) {
      const closed = close(source);
      // It may be as slow as its ids: neither an abort nor an error waits for it
      if (isReading || hasFailed) closed.catch(() => {});
      else await closed;
    }
  }
}
