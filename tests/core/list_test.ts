import "../support/pure.ts";
import { assertEquals } from "@std/assert";
import { advance, noProgress } from "../../lib/core/list.ts";

Deno.test("advance() takes a list of more than a million pages for endless", () => {
  const meta = { total_pages: 1e15 };
  let progress = noProgress;
  for (let number = 1;; number++) {
    const page = { data: [{ id: `${number}` }], meta };
    const advanced = advance(progress, page, number);
    if (advanced.progress) progress = advanced.progress;
    else {
      const { pointer } = advanced.mismatch;
      assertEquals([number, pointer], [1_000_000, "/meta/total_pages"]);
      return;
    }
  }
});
