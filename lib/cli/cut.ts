/** Text cut to `width` characters; an ellipsis replaces what is cut off. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length > width
    ? `${characters.slice(0, width - 1).join("")}…`
    : text;
}
