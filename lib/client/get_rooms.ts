// Looks up many rooms, a few at a time.
import { checkArgument } from "../core/arguments.ts";
import { optionNames } from "../core/call_options.ts";
import { where } from "../core/decode.ts";
import { InvalidArgumentError, RoomsError } from "../core/errors.ts";
import { secretsOf } from "../core/foreign.ts";
import { readOptions } from "../core/options.ts";
import { isRecord } from "../core/redact.ts";
import {
  getRoomOperation,
  type GetRoomOptions,
  type Room,
} from "../core/rooms.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { concurrencyRange, lookAhead, shareRateLimit } from "./look_ahead.ts";
import { getRoom } from "./rooms.ts";
import { abortSignal } from "./timer.ts";

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
  const secrets = secretsOf(token);
  checkArgument("ids", iterable, ids, secrets);
  const known = ["concurrency", ...optionNames(getRoomOperation)];
  const options = readOptions("", opts, known, secrets);
  const {
    concurrency = defaultConcurrency,
    timeoutMs = 120_000,
    signal,
    ...lookUpOptions
  } = options;
  checkArgument("concurrency", concurrencyRange, concurrency);
  if (signal !== undefined) {
    checkArgument("signal", abortSignal, signal, secrets);
  }
  signal?.throwIfAborted();

  const sendTogether = shareRateLimit(options.onAttempt);
  async function lookUp(id: string, signal: AbortSignal): Promise<RoomResult> {
    try {
      const room = await sendTogether(
        (own) => getRoom(fetchFn, token, id, { ...lookUpOptions, ...own }),
        { timeoutMs, signal, isRetried: options.retry !== false },
      );
      return { id, room };
    } catch (thrown) {
      if (isFatal(thrown)) throw thrown;
      return { id, error: thrown as RoomsError };
    }
  }
  yield* lookAhead(ids, lookUp, { concurrency, signal });
}
