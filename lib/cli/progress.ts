// What a terminal shows while something takes long: one line on stderr.
import type { Context } from "./command.ts";
import type { SaveProgress } from "./files.ts";
import { printable } from "./text.ts";
import { bytesText } from "./view.ts";
import { cut } from "./width.ts";

/** How often a line that changes all the time is drawn, in milliseconds. */
export const redrawMs = 100;

/** A duration as minutes and seconds, such as `1:05`. */
function clockText(seconds: number): string {
  const rest = `${Math.ceil(seconds) % 60}`.padStart(2, "0");
  return `${Math.floor(Math.ceil(seconds) / 60)}:${rest}`;
}

/** What the bar says: the name, how much, how fast, and how long still. */
export function progressText(
  name: string,
  { bytes, size }: SaveProgress,
  bytesPerSecond: number,
  width: number,
): string {
  const rate = bytesPerSecond > 0 ? `  ${bytesText(bytesPerSecond)}/s` : "";
  if (size === undefined || size === 0) {
    return cut(`${bytesText(bytes)}${rate}  ${name}`, width);
  }
  const share = Math.min(1, bytes / size);
  const left = bytesPerSecond > 0
    ? `  ${clockText((size - bytes) / bytesPerSecond)} left`
    : "";
  const cells = Math.max(5, Math.min(20, width - 60));
  const filled = Math.floor(share * cells);
  const bar = "#".repeat(filled) + "-".repeat(cells - filled);
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  const amount = `${bytesText(bytes)} of ${bytesText(size)}`;
  return cut(`[${bar}]${percent}  ${amount}${rate}${left}  ${name}`, width);
}

/** A line on stderr that is written over, and removed in the end. */
interface StatusLine {
  show(text: string): void;
  clear(): void;
}

/**
 * Makes a status line that is drawn every `everyMs` at most; where stderr is no
 * terminal, nothing is shown.
 */
export function statusLine(
  { stderr, now }: Pick<Context, "stderr" | "now">,
  everyMs = 0,
): StatusLine {
  let isShown = false;
  let shownAt = -Infinity;
  const { isTTY = false, columns = 80 } = stderr;
  return {
    show(text) {
      if (!isTTY || now() - shownAt < everyMs) return;
      isShown = true;
      shownAt = now();
      stderr.write(`\r${cut(printable(text), columns - 1)}\x1b[K`);
    },
    clear() {
      if (isShown) stderr.write("\r\x1b[K");
      isShown = false;
    },
  };
}

export function progressBar(
  name: string,
  context: Context,
): { draw(progress: SaveProgress): void; clear(): void } {
  const line = statusLine(context, redrawMs);
  const width = (context.stderr.columns ?? 80) - 1;
  let first: { at: number; bytes: number } | undefined;
  return {
    draw(progress) {
      const at = context.now();
      first ??= { at, bytes: progress.bytes };
      const seconds = (at - first.at) / 1000;
      const rate = seconds > 0 ? (progress.bytes - first.bytes) / seconds : 0;
      line.show(progressText(name, progress, rate, width));
    },
    clear: line.clear,
  };
}

/** Everything that is listed, with a line that says how much it is so far. */
export async function collect<Item>(
  items: AsyncIterable<Item>,
  line: StatusLine,
  text: (count: number) => string,
): Promise<Item[]> {
  const all: Item[] = [];
  try {
    for await (const item of items) {
      all.push(item);
      line.show(text(all.length));
    }
  } finally {
    line.clear();
  }
  return all;
}
