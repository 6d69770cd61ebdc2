// Text for a terminal.

/**
 * Text as one line that is safe to print on a terminal. Control characters, and
 * those that change the direction of text, become escapes, so that a room's name
 * cannot move the cursor or hide anything.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => {
      const hex = character.codePointAt(0)?.toString(16).padStart(2, "0");
      return `\\u{${hex}}`;
    },
  );
}

/** Text cut to `width` characters; an ellipsis replaces what is cut off. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length > width
    ? `${characters.slice(0, width - 1).join("")}…`
    : text;
}

/** Text as lines of at most `width` characters, unless a word is longer. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + word.length >= width) {
      lines.push(line);
      line = word;
    } else line += line ? ` ${word}` : word;
  }
  return [...lines, line];
}

/** Words in a sentence: `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " or $1");
}
