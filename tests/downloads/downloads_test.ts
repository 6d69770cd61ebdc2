/** The downloads of `deno task download`, of 6 MB, on the runtimes at hand. */
import { assertEquals } from "@std/assert";
import { withBundle } from "../support/bundle.ts";
import { commands } from "../support/task.ts";
import { runScenario, scenarios } from "./scenarios.ts";

const bytes = 6_000_000;

for (const [runtime, command] of Object.entries(commands)) {
  Deno.test(`downloadRecording() gets ${bytes} bytes right on ${runtime}, when it is cut 20 times, its link expires, or its host has no ranges`, () =>
    withBundle(async (module) => {
      for (const [name, scenario] of Object.entries(scenarios)) {
        const done = await runScenario(command, module, scenario, bytes);
        assertEquals(done.problems, [], name);
      }
    }));
}
