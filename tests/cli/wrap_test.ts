import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { wrap } from "../../lib/cli/wrap.ts";

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
