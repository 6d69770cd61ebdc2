/** Text of at most `width` characters: `…` stands for what is cut off. */
export function cut(text: string, width: number): string {
  const all = [...text];
  return all.length > width ? `${all.slice(0, width - 1).join("")}…` : text;
}
