import { assert, assertEquals } from "@std/assert";
import * as main from "../../mod.ts";
import { cases } from "./cases.ts";
import { violations } from "./violations.ts";
import { play } from "./play.js";
import { type FaultServer, serveCases } from "./server.ts";

/** Waits until the server's connections are gone; tells how many are not. */
async function settled(server: FaultServer): Promise<number> {
  for (let i = 0; i < 100 && server.open() > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return server.open();
}

for (const [i, told] of cases.entries()) {
  Deno.test(`Faced with ${told.name}: ${told.expected.result.join(" or ")}`, async () => {
    const server = await serveCases(cases);
    const before = Deno.memoryUsage().rss;
    try {
      const outcome = await play(main, server.baseUrl(i), told.opts);
      assertEquals(violations(told, outcome, server.requests[i]), []);
      assertEquals(server.strays, []);
      assertEquals(await settled(server), 0, "connections are left open");
      const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
      assert(grown < 200, `memory grew by ${grown} MiB`);
    } finally {
      await server.close();
    }
  });
}
