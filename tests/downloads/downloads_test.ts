/** The downloads of `deno task download`, of 6 MB, on the runtimes at hand. */
import { assertEquals } from "@std/assert";
import { sh } from "../../scripts/sh.ts";
import {
  bundle,
  expectedHash,
  runScenario,
  type Runtime,
  scenarios,
} from "./scenarios.ts";

const bytes = 6_000_000;
const runtimes: Runtime[] = [
  {
    name: "Deno",
    command: [Deno.execPath(), "run", "--no-lock", "--allow-all"],
  },
  { name: "Node", command: ["node", "--no-warnings"] },
];

for (const runtime of runtimes) {
  const { name, command: [command = ""] } = runtime;
  const { code } = await sh(command, ["--version"]).catch(() => ({ code: 1 }));
  Deno.test({
    name:
      `downloadRecording() gets ${bytes} bytes right on ${name}, when it is cut 20 times, its link expires, or its host has no ranges (needs ${name})`,
    ignore: code !== 0,
    async fn() {
      const dir = await Deno.makeTempDir();
      try {
        const module = await bundle(dir);
        const file = { bytes, hash: await expectedHash(bytes) };
        for (const scenario of scenarios) {
          const outcome = await runScenario(runtime, module, scenario, file);
          assertEquals(outcome.problems, [], scenario);
        }
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    },
  });
}
