/**
 * Text from outside as one line that is safe on a terminal: control characters
 * and those that change the direction of text are shown as escapes, so that a
 * room's name can move no cursor and hide nothing.
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
