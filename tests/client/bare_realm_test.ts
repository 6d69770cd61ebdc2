import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { sh } from "../../scripts/sh.ts";
import { deno } from "../support/child.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

Deno.test("Every entry can be imported where there is nothing but ECMAScript", async () => {
  const dir = await Deno.makeTempDir();
  const entries = ["mod.ts", "lib/core/mod.ts", "lib/testing/fake_rooms.ts"];
  try {
    const bundles = entries.map((_, i) => `${dir}/${i}.mjs`);
    for (const [i, entry] of entries.entries()) {
      const bundled = await deno([
        "bundle",
        "--quiet",
        "--no-lock",
        "-o",
        `${bundles[i]}`,
        path(`../../${entry}`),
      ]);
      assertEquals(bundled.stderr, "");
    }
    const { stdout, stderr } = await sh("node", [
      "--no-warnings",
      "--experimental-vm-modules",
      path("../support/bare_realm.mjs"),
      ...bundles,
    ]);
    assertEquals(stdout, "imported\nimported\nimported\n", stderr);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
