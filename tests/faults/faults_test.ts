import { assert, assertEquals } from "@std/assert";
import * as main from "../../mod.ts";
import { httpFetch } from "../../lib/client/node.ts";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { cases } from "./cases.ts";
import { type Played, violations } from "./violations.ts";
import { play } from "./play.js";
import { type FaultServer, serveCases } from "./server.ts";

/** Waits until the server's connections are closed; returns how many are not. */
async function settled(server: FaultServer): Promise<number> {
  for (let i = 0; i < 100 && server.open() > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return server.open();
}

for (const [name, fetchFn] of Object.entries({ fetch, httpFetch })) {
  for (const [i, fault] of cases.entries()) {
    const what = `${fault.name}${fetchFn === fetch ? "" : `, with ${name}`}`;
    Deno.test(`getRoom() returns ${fault.expected.result.join(" or ")} for ${what}`, async () => {
      const server = await serveCases(cases);
      const before = Deno.memoryUsage().rss;
      try {
        const url = server.baseUrl(i);
        const outcome = await play(main, url, fault.opts, fetchFn);
        assertEquals(violations(fault, outcome, server.requests[i]), []);
        assertEquals(server.strays, []);
        assertEquals(await settled(server), 0, "connections are left open");
        const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
        assert(grown < 200, `memory grew by ${grown} MiB`);
      } finally {
        await server.close();
      }
    });
  }
}

Deno.test("getRoom() with httpFetch returns the same for every fault on Node, without a warning", () =>
  withBundle(async (bundle, dir) => {
    const server = await serveCases(cases);
    try {
      const file = `${dir}/faults.json`;
      const faults = cases.map(({ opts }, i) => ({
        baseUrl: server.baseUrl(i),
        opts,
      }));
      await Deno.writeTextFile(file, JSON.stringify(faults));
      const program = new URL("./play_http_fetch.mjs", import.meta.url);
      const args = ["--trace-warnings", program.pathname, bundle, file];
      const { code, stdout, stderr } = await sh("node", args);
      assertEquals([code, stderr], [0, ""]);
      const outcomes: Played[] = JSON.parse(stdout);
      for (const [i, fault] of cases.entries()) {
        const played = outcomes[i] ?? { result: "nothing", ms: 0 };
        const wrong = violations(fault, played, server.requests[i]);
        assertEquals(wrong, [], fault.name);
      }
      assertEquals(server.strays, []);
      assertEquals(await settled(server), 0, "connections are left open");
    } finally {
      await server.close();
    }
  }));
