import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Column, table } from "../../lib/cli/table.ts";
import { cellsOf } from "../../lib/cli/width.ts";

type Cells = Record<"a" | "b" | "name", string>;
const columns: Column<Cells>[] = [
  ["A", ({ a }) => a],
  ["B", ({ b }) => b],
  ["NAME", ({ name }) => name],
];
const shown = (records: Cells[], width = 80) =>
  table(columns, records, { now: 0, width, color: false });

const [a, b, name] = ["a", "b", "n"].map((it) => it.repeat(20)) as [
  string,
  string,
  string,
];

Deno.test("table() drops columns before the last one, and cuts that", () => {
  const line = (width: number) => shown([{ a, b, name }], width).split("\n")[1];
  assertEquals(line(64), `${a}  ${b}  ${name}`);
  assertEquals(line(63), `${a}  ${b}  ${"n".repeat(18)}…`);
  assertEquals(line(56), `${a}  ${b}  ${"n".repeat(11)}…`);
  assertEquals(line(55), `${a}  ${name}`);
  assertEquals(line(34), `${a}  ${"n".repeat(11)}…`);
});

Deno.test("table() gives the first column a line of its own where two do not fit", () => {
  const two = [{ a, b, name }, { a, b: "", name }];
  assertEquals(shown(two, 33), `A  NAME\n${a}\n  ${name}\n${a}\n  ${name}\n`);
  const short = [{ a, b: "b", name }];
  assertEquals(shown(short, 26), `A  B  NAME\n${a}\n  b  ${name}\n`);
});

Deno.test("table() prints any record as one line within the width, aligned", () => {
  const wide = ["李雷", "👩‍👩‍👧", "Zoe\u0308", "1\ufe0f\u20e3", "\uff76\uff9e"];
  const text = fc.array(
    fc.oneof(
      fc.constantFrom(...wide),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 20 },
  ).map((pieces) => pieces.join(""));
  const short = fc.constantFrom("", "a", "\x1b", ...wide);
  const records = fc.array(
    fc.record({ a: short, b: short, name: text.map((it) => `|${it}`) }),
    { minLength: 1 },
  );
  const width = fc.integer({ min: 60 });
  fc.assert(fc.property(records, width, (records, width) => {
    const [head = "", ...lines] = shown(records, width).trimEnd().split("\n");
    assertEquals(lines.length, records.length);
    for (const line of lines) {
      assert(!/\p{Cc}/u.test(line) && cellsOf(line) <= width, line);
      const [before = ""] = line.split("|");
      assertEquals(cellsOf(before), head.indexOf("NAME"));
    }
  }));
});

Deno.test("table() takes 150,000 records and hostile ids, and pads no row to their length", () => {
  const records = Array.from({ length: 150_000 }, (_, i) => ({
    a: i === 0 ? "x".repeat(20_000_000) : "1",
    b: "2",
    name: "3",
  }));
  const text = shown(records, 400);
  assert(text.length < 150_000 * 120, `${text.length}`);
  const lines = text.split("\n");
  assertEquals([lines.length, lines[1]?.includes("…")], [150_002, true]);
});
