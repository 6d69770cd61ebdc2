// A progress bar for a download, on a terminal.
import type { Context } from "./context.ts";
import type { SaveProgress } from "./save_file.ts";
import { cut } from "./width.ts";

/** How often the bar is drawn, in milliseconds. */
const everyMs = 100;

const units = ["B", "kB", "MB", "GB", "TB"];

/** A number of bytes in words, such as `13.5 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

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

/**
 * Makes a function that draws how far a download is, and one that removes the bar.
 * Where stderr is no terminal, nothing is drawn.
 */
export function progressBar(
  name: string,
  { stderr, now }: Context,
): { draw(progress: SaveProgress): void; clear(): void } {
  if (!stderr.isTTY) return { draw() {}, clear() {} };
  const width = (stderr.columns ?? 80) - 1;
  let first: { at: number; bytes: number } | undefined;
  let drawnAt = -Infinity;
  return {
    draw(progress) {
      const at = now();
      first ??= { at, bytes: progress.bytes };
      if (at - drawnAt < everyMs) return;
      drawnAt = at;
      const seconds = (at - first.at) / 1000;
      const rate = seconds > 0 ? (progress.bytes - first.bytes) / seconds : 0;
      const text = progressText(name, progress, rate, width);
      stderr.write(`\r${text}\x1b[K`);
    },
    clear: () => void stderr.write("\r\x1b[K"),
  };
}
