import type { Fault } from "./faults.ts";
import { Newest } from "./newest.ts";

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
interface PlannedFault {
  fault: Fault;
  times: number;
}

/** How many requests are kept. */
const maxRequests = 10_000;

/** The characters of a request, without the status, which comes later. */
export function sizeOf(
  { method, url, headers, body = "" }: FakeRequest,
): number {
  let size = method.length + url.length + body.length;
  for (const [name, value] of Object.entries(headers)) {
    size += name.length + value.length;
  }
  return size;
}

/** A rate limit over fixed windows; the first request begins a window. */
export interface FakeRateLimit {
  /** The most requests in a window. */
  limit: number;
  /** The length of a window, in milliseconds. */
  windowMs: number;
}

/** What happened so far, and the faults to come. */
export class Log {
  readonly #requests = new Newest(maxRequests, sizeOf);
  /** The faults to inject, the next one first. */
  readonly faults: PlannedFault[] = [];
  #received = 0;
  #windowEnd = -Infinity;
  #used = 0;

  constructor(
    private readonly now: () => number,
    private readonly rateLimit: FakeRateLimit | undefined,
  ) {}

  /** The newest requests, the oldest first. */
  get requests(): readonly FakeRequest[] {
    return this.#requests.items;
  }

  /** Adds a request, and forgets the oldest ones; returns its number. */
  record(request: FakeRequest): number {
    this.#requests.add(request);
    return ++this.#received;
  }

  /** Takes the fault of the next request to `target`, if there is one. */
  nextFault(target: "api" | "file"): Fault {
    const index = this.faults.findIndex(({ fault }) =>
      (fault.target ?? target) === target
    );
    const next = this.faults[index];
    if (!next) return {};
    next.times--;
    if (next.times <= 0) this.faults.splice(index, 1);
    return next.fault;
  }

  /** Counts a request against the rate limit; the headers tell of it. */
  count(): { isOver: boolean; headers: Record<string, string> } {
    if (!this.rateLimit) return { isOver: false, headers: {} };
    const { limit, windowMs } = this.rateLimit;
    const at = this.now();
    if (at >= this.#windowEnd) {
      this.#windowEnd = at + windowMs;
      this.#used = 0;
    }
    this.#used++;
    const isOver = this.#used > limit;
    const reset = String(Math.ceil((this.#windowEnd - at) / 1000));
    return {
      isOver,
      headers: {
        "x-ratelimit-limit": `${limit}, ${limit};window=${windowMs / 1000}`,
        "x-ratelimit-remaining": String(Math.max(0, limit - this.#used)),
        "x-ratelimit-reset": reset,
        ...isOver && { "retry-after": reset },
      },
    };
  }

  /** Forgets everything, and counts from the beginning. */
  clear(): void {
    this.#requests.clear();
    this.faults.length = 0;
    this.#received = 0;
    this.#windowEnd = -Infinity;
  }
}
