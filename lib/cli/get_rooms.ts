import type { FetchFn } from "../fetch_fn.ts";
import { type ApiError, RoomsError } from "../errors.ts";
import { getRoom, type GetRoomOptions, type Room } from "../rooms.ts";
import type { AttemptEvent } from "../call.ts";
import { concurrency } from "./limits.ts";

/** What came of a look-up. */
export type Found =
  | { id: string; room: Room; error?: never }
  | { id: string; room?: never; error: RoomsError };

/** A timer may ring a little early, and a limit is not to last for that. */
const slackMs = 5;

/**
 * While a rate limit lasts that `note` has been told of, `fetch` sends nothing
 * but answers as the provider would: 429, and how long to wait.
 */
export function holdBack(fetchFn: FetchFn, now: () => number): {
  fetch: FetchFn;
  note(event: AttemptEvent): void;
  /** Milliseconds that the limit still lasts. */
  left(): number;
} {
  let until = -Infinity;
  const left = () => {
    const ms = until - now();
    return ms > slackMs ? ms : 0;
  };
  return {
    fetch: (url, init) =>
      left() === 0 ? fetchFn(url, init) : Promise.resolve(
        new Response(null, {
          status: 429,
          headers: { "retry-after": (left() / 1000).toFixed(3) },
        }),
      ),
    note({ error }) {
      const { code, retryAfterMs = 0 } = (error ?? {}) as Partial<ApiError>;
      if (code === "rate_limited") {
        until = Math.max(until, now() + retryAfterMs);
      }
    },
    left,
  };
}

/**
 * Looks rooms up, a few at a time, and tells what came of each in the order of
 * their ids. Rejects when the token is refused, since it would be for all.
 */
export async function getRooms(
  fetchFn: FetchFn,
  token: string,
  ids: readonly string[],
  opts: GetRoomOptions & { timeoutMs: number; signal: AbortSignal },
  onDone: (done: number) => void = () => {},
): Promise<Found[]> {
  const now = () => performance.now();
  const held = holdBack(fetchFn, now);
  const over = new AbortController();
  const signal = AbortSignal.any([opts.signal, over.signal]);
  const onAttempt = (event: AttemptEvent) => {
    held.note(event);
    opts.onAttempt?.(event);
  };

  async function lookUp(id: string): Promise<Found> {
    let { timeoutMs } = opts;
    const end = now() + timeoutMs;
    for (;;) {
      try {
        const its = { ...opts, timeoutMs, signal, onAttempt };
        return { id, room: await getRoom(held.fetch, token, id, its) };
      } catch (error) {
        if (!(error instanceof RoomsError) || error.code === "unauthorized") {
          throw error;
        }
        // Among many, a rate limit costs time but no attempts
        const again = ids.length > 1 && error.code === "rate_limited" &&
          held.left() > 0 && now() + held.left() < end;
        if (!again) return { id, error };
        timeoutMs = Math.max(1, Math.floor(end - now()));
      }
    }
  }

  const found: Found[] = [];
  let [begun, done] = [0, 0];
  async function work(): Promise<void> {
    while (begun < ids.length) {
      const i = begun++;
      found[i] = await lookUp(ids[i] as string);
      onDone(++done);
    }
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
    return found;
  } finally {
    over.abort();
  }
}
