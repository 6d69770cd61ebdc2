import type { Content } from "./content.ts";
import { delay, type Fault } from "./faults.ts";

/** How many bytes are enqueued at once: 64 KiB. */
const pieceBytes = 65_536;

/** A body in pieces made as they are read, with what a fault does to it. */
export function pieces(
  { size, read }: Content,
  fault: Fault,
  signal?: AbortSignal | null,
): ReadableStream<Uint8Array> {
  const { bodyDelayMs = 0, disconnect } = fault;
  const isFaulty = fault.bodyDelayMs !== undefined || disconnect === "in-body";
  const { afterBytes = size >> 1 } = fault;
  /** Where the fault is; undefined once it is over. */
  let faultAt = isFaulty ? Math.min(afterBytes, size) : undefined;
  let at = 0;
  // Aborting the request errors the body; canceling the body does not
  const gone = new AbortController();
  const abort = () => gone.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const end = () => signal?.removeEventListener("abort", abort);
  return new ReadableStream({
    start(controller) {
      const fail = () => controller.error(gone.signal.reason);
      gone.signal.addEventListener("abort", fail);
    },
    async pull(controller) {
      if (at === faultAt) {
        faultAt = undefined;
        await delay(bodyDelayMs, gone.signal);
        if (disconnect === "in-body") {
          end();
          throw new TypeError("The connection broke in the body");
        }
      }
      const stop = Math.min(at + pieceBytes, faultAt ?? size, size);
      if (stop > at) controller.enqueue(read(at, stop));
      at = stop;
      if (at < size || faultAt !== undefined) return;
      end();
      controller.close();
    },
    cancel() {
      end();
      gone.abort();
    },
  }, { highWaterMark: 0 });
}
