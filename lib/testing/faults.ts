import { startTimer } from "../timer.ts";

/**
 * Something for the next requests to go wrong with; the parts add up.
 */
export interface Fault {
  /** Milliseconds before the response; `Infinity` for none until an abort. */
  delayMs?: number;
  /**
   * Respond with this HTTP status, 200 to 599, in place of the proper one; from
   * 400 on, the request is not carried out.
   */
  status?: number;
  /** Headers to add to the response, or to replace there. */
  headers?: Record<string, string>;
  /**
   * The body: a string as it is, anything else as JSON. Default: for a status
   * of 400 or more the general error body, otherwise the proper one.
   */
  body?: unknown;
  /** Milliseconds in the middle of the body; `Infinity` for a stalled body. */
  bodyDelayMs?: number;
  /** Break the connection before the response, or in the middle of its body. */
  disconnect?: "before-response" | "in-body";
}

/** Refuses a fault that no response can have. */
export function checkFault({ status = 200 }: Fault): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(
      `Cannot order the fault as 'status' must be an integer from 200 ` +
        `to 599: current value is ${status}`,
    );
  }
}

/** Waits in the way of a `fetch`: an abort rejects with its reason. */
export function delay(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if (ms === Infinity) {
      signal?.addEventListener("abort", () => reject(signal.reason));
    } else startTimer(ms, signal ?? undefined, resolve, reject);
  });
}

/** A body that comes in two halves, with something in between. */
export function halves(
  text: string,
  { bodyDelayMs = 0, disconnect }: Fault,
  signal?: AbortSignal | null,
): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const middle = bytes.length >> 1;
  // Either the request is aborted, or the body cancelled, which errors nothing
  const gone = new AbortController();
  signal?.addEventListener("abort", () => gone.abort(signal.reason));
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(bytes.subarray(0, middle));
      try {
        await delay(bodyDelayMs, gone.signal);
        if (disconnect === "in-body") {
          throw new TypeError("The connection broke in the body");
        }
        controller.enqueue(bytes.subarray(middle));
        controller.close();
      } catch (reason) {
        controller.error(reason);
      }
    },
    cancel: () => gone.abort(),
  });
}
