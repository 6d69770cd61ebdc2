import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { cellsOf, cut, graphemesOf, pad } from "../../lib/cli/width.ts";

const cells: [what: string, text: string, cells: number][] = [
  ["nothing", "", 0],
  ["ASCII", "Standup 7", 9],
  ["Latin with an accent", "Zoë", 3],
  ["a combining accent", "Zoe\u0308", 3],
  ["Chinese", "李雷", 4],
  ["kana", "カナ", 4],
  ["half-width kana", "\uff76\uff85", 2],
  ["full-width Latin", "\uff21\uff22", 4],
  ["Hangul", "한국", 4],
  ["Hangul of parts", "\u1112\u1161\u11ab", 2],
  ["Arabic", "مرحبا", 5],
  ["an ideograph of plane 2", "\u{20000}", 2],
  ["an emoji", "🚀", 2],
  ["an emoji with a skin tone", "👍🏽", 2],
  ["a family, joined by U+200D", "👩‍👩‍👧", 2],
  ["a flag", "🇩🇪", 2],
  ["a keycap", "1\ufe0f\u20e3", 2],
  ["a heart as text", "\u2764", 1],
  ["a heart as emoji", "\u2764\ufe0f", 2],
  ["a joiner alone", "\u200d", 0],
  ["half a flag", "\u{1f1e9}", 1],
  ["half-width kana with a voiced mark", "\uff76\uff9e", 2],
  ["Devanagari with a vowel beside it", "\u0915\u093f", 2],
  ["Devanagari with a vowel above it", "\u0915\u0947", 1],
  ["a vowel sign alone", "\u093f", 1],
  ["a trigram", "\u2630", 2],
  ["a counting rod", "\u{1d360}", 2],
  ["a number in a circle", "\u3248", 1],
];
for (const [what, text, expected] of cells) {
  Deno.test(`cellsOf() of ${what} is ${expected}`, () => {
    assertEquals(cellsOf(text), expected);
  });
}

const piece = fc.oneof(
  fc.constantFrom(...cells.map(([, text]) => text)),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((all) => all.join(""));

const width = fc.integer({ min: 1, max: 20 });

Deno.test("cut() keeps to the width, and cuts only between characters", () => {
  fc.assert(fc.property(text, width, (text, width) => {
    const short = cut(text, width);
    assert(cellsOf(short) <= width, short);
    if (cellsOf(text) <= width) return assertEquals(short, text);
    assert(short.endsWith("…"));
    const kept = [...graphemesOf(short.slice(0, -1))];
    assertEquals([...graphemesOf(text)].slice(0, kept.length), kept);
  }));
});

Deno.test("cut() keeps text that just fits, and has an ellipsis within the width", () => {
  for (const last of ["d", "e\u0301"]) {
    assertEquals(cut(`abc${last}`, 4), `abc${last}`);
    assertEquals(cut(`abc${last}e`, 4), "abc…");
    assertEquals(cut(`abcd${last}`, 0), "…");
  }
});

Deno.test("pad() adds spaces up to the width, and nothing beyond it", () => {
  fc.assert(fc.property(text, width, (text, width) => {
    const padded = pad(text, width);
    assertEquals(padded.trimEnd(), text.trimEnd());
    assertEquals(cellsOf(padded), Math.max(width, cellsOf(text)));
  }));
});
