import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { printable, printableJson, wrap } from "../../lib/cli/text.ts";

/** Any text, with many of the characters that a terminal acts on. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."\x1b\x7f\x85\x9b\x9d\u2028\u202e\u2066\u061c\n"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});

// deno-lint-ignore no-control-regex
const unsafe = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

Deno.test("printable() shows escapes, line breaks and overrides as text, and changes no other text", () => {
  assertEquals(
    printable("a\x1b[31mb\nc\u202ed\u009be\u2028"),
    "a\\u{1b}[31mb\\u{0a}c\\u{202e}d\\u{9b}e\\u{2028}",
  );
  const text = "Zoë 李雷 مرحبا 👩‍👩‍👧 100 %";
  assertEquals(printable(text), text);
  fc.assert(fc.property(anyText, (text) => {
    assert(!unsafe.test(printable(text)));
  }));
});

Deno.test("printableJson() is JSON of the same value without what a terminal acts on", () => {
  fc.assert(fc.property(anyText, anyText, (name, value) => {
    const record = Object.fromEntries([[name, [value]]]);
    for (const indent of [undefined, 2]) {
      const json = printableJson(record, indent) ?? "";
      assertEquals(JSON.parse(json), record);
      assert(!unsafe.test(indent ? json.replaceAll("\n", "") : json), json);
    }
  }));
});

Deno.test("printableJson() of a value that is nested too deeply is undefined", () => {
  const deep = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  assertEquals(printableJson(deep), undefined);
});

Deno.test("wrap() keeps every word in order, and lines to the width", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/));
  const width = fc.integer({ min: 1, max: 90 });
  fc.assert(fc.property(words, width, (words, width) => {
    const lines = wrap(words.join(" "), width);
    assertEquals(lines.join(" "), words.join(" "));
    for (const line of lines) {
      assert(line.length <= width || !line.includes(" "), line);
    }
  }));
});
