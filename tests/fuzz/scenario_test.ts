import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { playScenario, scenario } from "./scenario.ts";
import { wire } from "./wire.ts";

Deno.test("getRoom() keeps its laws in any scenario, in virtual time", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (input) => {
      assertEquals(await playScenario(input), []);
    }),
    { numRuns: 500 },
  );
});

Deno.test("getRoom() with httpFetch keeps its laws in any scenario", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (input) => {
      assertEquals(await playScenario(input, wire), []);
    }),
    { numRuns: 200 },
  );
});

Deno.test("getRoom() keeps them on Node", () =>
  withBundle(async (bundle) => {
    const args = ["--trace-warnings", bundle, "--seconds", "2"];
    const { stdout, stderr } = await sh("node", args);
    assertEquals(stderr, "");
    assertMatch(stdout, /^\d+ passed, 0 failed$/m);
  }, "../fuzz/run.ts"));
