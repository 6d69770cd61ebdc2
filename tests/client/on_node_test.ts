import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { sh } from "../../scripts/sh.ts";
import { deno } from "../support/child.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

Deno.test("On Node, any number of calls and watches on one signal warn of nothing and leave no listener, and parseWebhook() reads a Readable", async () => {
  const dir = await Deno.makeTempDir();
  const entries = ["mod.ts", "lib/testing/fake_rooms.ts"];
  const bundles = entries.map((_, i) => `${dir}/${i}.mjs`);
  try {
    for (const [i, entry] of entries.entries()) {
      const options = ["bundle", "--quiet", "--no-lock", "-o", `${bundles[i]}`];
      await deno([...options, path(`../../${entry}`)]);
    }
    const { stdout, stderr } = await sh("node", [
      path("../support/on_node.mjs"),
      ...bundles,
    ]);
    assertEquals(stderr, "");
    assertEquals(JSON.parse(stdout), {
      during: [1, 1, 1],
      after: [0, 0],
      isOver: true,
      event: "video.room.session.started",
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
