// Waits until something is ready, by polling.
import { checkArgument, delayFrom } from "../core/arguments.ts";
import type { CallOptions } from "../core/call_options.ts";
import { anyFunction } from "../core/decode.ts";
import { withoutPrototype } from "../core/options.ts";
import type { FileRecord } from "../core/download_url.ts";
import { RoomsError, WaitError } from "../core/errors.ts";
import { shown } from "../core/foreign.ts";
import { callSafely, sleepUnlessFailed } from "./callback.ts";
import { poller, pollInterval } from "./poll.ts";

/** Options of everything that waits by polling. */
export interface WaitOptions<Progress> extends CallOptions {
  /**
   * Milliseconds for the whole wait. At most 2_147_483_647.
   *
   * @default {1_800_000}, which is 30 minutes
   */
  timeoutMs?: number | undefined;
  /**
   * Milliseconds between polls, at least 100. Longer after a temporary failure:
   * up to a minute, or as long as Telnyx asks.
   *
   * @default {5000}
   */
  intervalMs?: number | undefined;
  /**
   * Called after every poll that succeeds. It may be async, and is not waited for.
   * If it fails before the next poll, the wait rejects with its error.
   */
  onProgress?: ((progress: Progress) => unknown) | undefined;
}

/** The names of the options of {@linkcode WaitOptions}, but for those of calls. */
export const waitOptionNames = ["intervalMs", "onProgress"];

/** The longest time for the calls of one poll, in milliseconds. */
const maxPollMs = 30_000;
const timeout = /* @__PURE__ */ delayFrom(1);

/** What a poll found: what to tell, and the result once it is ready. */
export interface Found<Progress, Result> {
  progress: Progress;
  /** What is still missing, for the error of a timeout. */
  missing: string;
  ready?: { result: Result };
}

/** Polls until something is ready, within a time, with options that were read. */
export async function waitUntil<Progress, Result>(
  options: WaitOptions<Progress>,
  ask: (opts: CallOptions) => Promise<Found<Progress, Result>>,
): Promise<Result> {
  const {
    intervalMs = 5000,
    timeoutMs = 1_800_000,
    onProgress,
    signal,
    ...callOptions
  } = withoutPrototype(options);
  checkArgument("intervalMs", pollInterval, intervalMs);
  checkArgument("timeoutMs", timeout, timeoutMs);
  if (onProgress !== undefined) {
    checkArgument("onProgress", anyFunction, onProgress);
  }
  const end = performance.now() + timeoutMs;
  let missing = "nothing is known of it";
  let failure: RoomsError | undefined;
  const poll = poller(
    async () => {
      const leftMs = Math.max(1, end - performance.now());
      try {
        const found = await ask({
          ...callOptions,
          signal,
          timeoutMs: Math.min(maxPollMs, leftMs),
        });
        failure = undefined;
        return found;
      } catch (thrown) {
        if (thrown instanceof RoomsError) failure = thrown;
        throw thrown;
      }
    },
    intervalMs,
    signal,
  );
  for (;;) {
    const { value, waitMs } = await poll();
    if (value?.ready) {
      callSafely(onProgress, value.progress);
      return value.ready.result;
    }
    missing = value?.missing ?? missing;
    const returned = value && onProgress?.(value.progress);
    const leftMs = end - performance.now();
    await sleepUnlessFailed(
      Math.max(0, Math.min(waitMs, leftMs)),
      signal,
      returned,
    );
    if (waitMs < leftMs) continue;
    throw new WaitError(
      "wait_timeout",
      `Not ready within ${timeoutMs} ms (timeoutMs): ${missing}`,
      failure && { cause: failure },
    );
  }
}

/** Whether a record's file can be downloaded. */
export function isReady({ status, download_url }: FileRecord): boolean {
  return status === "completed" && Boolean(download_url);
}

/** What a record that is not ready lacks, in words, without the secrets. */
export function lackOf(
  kind: string,
  record: FileRecord,
  secrets: readonly string[],
): string {
  const name = `${kind} ${shown(record.id, secrets)}`;
  if (record.status === "completed") return `${name} has no download_url`;
  if (typeof record.status !== "string") return `${name} has no status`;
  return `${name} has the status "${shown(record.status, secrets)}"`;
}

/** Throws if a record's file will never be ready. */
export function checkNotFailed(
  kind: string,
  record: FileRecord,
  secrets: readonly string[],
): void {
  if (record.status !== "failed") return;
  const name = `${kind} ${shown(record.id, secrets)}`;
  throw new WaitError(
    "failed",
    `The ${name} failed: Telnyx could not make its file`,
  );
}
