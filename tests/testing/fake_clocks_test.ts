import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

async function hasNode(): Promise<boolean> {
  return await new Deno.Command("node", { args: ["--version"] }).output()
    .then(({ success }) => success, () => false);
}

Deno.test({
  name:
    "fakeRooms() answers on Node with every timer, queueMicrotask and nextTick faked (needs Node)",
  ignore: !await hasNode(),
  async fn() {
    const dir = await Deno.makeTempDir();
    const program = `${dir}/frozen.mjs`;
    try {
      const source = fileURLToPath(new URL("frozen.ts", import.meta.url));
      const bundled = await new Deno.Command(Deno.execPath(), {
        args: ["bundle", "--quiet", "--no-lock", "-o", program, source],
      }).output();
      assertEquals(new TextDecoder().decode(bundled.stderr), "");
      const { stdout } = await new Deno.Command("node", {
        args: [program],
        signal: AbortSignal.timeout(30_000),
      }).output();
      const lines = new TextDecoder().decode(stdout).trim().split("\n");
      assertEquals(lines.filter((line) => !line.endsWith(": ended")), []);
      assertEquals(lines.length, 15);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
