// The state and the log as they change, as server-sent events.
import { shownState } from "./control_state.ts";
import { settle } from "./due.ts";
import type { Parts } from "./parts.ts";

/** How long changes are collected before they are sent. */
const collectMs = 40;
/** How often what is due is looked for. */
const tickMs = 500;
/** After how many ticks a line says that the stream lives. */
const ticksPerPing = 30;
/** How many events wait for a reader before the next ones are left out. */
const maxWaiting = 8;

function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * A stream of the events `state` (the state) and `log` (`{ cleared, entries }`,
 * the entries that are new or have changed), which begins with all of both.
 */
export function eventStream(
  parts: Parts,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const { activity } = parts;
  let stop = () => {};
  return new ReadableStream({
    start(controller) {
      const encoder = new TextEncoder();
      let lastState = "";
      let revision = 0;
      let clears = -1; // all of the log is new at first
      let ticks = 0;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const isSlow = () => (controller.desiredSize ?? 0) < -maxWaiting;
      const sendChanges = () => {
        clearTimeout(timer); // a tick may come before it, and the end after that
        timer = undefined;
        if (isSlow()) return; // the next tick tries again
        const text = eventText("state", shownState(parts));
        if (text !== lastState) send(text);
        lastState = text;
        const cleared = clears !== activity.clears;
        const entries = activity.entries(cleared ? 0 : revision);
        if (cleared || entries.length > 0) {
          send(eventText("log", { cleared, entries }));
        }
        clears = activity.clears;
        revision = activity.revision;
      };
      const collect = () => timer ??= setTimeout(sendChanges, collectMs);
      const tick = setInterval(() => {
        settle(parts.state);
        sendChanges();
        if (++ticks % ticksPerPing === 0 && !isSlow()) send(": ping\n\n");
      }, tickMs);
      const unlisten = activity.listen(collect);
      const leave = () => {
        stop();
        controller.error(signal?.reason);
      };
      stop = () => {
        clearInterval(tick);
        clearTimeout(timer);
        unlisten();
        signal?.removeEventListener("abort", leave);
      };
      signal?.addEventListener("abort", leave);
      sendChanges();
    },
    cancel: () => stop(),
  });
}
