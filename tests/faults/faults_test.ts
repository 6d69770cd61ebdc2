import { assert, assertEquals } from "@std/assert";
import * as main from "../../mod.ts";
import { httpFetch } from "../../lib/client/node.ts";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { cases } from "./cases.ts";
import { playFault, playFaults } from "./play.js";
import { type FaultServer, serveCases } from "./server.ts";
import { type Played, violations } from "./violations.ts";

/** The memory of this isolate: that of the process is other tests' as well. */
function usedBytes(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** Serves the cases, and asserts that nothing is left of them, nor of memory. */
async function withCases(
  use: (server: FaultServer) => Promise<void>,
): Promise<void> {
  const server = await serveCases(cases);
  const before = usedBytes();
  try {
    await use(server);
    const grown = (usedBytes() - before) / 2 ** 20;
    assert(grown < 200, `memory grew by ${grown} MiB`);
    assertEquals(server.strays, []);
    assertEquals(await server.left(), 0, "connections are left open");
  } finally {
    await server.close();
  }
}

for (const [i, fault] of cases.entries()) {
  Deno.test(`getRoom() returns ${fault.expected.result.join(" or ")} for ${fault.name}`, () =>
    withCases(async (server) => {
      const outcome = await playFault(main, server.baseUrl(i), fault.opts);
      assertEquals(violations(fault, outcome, server.requests[i]), []);
    }));
}

/** What a runtime does with `httpFetch`. */
type Play = (
  faults: { baseUrl: string; opts: Record<string, unknown> }[],
) => Promise<Played[]>;

const withHttpFetch: Record<string, Play> = {
  "Deno": (faults) => playFaults(main, faults, httpFetch),
  "Node, without a warning": async (faults) => {
    let outcomes: Played[] = [];
    await withBundle(async (bundle, dir) => {
      const file = `${dir}/faults.json`;
      await Deno.writeTextFile(file, JSON.stringify(faults));
      const program = new URL("./play_http_fetch.mjs", import.meta.url);
      const args = ["--trace-warnings", program.pathname, bundle, file];
      const { code, stdout, stderr } = await sh("node", args);
      assertEquals([code, stderr], [0, ""]);
      outcomes = JSON.parse(stdout);
    });
    return outcomes;
  },
};
for (const [runtime, play] of Object.entries(withHttpFetch)) {
  Deno.test(`getRoom() with httpFetch returns the same for every fault on ${runtime}`, () =>
    withCases(async (server) => {
      const faults = cases.map(({ opts }, i) => ({
        baseUrl: server.baseUrl(i),
        opts,
      }));
      const outcomes = await play(faults);
      const wrong = cases.flatMap((fault, i) => {
        const played = outcomes[i] ?? { result: "nothing", ms: 0 };
        return violations(fault, played, server.requests[i])
          .map((violation) => `${fault.name}: ${violation}`);
      });
      assertEquals(wrong, []);
    }));
}
