/** Plays random scenarios with `httpFetch` on Node: `on_node.ts RUNS`. */
import fc from "fast-check";
import process from "node:process";
import { playScenario, scenario } from "./scenario.ts";
import { wire } from "./wire.ts";

const result = await fc.check(
  fc.asyncProperty(scenario, async (input) => {
    const broken = await playScenario(input, wire);
    if (broken.length > 0) throw new Error(broken.join("; "));
  }),
  { numRuns: Number(process.argv[2]) },
);
console.log(result.failed ? fc.defaultReportMessage(result) : result.numRuns);
