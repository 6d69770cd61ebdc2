import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { printable, printableJson, wrap } from "../../lib/cli/text.ts";

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

// deno-lint-ignore no-control-regex
const unsafe = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

Deno.test("printableJson() prints what a terminal acts on as escapes of JSON", () => {
  assertEquals(
    printableJson({ name: "a\u009bb\u009d\u007f\u202e\u2028\n" }),
    '{"name":"a\\u009bb\\u009d\\u007f\\u202e\\u2028\\n"}',
  );
});

Deno.test("printableJson() is JSON of the same value, for any text", () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(..."\x7f\x85\x9b\x9d\u2028\u202e\u2066\u061c\n"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(fc.property(text, text, (name, value) => {
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
