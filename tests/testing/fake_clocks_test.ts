import { assertEquals } from "@std/assert";
import { withBundle } from "../support/bundle.ts";

Deno.test("fakeRooms() answers on Node with every timer, queueMicrotask and nextTick faked", () =>
  withBundle(async (program) => {
    const { stdout } = await new Deno.Command("node", {
      args: [program],
      signal: AbortSignal.timeout(120_000),
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assertEquals(lines.pop(), "That is all");
    assertEquals(lines.filter((line) => !line.endsWith(": ended")), []);
  }, "../testing/frozen.ts"));
