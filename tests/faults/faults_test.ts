import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import * as main from "../../mod.ts";
import { httpFetch } from "../../lib/client/node.ts";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { cases } from "./cases.ts";
import { playFaults } from "./play.js";
import { type Played, serveCases } from "./server.ts";

/** The memory of this isolate: that of the process is other tests' as well. */
function usedBytes(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** Plays every fault in some way. */
type Play = (
  faults: { baseUrl: string; opts: Record<string, unknown> }[],
) => Promise<Played[]>;

const ways: Record<string, Play> = {
  "getRoom()": (faults) => playFaults(main, faults),
  "getRoom() with httpFetch": (faults) => playFaults(main, faults, httpFetch),
  "getRoom() with httpFetch on Node, without a warning,": async (faults) => {
    let outcomes: Played[] = [];
    await withBundle(async (bundle, dir) => {
      const file = `${dir}/faults.json`;
      await Deno.writeTextFile(file, JSON.stringify(faults));
      const program = new URL("../runtimes/run_process.mjs", import.meta.url);
      const args = [fileURLToPath(program), "httpFetch", file, bundle];
      const ran = await sh("node", ["--trace-warnings", ...args]);
      assertEquals([ran.code, ran.stderr], [0, ""]);
      outcomes = JSON.parse(ran.stdout);
    });
    return outcomes;
  },
};

for (const [way, play] of Object.entries(ways)) {
  Deno.test(`${way} ends every fault as it must, and leaves nothing open`, async (t) => {
    const server = await serveCases(cases);
    const before = usedBytes();
    try {
      const wrong = server.judge(await play(server.faults));
      for (const [i, { name, expected: { result } }] of cases.entries()) {
        await t.step(`${result.join(" or ")} for ${name}`, () => {
          assertEquals(wrong[i], []);
        });
      }
      const grown = (usedBytes() - before) / 2 ** 20;
      assert(grown < 200, `memory grew by ${grown} MiB`);
      assertEquals(server.strays, []);
      assertEquals(await server.left(), 0, "connections are left open");
    } finally {
      await server.close();
    }
  });
}
