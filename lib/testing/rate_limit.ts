/**
 * A rate limit over fixed windows, the first of which a request begins.
 */
export interface FakeRateLimit {
  /** Requests in a window. */
  limit: number;
  /** Length of a window, in milliseconds. */
  windowMs: number;
}

/** Counts a request; tells whether it is over the limit, and the headers. */
export type Count = () => { isOver: boolean; headers: Record<string, string> };

/** Makes the counter of a limit. */
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
