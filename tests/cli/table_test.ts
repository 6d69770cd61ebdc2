import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Column, table } from "../../lib/cli/table.ts";
import { cellsOf } from "../../lib/cli/width.ts";

interface Cells {
  a: string;
  b: string;
  name: string;
}
const columns: Column<Cells>[] = [
  ["A", ({ a }) => a],
  ["B", ({ b }) => b],
  ["NAME", ({ name }) => name],
];
const plain = { now: 0, width: 80, color: false };
const text = fc.string({ unit: "binary", maxLength: 40 });
const rows = fc.array(fc.record({ a: text, b: text, name: text }), {
  minLength: 1,
});

Deno.test("table() aligns the columns, without trailing spaces", () => {
  const records = [{ a: "1", b: "long", name: "x" }, {
    a: "22",
    b: "",
    name: "",
  }];
  assertEquals(
    table(columns, records, plain),
    "A   B     NAME\n1   long  x\n22\n",
  );
});

Deno.test("table() of no records is None", () => {
  assertEquals(table(columns, [], plain), "None\n");
});

Deno.test("table() drops columns before the last one, and cuts that", () => {
  const [a, b, name] = ["a", "b", "n"].map((letter) => letter.repeat(20));
  const one = [{ a, b, name }] as Cells[];
  const line = (width: number) =>
    table(columns, one, { ...plain, width }).split("\n")[1];
  assertEquals(line(64), `${a}  ${b}  ${name}`);
  assertEquals(line(63), `${a}  ${b}  ${"n".repeat(18)}…`);
  assertEquals(line(56), `${a}  ${b}  ${"n".repeat(11)}…`);
  assertEquals(line(55), `${a}  ${name}`);
  assertEquals(line(34), `${a}  ${"n".repeat(11)}…`);
});

Deno.test("table() gives the first column a line of its own where two do not fit", () => {
  const [a, b, name] = ["a", "b", "n"].map((letter) => letter.repeat(20));
  const records = [{ a, b, name }, { a, b: "", name }] as Cells[];
  const lines = (width: number) => table(columns, records, { ...plain, width });
  assertEquals(
    lines(33),
    `A  NAME\n${a}\n  ${name}\n${a}\n  ${name}\n`,
  );
  const short = records.map((record) => ({ ...record, b: "b" }));
  assertEquals(
    table(columns, short.slice(0, 1), { ...plain, width: 26 }),
    `A  B  NAME\n${a}\n  b  ${name}\n`,
  );
});

Deno.test("table() prints any record as one line within the width", () => {
  fc.assert(fc.property(rows, fc.integer({ min: 400 }), (records, width) => {
    const lines = table(columns, records, { ...plain, width }).split("\n");
    assertEquals(lines.length, records.length + 2);
    for (const line of lines) assert(!/\p{Cc}/u.test(line), line);
  }));
  fc.assert(fc.property(rows, fc.integer({ min: 60 }), (records, width) => {
    const narrow = records.map(({ a, b, name }) => ({
      a: a.slice(0, 2),
      b: b.slice(0, 2),
      name,
    }));
    for (
      const line of table(columns, narrow, { ...plain, width }).split("\n")
    ) assert(cellsOf(line) <= width, line);
  }));
});

Deno.test("table() changes no text by color", () => {
  const color = { ...plain, color: true };
  // deno-lint-ignore no-control-regex
  const bare = (text: string) => text.replace(/\x1b\[\d+m/g, "");
  const records = [{ a: "1", b: "2", name: "3" }];
  assertEquals(
    bare(table(columns, records, color)),
    table(columns, records, plain),
  );
  assert(table(columns, records, color).includes("\x1b[2m"));
});

Deno.test("table() prints hostile ids, and pads no row to their length", () => {
  const records = Array.from({ length: 1000 }, (_, i) => ({
    a: i === 0 ? "x".repeat(20_000_000) : "1",
    b: "2",
    name: "3",
  }));
  const text = table(columns, records, plain);
  assert(text.length < 1000 * 120, `${text.length}`);
  assert(text.split("\n")[1]?.includes("…"));
});

Deno.test("table() takes 150,000 records", () => {
  const records = Array.from({ length: 150_000 }, () => ({
    a: "1",
    b: "2",
    name: "3",
  }));
  assertEquals(table(columns, records, plain).split("\n").length, 150_002);
});
