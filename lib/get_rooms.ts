import { checkArgument, inRange } from "./arguments.ts";
import type { AttemptEvent } from "./call.ts";
import { anyObject, where } from "./decode.ts";
import { ApiError, InvalidArgumentError, RoomsError } from "./errors.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { getRoom, type GetRoomOptions, type Room } from "./rooms.ts";
import { sleep } from "./timer.ts";

/** Options for `getRooms`. */
export interface GetRoomsOptions extends GetRoomOptions {
  /** How many look-ups are under way at once, 1 to 1000. Default: 4. */
  concurrency?: number | undefined;
  /**
   * Milliseconds for each look-up, its waits for a rate limit included. Default:
   * 120 000, at most 2 147 483 647.
   */
  timeoutMs?: number | undefined;
}

/** The outcome of a look-up: the room, or why there is none. */
export type RoomResult =
  | { id: string; room: Room; error?: never }
  | { id: string; room?: never; error: RoomsError };

/** How many look-ups are under way at once. */
export const defaultConcurrency = 4;
const atOnce = /* @__PURE__ */ inRange("integer", 1, 1000);
const iterable = /* @__PURE__ */ where<AsyncIterable<string>>(
  "an iterable of ids",
  (value) =>
    typeof value !== "string" &&
    (Symbol.iterator in Object(value) || Symbol.asyncIterator in Object(value)),
);

/** Whether every other look-up would fail with this too. */
function isOfAll(error: unknown): boolean {
  return !(error instanceof RoomsError) || error.code === "unauthorized" ||
    (error instanceof InvalidArgumentError && error.argument !== "id");
}

/**
 * Looks many rooms up, a few at a time, and yields the outcome of each in the
 * order of the ids. A room that is not there, or an id that is not a UUID, is an
 * outcome like any other; the rest goes on.
 *
 * When the provider refuses one of them with a 429, all wait as long as it asks,
 * and go on; this takes none of a look-up's attempts. A rate limit that outlasts
 * `timeoutMs` is the `rate_limited` error of each look-up that it meets, and
 * nothing is sent.
 *
 * No more than `concurrency` ids are taken ahead of the outcome that is asked
 * for, so memory does not grow with their number. When the loop ends, however
 * it does, look-ups under way are aborted.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param ids The rooms' UUIDs: an array, a generator or any other iterable.
 * @param opts What to ask for, how many at once, and the options of every call.
 * @returns A generator of the outcomes.
 * @throws {InvalidArgumentError} If an argument other than an id can't be used.
 * @throws {ApiError} If the token is refused, since it would be for all.
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
  checkArgument("opts", anyObject, opts);
  const { concurrency = defaultConcurrency, timeoutMs = 120_000, signal } =
    opts;
  checkArgument("concurrency", atOnce, concurrency);
  signal?.throwIfAborted();

  const now = () => performance.now();
  /** The rate limit that was met last, and when it ends. */
  let [limit, until]: [ApiError | undefined, number] = [undefined, 0];
  const onAttempt = (event: AttemptEvent) => {
    const { error } = event;
    if (error instanceof ApiError && error.code === "rate_limited") {
      limit = error;
      until = Math.max(until, now() + (error.retryAfterMs ?? 0));
    }
    opts.onAttempt?.(event);
  };

  const over = new AbortController();
  async function lookUp(id: string): Promise<RoomResult> {
    const end = now() + timeoutMs;
    for (let leftMs = timeoutMs;; leftMs = end - now()) {
      const retryAfterMs = until - now();
      if (limit && retryAfterMs >= leftMs) {
        const error = new ApiError(limit.message, { ...limit, retryAfterMs });
        return { id, error: Object.assign(error, { attempts: 0 }) };
      }
      if (retryAfterMs > 0) await sleep(retryAfterMs, over.signal);
      else {
        const its = { ...opts, timeoutMs: leftMs, signal: over.signal };
        try {
          const room = await getRoom(fetchFn, token, id, { ...its, onAttempt });
          return { id, room };
        } catch (error) {
          if (isOfAll(error)) throw error;
          const again = (error as RoomsError).code === "rate_limited" &&
            opts.retry !== false && until > now() && until < end;
          if (!again) return { id, error: error as RoomsError };
        }
      }
    }
  }

  const underWay: Promise<RoomResult>[] = [];
  async function oldest(): Promise<RoomResult> {
    const result = await underWay.shift() as RoomResult;
    signal?.throwIfAborted();
    return result;
  }
  const stop = () => over.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  try {
    for await (const id of ids) {
      const result = lookUp(id);
      result.catch(() => {}); // whoever asks for it is told
      underWay.push(result);
      if (underWay.length === concurrency) yield await oldest();
    }
    while (underWay.length > 0) yield await oldest();
  } finally {
    signal?.removeEventListener("abort", stop);
    over.abort();
    await Promise.allSettled(underWay);
  }
}
