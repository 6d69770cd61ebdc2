// Text for a terminal.
import type { Output } from "./command.ts";
import { cellsOf } from "./width.ts";

/**
 * Characters that a terminal acts on, or that change the direction of text, so
 * that a room's name could move the cursor or hide something.
 */
const unsafe =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const hexOf = (character: string, digits: number) =>
  character.charCodeAt(0).toString(16).padStart(digits, "0");

/** Text as one line that is safe to print: unsafe characters become escapes. */
export function printable(text: string): string {
  return text.replace(
    unsafe,
    (character) => `\\u{${hexOf(character, 2)}}`,
  );
}

/**
 * JSON that is safe to print, of the same value: unsafe characters become JSON's
 * own escapes. `undefined` if the value is nested too deeply, or too long.
 */
export function printableJson(
  value: unknown,
  indent?: number,
): string | undefined {
  try {
    // Line breaks stand only between the parts; within texts they are escaped
    return JSON.stringify(value, null, indent).replace(
      unsafe,
      (character) =>
        character === "\n" ? character : `\\u${hexOf(character, 4)}`,
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The cells of text on a terminal, on which color takes none. */
const shownCells = (text: string) =>
  // deno-lint-ignore no-control-regex
  cellsOf(text.replace(/\x1b\[\d+m/g, ""));

/** Text as lines of at most `width` cells, unless a word is longer. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let cells = 0;
  for (const word of text.split(" ")) {
    const more = shownCells(word);
    if (line && cells + more >= width) {
      lines.push(line);
      line = word;
      cells = more;
    } else {
      cells += more + (line ? 1 : 0);
      line += line ? ` ${word}` : word;
    }
  }
  return [...lines, line];
}

/** Writes text as one line that is safe to print, and is wrapped on a terminal. */
export function writeLine(text: string, output: Output): void {
  const { isTTY, columns = 80 } = output;
  const lines = wrap(printable(text), isTTY ? columns : Infinity);
  output.write(`${lines.join("\n")}\n`);
}

/** Words in a sentence: `a, b or c`. */
export function joinedByOr(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " or $1");
}
