import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { conversation, playCall } from "./repeat.ts";

Deno.test("Operations keep their laws of repetition, in any conversation", async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (input) => {
      assertEquals(await playCall(input), []);
    }),
    { numRuns: 400 },
  );
});
