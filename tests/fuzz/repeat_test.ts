import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { conversation, playCall } from "./repeat.ts";

Deno.test("No operation is repeated that must not be, in any conversation", async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (told) => {
      assertEquals(await playCall(told), []);
    }),
    { numRuns: 1000 },
  );
});
