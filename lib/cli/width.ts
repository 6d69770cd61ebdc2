// How many cells of a terminal text takes: CJK and emoji take two each.

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The characters as a reader sees them: an emoji with its modifiers is one. */
export function* graphemesOf(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** What takes no cell by itself, such as a combining mark or a joiner. */
const invisible =
  /^[\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}\p{Control}\p{Format}]+$/u;

/** Emoji, which are wide by themselves or by the selector U+FE0F; half a flag is not. */
const emoji = /(?![\u{1f1e6}-\u{1f1ff}]$)\p{Emoji_Presentation}|\ufe0f/u;

/** What takes a cell beside the character that it belongs to. */
const beside = /(?<!^)[\p{Mc}\uff9e\uff9f]/gu;

/** The blocks of East Asian characters that are wide (Unicode TR 11). */
const wide = new RegExp(
  "^[" + [
    "\\u1100-\\u115f", // Hangul that begins a syllable
    "\\u2329\\u232a\\u2630-\\u2637\\u268a-\\u268f", // brackets, trigrams
    "\\u2e80-\\u303e\\u3041-\\u3247\\u3250-\\ua4cf", // CJK, kana, Yi
    "\\ua960-\\ua97f\\uac00-\\ud7a3", // Hangul
    "\\uf900-\\ufaff\\ufe10-\\ufe19\\ufe30-\\ufe6f", // CJK compatibility
    "\\uff01-\\uff60\\uffe0-\\uffe6", // full-width forms
    "\\u{16fe0}-\\u{18dff}\\u{1aff0}-\\u{1b2ff}", // Tangut, Khitan, kana
    "\\u{1d300}-\\u{1d356}\\u{1d360}-\\u{1d376}", // counting rods
    "\\u{1f200}-\\u{1f2ff}\\u{20000}-\\u{3fffd}", // ideographs
  ].join("") + "]",
  "u",
);

function cellsOfGrapheme(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  const isWide = emoji.test(grapheme) || wide.test(grapheme);
  const more = grapheme.match(beside)?.length ?? 0;
  return (isWide ? 2 : 1) + more;
}

/** Most texts are ASCII, whose characters take one cell each. */
const ascii = /^[ -~]*$/;

/** The cells that text takes; it is not measured beyond `max` of them. */
export function cellsOf(text: string, max = Infinity): number {
  if (ascii.test(text)) return Math.min(text.length, max);
  let cells = 0;
  for (const grapheme of graphemesOf(text)) {
    cells += cellsOfGrapheme(grapheme);
    if (cells >= max) return max;
  }
  return cells;
}

/** Text cut to `width` cells; an ellipsis replaces what is cut off. */
export function cut(text: string, width: number): string {
  // A character takes at most two cells for each code unit
  if (text.length * 2 <= width) return text;
  const start = text.slice(0, width + 1);
  if (ascii.test(start)) {
    return start.length <= width ? text : `${start.slice(0, -2)}…`;
  }
  let cells = 0;
  let kept = ""; // what fits beside an ellipsis
  let whole = "";
  for (const grapheme of graphemesOf(text)) {
    cells += cellsOfGrapheme(grapheme);
    whole += grapheme;
    if (cells > width) return `${kept}…`;
    if (cells < width) kept = whole;
  }
  return text;
}

/** Text with spaces after it, up to `width` cells. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - cellsOf(text, width)));
}
