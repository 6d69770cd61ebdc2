import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Measured,
  median,
  ratio,
  spread,
  tables,
  toMarkdown,
  toText,
  verdicts,
} from "./report.ts";

const numbers = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), {
  minLength: 1,
});

Deno.test("median() has as many values above as below", () => {
  fc.assert(fc.property(numbers, (values) => {
    const middle = median(values);
    const below = values.filter((value) => value < middle).length;
    const above = values.filter((value) => value > middle).length;
    assert(below <= values.length / 2 && above <= values.length / 2);
  }));
});

Deno.test("spread() is 0 for equal values, and the same in any unit", () => {
  assertEquals(spread([7, 7, 7]), 0);
  fc.assert(fc.property(numbers, (values) => {
    const inOther = values.map((value) => value * 1024);
    assert(Math.abs(spread(values) - spread(inOther)) < 1e-6);
  }));
});

Deno.test("ratio() compares within each round, so that a slow round has no effect", () => {
  const one = { values: [2, 20, 2] };
  const other = { values: [1, 10, 1] };
  assertEquals(ratio(one, other), 2);
});

/** Measurements in which everything takes `factor` times as long as `fetch`. */
function measured(runtime: string, factor: number): Measured {
  const part = (keys: string[], inverse = false) => {
    const times = inverse ? 1 / factor : factor;
    const reading = (value: number) => ({
      values: [value, value],
      bytes: value,
      p50: 1,
      p99: 2,
      connections: 3,
    });
    return Object.fromEntries(
      keys.map((key) => [
        key,
        { fetch: reading(10), getRoom: reading(10 * times) },
      ]),
    );
  };
  return {
    runtime,
    overhead: part(["stream", "text"]),
    loopback: part(["1", "32", "256", "1-far", "32-far"], true),
    many: { 2000: { "Promise.all": { values: [10] } } },
    big: part(["1000", "10000", "100000"]),
    memory: { 10000: { fetch: 100, getRoom: 100 * factor } },
    decode: {
      10000: {
        "JSON.parse": { values: [10] },
        decoder: { values: [2 * factor] },
      },
    },
    cold: {
      empty: { values: [30] },
      fetch: { values: [32] },
      getRoom: { values: [30 + 4 * factor] },
    },
  };
}

Deno.test("verdicts() marks missed targets by runtime", () => {
  const { table, missed } = verdicts([measured("A 1", 1), measured("B 1", 2)]);
  const [head, ...rows] = table.rows;
  assertEquals(head, ["", "A 1", "B 1"]);
  for (const [name = "", met = "", not = ""] of rows) {
    assert(!met.includes("✗"), name);
    // This ratio does not depend on the factor
    assertEquals(not.includes("✗"), !name.startsWith("10 times"), name);
  }
  assertEquals(missed, rows.length - 1);
});

Deno.test("verdicts() omits what was not measured", () => {
  const quick = measured("A 1", 1);
  delete quick.big["100000"];
  const names = verdicts([quick]).table.rows.map(([name]) => name).join("\n");
  assert(names.includes("10000 sessions") && !names.includes("100000"));
});

Deno.test("verdicts() adds the figures of the calls by hand to a missed target", () => {
  const [one, other] = [measured("A 1", 1), measured("B 1", 2)];
  for (const { loopback } of [one, other]) {
    loopback["32"] = {
      ...loopback["32"],
      hand: { values: [9, 9] },
      core: { values: [8, 8] },
    };
  }
  const { table, missed, judged } = verdicts([one, other]);
  const at = table.rows.findIndex(([name]) => name?.startsWith("32 at once "));
  assertEquals(table.rows.slice(at + 1, at + 3), [
    ["… by hand", "✗ 0.90", "✗ 0.90"],
    ["… with checks", "✗ 0.80", "✗ 0.80"],
  ]);
  assertEquals([missed, judged], [table.rows.length - 4, 2 * missed + 2]);
  assertEquals(verdicts([one]).missed, 0);
});

Deno.test("verdicts() keeps a target with a value of 0", () => {
  const equal = measured("A 1", 1);
  equal.cold.getRoom = { values: [32] }; // the same as bare fetch
  const names = verdicts([equal]).table.rows.map(([name]) => name).join("\n");
  assert(names.includes("over bare fetch"), names);
});

Deno.test("tables() omits a client that did not run, and fits 80 columns", () => {
  const all = ["Deno 2", "Node 20", "Node 26", "Bun 1"].map((name) =>
    measured(name, 1.5)
  );
  for (const table of [...tables(all), verdicts(all).table]) {
    const text = toText(table);
    assert(!text.includes("undefined") && !text.includes("NaN"), text);
    assert(text.split("\n").every((line) => line.length <= 80), text);
    assert(!table.rows.some(([name]) => name === "ofetch"), text);
    assertEquals(
      toMarkdown(table).split("\n").filter((line) => line.startsWith("|"))
        .length,
      table.rows.length + 1,
    );
  }
});
