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
