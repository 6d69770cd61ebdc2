import type { Fault } from "./faults.ts";

/** A request that the fake received. */
export interface FakeRequest {
  /** The method, such as `"GET"`. */
  method: string;
  /** The absolute URL. */
  url: string;
  /** The headers with names in lower case, including the token. */
  headers: Record<string, string>;
  /** The body as text; absent if it was empty. */
  body?: string;
  /** The status of the response; absent if there was none. */
  status?: number;
  /**
   * What is wrong with it though it may have worked elsewhere: that it sent the
   * API key to the host of files.
   */
  note?: string;
}

/** A fault, and the number of requests that it is still for. */
export interface PlannedFault {
  fault: Fault;
  times: number;
}

/** What happened so far, and the faults to come. */
export interface Log {
  /** The newest requests, the oldest first. */
  requests: FakeRequest[];
  /** The characters in them. */
  size: number;
  /** The number of requests so far. */
  received: number;
  /** The faults to inject, the next one first. */
  faults: PlannedFault[];
  count: Count | undefined;
}

/** How many requests are kept, and how many characters of them in all. */
export const maxRequests = 10_000;
export const maxCharacters = 16_777_216;

/** The characters of a request, without the status, which comes later. */
function sizeOf({ method, url, headers, body = "" }: FakeRequest): number {
  const fields = Object.entries(headers).flat();
  return [method, url, body, ...fields]
    .reduce((sum, text) => sum + text.length, 0);
}

/** Adds a request, and forgets the oldest ones; returns its number. */
export function record(log: Log, request: FakeRequest): number {
  const { requests } = log;
  requests.push(request);
  log.size += sizeOf(request);
  while (
    requests.length > maxRequests ||
    (log.size > maxCharacters && requests.length > 1)
  ) {
    const oldest = requests.shift();
    if (oldest) log.size -= sizeOf(oldest);
  }
  return ++log.received;
}

/** Takes the fault of the next request to `target`, if there is one. */
export function nextFault({ faults }: Log, target: "api" | "file"): Fault {
  const index = faults.findIndex(({ fault }) =>
    (fault.target ?? target) === target
  );
  const next = faults[index];
  if (!next) return {};
  next.times--;
  if (next.times <= 0) faults.splice(index, 1);
  return next.fault;
}

/** Forgets everything, and counts from the beginning. */
export function clear(log: Log, count: Count | undefined): void {
  log.requests.length = 0;
  log.faults.length = 0;
  Object.assign(log, { size: 0, received: 0, count });
}

/** A rate limit over fixed windows; the first request begins a window. */
export interface FakeRateLimit {
  /** The most requests in a window. */
  limit: number;
  /** The length of a window, in milliseconds. */
  windowMs: number;
}

/** Counts a request; returns whether it is over the limit, and the headers. */
export type Count = () => { isOver: boolean; headers: Record<string, string> };

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
