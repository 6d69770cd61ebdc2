import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { deno } from "../support/child.ts";

Deno.test("fakeRooms() answers on Node with every timer, queueMicrotask and nextTick faked", async () => {
  const dir = await Deno.makeTempDir();
  const program = `${dir}/frozen.mjs`;
  try {
    const source = fileURLToPath(new URL("frozen.ts", import.meta.url));
    await deno(["bundle", "--quiet", "--no-lock", "-o", program, source]);
    const { stdout } = await new Deno.Command("node", {
      args: [program],
      signal: AbortSignal.timeout(30_000),
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assertEquals(lines.pop(), "That is all");
    assertEquals(lines.filter((line) => !line.endsWith(": ended")), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
