import { assert, assertEquals } from "@std/assert";
import * as main from "../../mod.ts";
import { httpFetch } from "../../lib/client/node.ts";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { cases } from "./cases.ts";
import { type Played, violations } from "./violations.ts";
import { playFault, playFaults } from "./play.js";
import { type FaultServer, serveCases } from "./server.ts";

/** Waits until the server's connections are closed; returns how many are not. */
async function settled(server: FaultServer): Promise<number> {
  for (let i = 0; i < 100 && server.open() > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return server.open();
}

/** Serves the cases, and asserts that nothing is left of them. */
async function withCases(
  use: (server: FaultServer) => Promise<void>,
): Promise<void> {
  const server = await serveCases(cases);
  try {
    await use(server);
    assertEquals(server.strays, []);
    assertEquals(await settled(server), 0, "connections are left open");
  } finally {
    await server.close();
  }
}

for (const [i, fault] of cases.entries()) {
  Deno.test(`getRoom() returns ${fault.expected.result.join(" or ")} for ${fault.name}`, () =>
    withCases(async (server) => {
      const before = Deno.memoryUsage().rss;
      const url = server.baseUrl(i);
      const outcome = await playFault(main, url, fault.opts);
      assertEquals(violations(fault, outcome, server.requests[i]), []);
      const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
      assert(grown < 200, `memory grew by ${grown} MiB`);
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
      const faults = cases.map(({ opts }, i) => {
        const baseUrl = server.baseUrl(i);
        return { baseUrl, opts };
      });
      const before = Deno.memoryUsage().rss;
      const outcomes = await play(faults);
      const wrong = cases.flatMap((fault, i) => {
        const played = outcomes[i] ?? { result: "nothing", ms: 0 };
        return violations(fault, played, server.requests[i])
          .map((violation) => `${fault.name}: ${violation}`);
      });
      assertEquals(wrong, []);
      const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
      assert(grown < 200, `memory grew by ${grown} MiB`);
    }));
}
