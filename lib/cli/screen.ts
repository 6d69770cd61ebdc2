/** How much of a terminal there is to draw on. */
export interface Size {
  columns?: number;
  rows?: number;
}

/** What was drawn last: how many rows of it, on how wide a terminal. */
export interface Drawn {
  rows: number;
  columns: number | undefined;
}

/**
 * What to write to a terminal so that these lines take the place of those
 * drawn last. Lines that are too many are left out, the last ones of `body`
 * first. The cursor is never hidden, so that no end can leave it so.
 */
export function redraw(
  body: readonly string[],
  foot: readonly string[],
  last: Drawn | undefined,
  { columns, rows = 24 }: Size,
): { text: string; drawn: Drawn } {
  const room = Math.max(1, rows - foot.length);
  const hidden = body.length - room + 1;
  const lines = [
    ...hidden > 1
      ? [...body.slice(0, room - 1), `… ${hidden} more lines`]
      : body,
    ...foot,
  ];
  // Another width has wrapped what was drawn, no one knows how
  const home = last === undefined
    ? ""
    : last.columns !== columns
    ? "\x1b[2J\x1b[H"
    : last.rows > 1
    ? `\x1b[${last.rows - 1}A`
    : "";
  // Unwrapped, a line takes one row, however wide its characters are
  const text = `\x1b[?7l${home}\r${
    lines.map((line) => `${line}\x1b[K`).join("\r\n")
  }\x1b[J\x1b[?7h`;
  return { text, drawn: { rows: lines.length, columns } };
}

/** Puts a `*` beside the lines that are not among those before. */
export function marked(
  lines: readonly string[],
  before: readonly string[],
): string[] {
  const left = [...before];
  return lines.map((line) => {
    const at = left.indexOf(line);
    if (at < 0) return line.startsWith(" ") ? `*${line.slice(1)}` : `* ${line}`;
    left.splice(at, 1);
    return line;
  });
}
