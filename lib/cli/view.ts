// How results are shown: as labels beside values, in the width of the terminal.
import type { Context } from "./command.ts";
import { CommandError, exitCodes } from "./failure.ts";
import { printable, printableJson, wrap } from "./text.ts";
import { localTime, span } from "./time.ts";
import { cellsOf } from "./width.ts";

/** How to format what is shown. */
export interface ViewOptions {
  /** Milliseconds since the epoch. */
  now: number;
  /** The width of a line in cells of the terminal, `Infinity` for no limit. */
  width: number;
  /** Whether to use ANSI escapes for color. */
  color: boolean;
}

/** The options for stdout: plain text of any width if it is not a terminal. */
export function toViewOptions(
  { stdout: { isTTY = false, columns = 80 }, env, now }: Context,
): ViewOptions {
  return {
    now: now(),
    width: isTTY ? columns : Infinity,
    color: isTTY && !env.NO_COLOR,
  };
}

type Paint = (text: string) => string;

/** The colors that are used; without color, they change nothing. */
export function paints(
  { color }: ViewOptions,
): { bold: Paint; dim: Paint; green: Paint } {
  const paint = (code: number): Paint => (text) =>
    color && text ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { bold: paint(1), dim: paint(2), green: paint(32) };
}

/** A label and its value; without a value, it is not shown. */
type LabeledValue = readonly [label: string, value: string | undefined];

/** Two cells before a line, and two more before the rest of it. */
export function indented(text: string, { width }: ViewOptions): string[] {
  return wrap(text, width - 4).map((line, i) =>
    (i === 0 ? "  " : "    ") + line
  );
}

/** Labels beside their values, or above them where both do not fit. */
export function labeled(
  rows: readonly LabeledValue[],
  options: ViewOptions,
): string[] {
  const { dim } = paints(options);
  const shown = rows.filter(([, value]) => value);
  const width = Math.max(10, ...shown.map(([label]) => label.length));
  return shown.flatMap(([label, value = ""]) => {
    const fits = width + 4 + cellsOf(value, 500) <= options.width;
    // A long word would be broken in either place, and is copied more easily here
    if (fits || options.width >= 60) {
      return [`  ${dim(label.padEnd(width))}  ${value}`];
    }
    return [
      `  ${dim(label)}`,
      ...wrap(value, options.width - 3).map((line) => `    ${line}`),
    ];
  });
}

/** A record under its title, which is bold. */
export function titled(
  title: string,
  rows: readonly LabeledValue[],
  options: ViewOptions,
): string {
  const { bold } = paints(options);
  return [bold(printable(title)), ...labeled(rows, options), ""].join("\n");
}

/** Text of the API as a value; undefined if there is none. */
export function textOf(value: string | null | undefined): string | undefined {
  return value ? printable(value) : undefined;
}

export function people(n: number): string {
  return `${n} ${n === 1 ? "person" : "people"}`;
}

/** A time of the API, as local time and UTC. */
export function timeOf(value: string | null | undefined): string | undefined {
  return value ? printable(localTime(value)) : undefined;
}

/** A duration of the API, in words. */
export function lengthOf(
  seconds: number | null | undefined,
): string | undefined {
  return typeof seconds === "number" ? span(0, seconds * 1000) : undefined;
}

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

/** The size of a file of the API, in words. */
export function sizeOf(megabytes: number | null | undefined) {
  return typeof megabytes === "number" ? bytesText(megabytes * 1e6) : undefined;
}

/** JSON as the command prints it: on several lines, or on one. */
export function toJson(
  value: unknown,
  lines: "lines" | "line" = "lines",
): string {
  const json = printableJson(value, lines === "lines" ? 2 : undefined);
  if (json !== undefined) return `${json}\n`;
  throw new CommandError(
    "The response is nested too deeply to print, or too long",
    exitCodes.failed,
  );
}
