import fc from "fast-check";
import { commands, play } from "./commands.ts";

Deno.test("fakeRooms() agrees with a model of the provider for any sequence of operations", async () => {
  await fc.assert(
    fc.asyncProperty(commands, (commands) => play(commands)),
    { numRuns: 150 },
  );
});
