import "../support/pure.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Page } from "../../mod.ts";
import { advance, mostPages, noProgress } from "../../lib/core/list.ts";

type Item = { id: string };

const page = (ids: (string | number)[], meta: Page<Item>["meta"]) => ({
  data: ids.map((id) => ({ id: `${id}` })),
  meta,
});

/** Reads a list to its end; returns how many pages that took, and the error. */
function readAll(
  pageAt: (number: number) => Page<Item>,
  limit: number,
  first = 1,
) {
  let progress = noProgress;
  for (let number = first;; number++) {
    const pages = number - first + 1;
    assert(pages <= limit, `It continues after ${limit} pages`);
    const next = pageAt(number);
    const advanced = advance(progress, next, number);
    if (advanced.mismatch) return { pages, error: advanced.mismatch };
    progress = advanced.progress;
    const isLast = next.data.length === 0 || number >= next.meta.total_pages ||
      (next.meta.page_number ?? number) !== number;
    if (isLast) return { pages, error: undefined };
  }
}

const huge = fc.constantFrom(1e15, 1e300, Number.MAX_SAFE_INTEGER, 10_000_000);

Deno.test("advance() ends a list whose pages repeat themselves, whatever total_pages says", () => {
  const scenario = fc.record({
    cycle: fc.integer({ min: 1, max: 7 }),
    before: fc.nat({ max: 30 }),
    total_pages: huge,
    echo: fc.boolean(),
    first: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(fc.property(scenario, ({ cycle, before, first, ...how }) => {
    const { pages, error } = readAll(
      (number) => {
        const nth = number - first;
        const id = nth < before ? `new ${nth}` : (nth - before) % cycle;
        const { total_pages, echo } = how;
        return page([id], {
          total_pages,
          ...echo ? { page_number: number } : {},
        });
      },
      40 * (cycle + before),
      first,
    );
    assertEquals(error?.pointer, "/data");
    assertEquals(
      error?.expected.includes(`other items on page ${first + pages - 1}`),
      true,
    );
  }));
});

Deno.test("advance() ends a list of new items after twice the pages that total_results allows, or a million", () => {
  const scenario = fc.record({
    perPage: fc.integer({ min: 1, max: 5 }),
    total_results: fc.integer({ min: 1, max: 50 }),
    total_pages: huge,
  });
  fc.assert(fc.property(scenario, ({ perPage, ...meta }) => {
    const allowed = 2 * Math.ceil(meta.total_results / perPage);
    const { pages, error } = readAll(
      (number) =>
        page(Array.from({ length: perPage }, (_, n) => `${number} ${n}`), meta),
      allowed,
    );
    assertEquals([error?.pointer, pages], ["/meta/total_pages", allowed]);
  }));
  const { pages, error } = readAll(
    (number) => page([number], { total_pages: 1e15 }),
    mostPages,
  );
  assertEquals([pages, error?.pointer], [1_000_000, "/meta/total_pages"]);
});

Deno.test("advance() ends every list, within twice the pages of the first response", () => {
  const meta = fc.record({
    total_pages: fc.oneof(fc.integer({ min: -2, max: 12 }), huge),
    page_number: fc.option(fc.integer({ min: -1, max: 9 }), { nil: undefined }),
    total_results: fc.option(fc.integer({ min: -1, max: 99 })),
  });
  const some = fc.array(fc.nat({ max: 3 }), { maxLength: 3 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(some, meta), { minLength: 1, maxLength: 40 }),
      (script) => {
        readAll((number) => {
          const [ids, { page_number, ...meta }] = script[
            (number - 1) % script.length
          ] as [number[], Page<Item>["meta"]];
          return page(ids, {
            ...meta,
            ...page_number === undefined ? {} : { page_number },
          });
        }, 2000);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("advance() loses no item of a list to which items are added while it is read", () => {
  const scenario = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    pageSize: fc.integer({ min: 1, max: 5 }),
    first: fc.integer({ min: 1, max: 3 }),
    echo: fc.boolean(),
    counted: fc.boolean(),
    // Before which request, and whether at the start
    added: fc.array(fc.tuple(fc.integer({ min: 2, max: 20 }), fc.boolean()), {
      maxLength: 9,
    }),
  });
  fc.assert(
    fc.property(scenario, ({ count, pageSize, first, added, ...how }) => {
      const original = Array.from({ length: count }, (_, n) => `item ${n}`);
      const list = [...original];
      const seen = new Set<string>(list.slice(0, (first - 1) * pageSize));
      const { error } = readAll(
        (number) => {
          for (const [at, atStart] of added.slice(0, count)) {
            if (at !== number) continue;
            const id = `added ${list.length}`;
            if (atStart) list.unshift(id);
            else list.push(id);
          }
          const ids = list.slice((number - 1) * pageSize, number * pageSize);
          for (const id of ids) seen.add(id);
          return page(ids, {
            total_pages: Math.ceil(list.length / pageSize),
            ...how.echo ? { page_number: number } : {},
            ...how.counted ? { total_results: list.length } : {},
          });
        },
        100,
        first,
      );
      assertEquals(error, undefined);
      assertEquals(original.filter((id) => !seen.has(id)), []);
    }),
    { numRuns: 500 },
  );
});

Deno.test("advance() refuses another page than the requested one, unless it is past the end", () => {
  const other = page([1], { page_number: 1, total_pages: 3 });
  const { mismatch } = advance(noProgress, other, 2);
  assertEquals(mismatch?.pointer, "/meta/page_number");
  assertEquals([mismatch?.expected, mismatch?.received], ["2", "1"]);
  assertEquals(advance(noProgress, other, 4), { progress: noProgress });
});
