import type { ComponentChild } from "preact";

/** A token of JSON: a name, a text, or another value. */
const token =
  /("(?:[^"\\\n]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d[\d.eE+-]*/g;

/** The longest text that is colored. */
const maxLength = 20_000;

/** A text with the colors of JSON, where it is JSON. */
export function Json({ text }: { text: string }) {
  if (!/^[[{]/.test(text) || text.length > maxLength) return <>{text}</>;
  const parts: ComponentChild[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon = ""] = match;
    const name = string === undefined ? "j-value" : colon ? "j-key" : "j-text";
    parts.push(
      text.slice(end, match.index),
      <span class={name}>{string ?? whole}</span>,
      colon,
    );
    end = match.index + whole.length;
  }
  return <>{parts}{text.slice(end)}</>;
}
