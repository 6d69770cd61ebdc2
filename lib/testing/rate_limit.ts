/**
 * A rate limit over fixed windows; the first request begins a window.
 */
export interface FakeRateLimit {
  /** The most requests in a window. */
  limit: number;
  /** The length of a window, in milliseconds. */
  windowMs: number;
}

/** Counts a request; returns whether it is over the limit, and the headers. */
export type Count = () => { isOver: boolean; headers: Record<string, string> };

/** Returns what counts the requests. */
export function counter(
  { limit, windowMs }: FakeRateLimit,
  now: () => number,
): Count {
  let [end, used] = [-Infinity, 0];
  return () => {
    const at = now();
    if (at >= end) [end, used] = [at + windowMs, 0];
    used++;
    const isOver = used > limit;
    const reset = String(Math.ceil((end - at) / 1000));
    return {
      isOver,
      headers: {
        "x-ratelimit-limit": `${limit}, ${limit};window=${windowMs / 1000}`,
        "x-ratelimit-remaining": String(Math.max(0, limit - used)),
        "x-ratelimit-reset": reset,
        ...isOver && { "retry-after": reset },
      },
    };
  };
}
