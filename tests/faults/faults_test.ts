import { assert, assertEquals } from "@std/assert";
import * as main from "../../mod.ts";
import { cases } from "./cases.ts";
import { violations } from "./violations.ts";
import { play } from "./play.js";
import { type FaultServer, serveCases } from "./server.ts";

/** Waits until the server's connections are closed; returns how many are not. */
async function settled(server: FaultServer): Promise<number> {
  for (let i = 0; i < 100 && server.open() > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return server.open();
}

for (const [i, fault] of cases.entries()) {
  Deno.test(`getRoom() returns ${fault.expected.result.join(" or ")} for ${fault.name}`, async () => {
    const server = await serveCases(cases);
    const before = Deno.memoryUsage().rss;
    try {
      const outcome = await play(main, server.baseUrl(i), fault.opts);
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
