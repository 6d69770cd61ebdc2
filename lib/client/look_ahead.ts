// Runs work ahead of whoever takes its results, a few at a time and in order.
import { integerInRange } from "../core/arguments.ts";
import type { AttemptEvent, CallOptions } from "../core/call_options.ts";
import type { Decoder } from "../core/decode.ts";
import { ApiError } from "../core/errors.ts";
import { onAbort, sleep } from "./timer.ts";

/** The range of every option `concurrency`. */
export const concurrencyRange: Decoder<number> = /* @__PURE__ */ integerInRange(
  1,
  1000,
);

/** Work that was started. */
interface Started<Result> {
  result: Promise<Result>;
  isSettled: boolean;
}

type AnyIterator<Input> = Iterator<Input> | AsyncIterator<Input>;

/** What the source gave: an input, its end, or the error that it threw. */
interface Read<Input> {
  input?: { value: Input };
  error?: { thrown: unknown };
}

function iteratorOf<Input>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
): AnyIterator<Input> {
  return Symbol.asyncIterator in inputs
    ? inputs[Symbol.asyncIterator]()
    : inputs[Symbol.iterator]();
}

async function readNext<Input>(
  source: AnyIterator<Input>,
): Promise<Read<Input>> {
  try {
    const { done, value } = await source.next();
    return done ? {} : { input: { value: await value } };
  } catch (thrown) {
    return { error: { thrown } };
  }
}

/** Tells the source that no more inputs are needed. */
async function close(source: AnyIterator<unknown>): Promise<void> {
  await source.return?.();
}

/**
 * Starts work for each input, at most `concurrency` at once, and yields the
 * results in the order of the inputs. At most that many inputs are read ahead of
 * the next result. However the loop ends, work that runs is aborted, its error
 * dropped, and the source closed.
 */
export async function* lookAhead<Input, Result>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  work: (input: Input, signal: AbortSignal) => Promise<Result>,
  { concurrency, signal }: {
    concurrency: number;
    signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Result, void, undefined> {
  const controller = new AbortController();
  const source = iteratorOf(inputs);
  /** The work whose results are still to come, oldest first. */
  const running: Started<Result>[] = [];
  /** What was read from the source, until it is taken. */
  let read: Read<Input> | undefined;
  let [isReading, isExhausted, hasFailed] = [false, false, false];
  /** Continues the loop below, if it waits. */
  let wake = () => {};

  function startReading(): void {
    isReading = true;
    readNext(source).then((next) => {
      isReading = false;
      isExhausted = !next.input;
      read = next;
      wake();
    });
  }
  function start(input: Input): void {
    const started: Started<Result> = {
      result: work(input, controller.signal),
      isSettled: false,
    };
    const settle = () => {
      started.isSettled = true;
      wake();
    };
    started.result.then(settle, settle);
    running.push(started);
  }
  function stop(reason: unknown): void {
    controller.abort(reason);
    wake();
  }

  const stopListening = signal && onAbort(signal, stop);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const [oldest] = running;
      if (oldest?.isSettled) {
        running.shift();
        yield await oldest.result;
      } else if (read?.error && running.length === 0) {
        throw read.error.thrown;
      } else if (read?.input) {
        const { value } = read.input;
        read = undefined;
        start(value);
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
    const wasReading = isReading;
    stopListening?.();
    controller.abort();
    await Promise.allSettled(running.map(({ result }) => result));
    if (!isExhausted) {
      const closed = close(source);
      // It may be as slow as its inputs: neither an abort nor an error waits for it
      if (wasReading || hasFailed) closed.catch(() => {});
      else await closed;
    }
  }
}

/** The call options that a call has of its own, among those that wait together. */
type OwnOptions = Required<
  Pick<CallOptions, "timeoutMs" | "signal" | "onAttempt">
>;

/** How long a call may take, with its waits, and what ends it. */
interface SharedCall {
  timeoutMs: number;
  signal: AbortSignal;
  isRetried: boolean;
}

/**
 * Makes a function that sends calls of which each waits for a rate limit that
 * another has met. Such a wait does not count as an attempt; a call to which it
 * leaves no time fails with the rate limit's error, and sends nothing.
 */
export function shareRateLimit(
  tellAttempt: CallOptions["onAttempt"],
): <Result>(
  send: (own: OwnOptions) => Promise<Result>,
  shared: SharedCall,
) => Promise<Result> {
  const now = () => performance.now();
  /** The latest rate limit, and when it ends. */
  let [limit, limitEnd]: [ApiError | undefined, number] = [undefined, 0];
  const onAttempt = (event: AttemptEvent) => {
    const { error } = event;
    if (error instanceof ApiError && error.code === "rate_limited") {
      limit = error;
      limitEnd = Math.max(limitEnd, now() + (error.retryAfterMs ?? 0));
    }
    return tellAttempt?.(event);
  };
  return async (send, { timeoutMs, signal, isRetried }) => {
    const end = now() + timeoutMs;
    let attempts = 0;
    for (let leftMs = timeoutMs;; leftMs = end - now()) {
      const retryAfterMs = Math.max(0, limitEnd - now());
      // Less than 1 ms is too short for an attempt; a late timer leaves none
      if (limit && leftMs - retryAfterMs < 1) {
        const error = new ApiError(limit.message, { ...limit, retryAfterMs });
        throw Object.assign(error, { attempts });
      }
      if (retryAfterMs > 0) {
        await sleep(retryAfterMs, signal);
        continue;
      }
      try {
        return await send({ timeoutMs: leftMs, signal, onAttempt });
      } catch (thrown) {
        const canRetry = thrown instanceof ApiError &&
          thrown.code === "rate_limited" && isRetried && limitEnd > now() &&
          limitEnd < end;
        if (!canRetry) throw thrown;
        attempts += thrown.attempts;
      }
    }
  };
}
