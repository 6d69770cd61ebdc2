import "../support/pure.ts";
import { assertEquals } from "@std/assert";
import { advance, noProgress } from "../../lib/core/list.ts";

Deno.test("advance() takes a list of more than a million pages for endless, counted from the first that was read", () => {
  const meta = { total_pages: 1e15 };
  let progress = noProgress;
  for (let number = 5;; number++) {
    const page = { data: [{ id: `${number}` }], meta };
    const advanced = advance(progress, page, number);
    if (advanced.progress) progress = advanced.progress;
    else {
      const { pointer } = advanced.mismatch;
      assertEquals([number, pointer], [1_000_004, "/meta/total_pages"]);
      return;
    }
  }
});
