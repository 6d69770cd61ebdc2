import { assert, assertEquals } from "@std/assert";
import { root } from "../../scripts/sh.ts";
import { toPage } from "../support/page.ts";
import {
  mark,
  parts,
  ratio,
  type Results,
  toChart,
  verdicts,
} from "./report.ts";

Deno.test("ratio() compares within each round, so that a slow round has no effect", () => {
  const found = ratio([1, 10, 1], "ky", [2, 20, 2]);
  assertEquals(found, { other: "ky", value: 2, noise: 0 });
});

Deno.test("mark() tells a miss from one by less than the noise", () => {
  const marked = (value: number, noise: number) =>
    mark({ other: "ky", value, noise }, 0.97);
  assertEquals(marked(0.97, 0), "");
  assertEquals(marked(0.9, 0.1), "~");
  assertEquals(marked(0.9, 0.01), "✗");
});

Deno.test("verdicts() compares with the best of those that check", () => {
  const verdict = (getRoom: number) => {
    const others = { "ky + zod": [2], "ky + valibot": [3], fetch: [1] };
    const readings = { httpFetch: [1], getRoom: [getRoom], ...others };
    const runtimes = { "Node 20": { "32": readings } };
    return verdicts({ about: "", runtimes }).split("\n");
  };
  const [met, httpFetch, cold] = verdict(2);
  assert(met?.includes("all but 0 (✗) of 2 cells"), met);
  assert(httpFetch?.endsWith(": Node 20, httpFetch ✗1.00"), httpFetch);
  assert(cold?.endsWith(": not measured"), cold);
  const [missed] = verdict(2.2);
  assert(missed?.includes("all but 1 (✗) of 2 cells"), missed);
});

Deno.test("docs/benchmarks.md and its chart say what the readings say", async () => {
  const read = (path: string) => Deno.readTextFile(`${root}${path}`);
  const readings: Results = JSON.parse(await read("docs/benchmarks.json"));
  const page = toPage(await read("tests/bench/page.md"), parts(readings));
  assertEquals(await read("docs/benchmarks.md"), page);
  assertEquals(await read("docs/benchmarks.svg"), toChart(readings));
});
