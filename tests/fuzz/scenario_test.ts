import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { playScenario, scenario, viaFetch } from "./scenario.ts";
import { wire } from "./wire.ts";

for (
  const [name, connect, numRuns] of [
    ["fetch", viaFetch, 500],
    ["httpFetch", wire, 200],
  ] as const
) {
  Deno.test(`getRoom() with ${name} keeps its laws in any scenario, in virtual time`, () =>
    fc.assert(
      fc.asyncProperty(scenario, async (input) => {
        assertEquals(await playScenario(input, connect), []);
      }),
      { numRuns },
    ));
}

Deno.test("getRoom() keeps them on Node", () =>
  withBundle(async (bundle) => {
    const args = ["--trace-warnings", bundle, "--seconds", "0.5"];
    const { stdout, stderr } = await sh("node", args);
    assertEquals(stderr, "");
    assertMatch(stdout, /^\d+ passed, 0 failed$/m);
  }, "../fuzz/run.ts"));
