import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { printable, wrap } from "../../lib/cli/text.ts";

Deno.test("printable() shows escapes, line breaks and overrides as text", () => {
  assertEquals(
    printable("a\x1b[31mb\nc\u202ed\u009be\u2028"),
    "a\\u{1b}[31mb\\u{0a}c\\u{202e}d\\u{9b}e\\u{2028}",
  );
});

Deno.test("printable() does not change text in any language", () => {
  const text = "Zoë 李雷 مرحبا 👩‍👩‍👧 100 %";
  assertEquals(printable(text), text);
});

Deno.test("printable() returns one line without control characters for any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert(!/[\p{Cc}\p{Zl}\p{Zp}]/u.test(printable(text)));
  }));
});

Deno.test("wrap() keeps every word in order, and lines to the width", () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  fc.assert(
    fc.property(
      fc.array(word),
      fc.integer({ min: 1, max: 90 }),
      (all, width) => {
        const lines = wrap(all.join(" "), width);
        assertEquals(lines.join(" "), all.join(" "));
        for (const line of lines) {
          assert(line.length <= width || !line.includes(" "), line);
        }
      },
    ),
  );
});
