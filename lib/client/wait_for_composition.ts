// Waits until a composition can be downloaded.
import { callOptionNames } from "../core/call_options.ts";
import type { RoomComposition } from "../core/compositions.ts";
import { secretsOf } from "../core/foreign.ts";
import { readOptions } from "../core/options.ts";
import { getComposition } from "./compositions.ts";
import type { FetchFn } from "./fetch_fn.ts";
import {
  checkNotFailed,
  isReady,
  lackOf,
  waitOptionNames,
  type WaitOptions,
  waitUntil,
} from "./wait.ts";

/** Options for `waitForComposition`. */
export interface WaitForCompositionOptions
  extends WaitOptions<RoomComposition> {}

/**
 * Waits until a composition can be downloaded: until it is `completed` and has a
 * `download_url`. It polls `GET /room_compositions/{id}`.
 *
 * A `failed` one rejects; any other status waits, since Telnyx documents no list of
 * them, and is named in the error of a timeout. Temporary failures (see
 * `retryDelay`) delay the next poll; any other error is thrown.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The composition's UUID.
 * @param opts Interval, timeout, progress, and call options.
 * @returns The composition.
 * @throws {WaitError} If it is not ready in time, or failed.
 * @throws {RoomsError} As {@linkcode getComposition} does.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example
 * ```ts
 * import {
 *   createComposition,
 *   waitForComposition,
 *   wholeMeeting,
 * } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const room = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * let now = Date.now();
 * const fake = fakeRooms({ rooms: [{ id: room }], now: () => now });
 * const { session_id } = fake.join(room);
 *
 * const fields = { ...wholeMeeting, session_id };
 * const { id } = await createComposition(fake.fetch, "any", fields);
 * const { status } = await waitForComposition(fake.fetch, "any", id, {
 *   intervalMs: 100,
 *   onProgress: () => now += 1000,
 * });
 * assertEquals(status, "completed");
 * ```
 */
export async function waitForComposition(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: WaitForCompositionOptions = {},
): Promise<RoomComposition> {
  const known = [...waitOptionNames, ...callOptionNames];
  const options = readOptions("", opts, known, secretsOf(token));
  return await waitUntil(options, async (callOptions) => {
    const composition = await getComposition(fetchFn, token, id, callOptions);
    checkNotFailed("composition", composition, [token]);
    return {
      progress: composition,
      missing: lackOf("composition", composition, [token]),
      ...isReady(composition) && { ready: { result: composition } },
    };
  });
}
