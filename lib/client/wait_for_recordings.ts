// Waits until the recordings of a session can be downloaded.
import { checkArgument, delayFrom } from "../core/arguments.ts";
import { callOptionNames } from "../core/call_options.ts";
import { secretsOf } from "../core/foreign.ts";
import { readOptions } from "../core/options.ts";
import {
  listRecordingsOperation,
  type RoomRecording,
} from "../core/recordings.ts";
import { isActive } from "../core/sessions.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { readWholeList } from "./paginate.ts";
import { getSession } from "./sessions.ts";
import {
  checkNotFailed,
  isReady,
  lackOf,
  waitOptionNames,
  type WaitOptions,
  waitUntil,
} from "./wait.ts";

/** How far `waitForRecordings` is. */
export interface RecordingsProgress {
  /** Whether the session has ended. */
  hasEnded: boolean;
  /** The recordings so far; none are asked for before the session's end. */
  recordings: RoomRecording[];
  /** How many of them can be downloaded. */
  ready: number;
}

/** Options for `waitForRecordings`. */
export interface WaitForRecordingsOptions
  extends WaitOptions<RecordingsProgress> {
  /**
   * Milliseconds for which the list must stay the same after the session's end,
   * from 0.
   *
   * @default {15_000}
   */
  settleMs?: number | undefined;
}

const settleTime = /* @__PURE__ */ delayFrom(0);

/**
 * Waits until the recordings of a session can be downloaded: until the session has
 * ended, all recordings are `completed` and have a `download_url`, and the list has
 * stayed the same for `settleMs`. It polls `GET /room_sessions/{id}`, then `GET
 * /room_recordings`.
 *
 * That no recording appears later is an assumption: when its record appears is not
 * documented. So it resolves to an empty list if there is none for `settleMs`.
 *
 * A `failed` recording rejects; any other status waits, and is named in the error
 * of a timeout. Temporary failures (see `retryDelay`) delay the next poll; any other
 * error is thrown.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param opts Interval, timeout, progress, and call options.
 * @returns The recordings, one for each participant and medium.
 * @throws {WaitError} If they are not ready in time, or one failed.
 * @throws {RoomsError} As {@linkcode getSession} and {@linkcode listRecordings} do.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example
 * ```ts
 * import { waitForRecordings } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * let now = Date.now();
 * const rooms = [{ id, enable_recording: true }];
 * const fake = fakeRooms({ rooms, now: () => now });
 * const { id: alice, session_id } = fake.join(id);
 * fake.leave(alice);
 *
 * const opts = {
 *   intervalMs: 100,
 *   settleMs: 0, // only in a test
 *   onProgress: () => now += 1000,
 * };
 * const recordings = await waitForRecordings(
 *   fake.fetch,
 *   "any",
 *   session_id ?? "",
 *   opts,
 * );
 * assertEquals(recordings.map(({ type }) => type), ["audio", "video"]);
 * ```
 */
export async function waitForRecordings(
  fetchFn: FetchFn,
  token: string,
  sessionId: string,
  opts: WaitForRecordingsOptions = {},
): Promise<RoomRecording[]> {
  const known = ["settleMs", ...waitOptionNames, ...callOptionNames];
  const { settleMs = 15_000, ...options } = readOptions(
    "",
    opts,
    known,
    secretsOf(token),
  );
  checkArgument("settleMs", settleTime, settleMs);
  let hasEnded = false;
  /** The ids of the list, and since when it is the same. */
  let same = { ids: "", since: Infinity };
  return await waitUntil(options, async (callOptions) => {
    if (!hasEnded) {
      const session = await getSession(fetchFn, token, sessionId, callOptions);
      hasEnded = !isActive(session);
    }
    if (!hasEnded) {
      const progress = { hasEnded, recordings: [], ready: 0 };
      return { progress, missing: "the session has not ended" };
    }
    const recordings = await readWholeList(
      fetchFn,
      token,
      listRecordingsOperation,
      { ...callOptions, sessionId },
    );
    for (const recording of recordings) {
      checkNotFailed("recording", recording, [token]);
    }
    const now = performance.now();
    const ids = recordings.map(({ id }) => id).sort().join();
    const isFirst = same.since === Infinity;
    if (isFirst || ids !== same.ids) same = { ids, since: now };
    const waiting = recordings.find((recording) => !isReady(recording));
    const ready = recordings.filter(isReady).length;
    const isSettled = now - same.since >= settleMs;
    return {
      progress: { hasEnded, recordings, ready },
      missing: waiting
        ? `${ready} of ${recordings.length} are ready; ` +
          lackOf("recording", waiting, [token])
        : "the list was not the same for long enough (settleMs)",
      ...!waiting && isSettled && { ready: { result: recordings } },
    };
  });
}
