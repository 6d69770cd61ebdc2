/**
 * `deno task fuzz --seconds N [--seed S]`: plays random scenarios for N seconds,
 * with a `fetch` and with `httpFetch`, on Deno or bundled for Node. A failure
 * prints the seed and path that replay it.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { playScenario, scenario, viaFetch } from "./scenario.ts";
import { wire } from "./wire.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
    path: { type: "string" },
  },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) {
  console.error("fuzz: --seconds must be a positive number");
  process.exit(2);
}
const result = await fc.check(
  fc.asyncProperty(scenario, async (input) => {
    const broken = [
      ...await playScenario(input, viaFetch),
      ...await playScenario(input, wire),
    ];
    if (broken.length > 0) throw new Error(broken.join("; "));
  }),
  {
    ...values.seed !== undefined && { seed: Number(values.seed) },
    ...values.path !== undefined && { path: values.path },
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
    maxSkipsPerRun: 0,
  },
);
const failed = result.failed && !result.interrupted ? 1 : 0;
if (failed > 0) {
  console.log(fc.defaultReportMessage(result));
  const replay = `--seed ${result.seed} --path ${result.counterexamplePath}`;
  console.log(`Replay it with: deno task fuzz ${replay}`);
}
console.log(`${result.numRuns - failed} passed, ${failed} failed`);
process.exit(failed);
