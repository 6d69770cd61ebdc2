import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { sh } from "../../scripts/sh.ts";
import { withBundles } from "../support/bundle.ts";

const entries = ["mod.ts", "lib/core/mod.ts", "lib/testing/fake_rooms.ts"]
  .map((entry) => `../../${entry}`);

Deno.test("Every entry can be imported where there is nothing but ECMAScript", () =>
  withBundles(entries, async (bundles) => {
    const url = new URL("../support/bare_realm.mjs", import.meta.url);
    const options = ["--no-warnings", "--experimental-vm-modules"];
    const args = [...options, fileURLToPath(url), ...bundles];
    const { stdout, stderr } = await sh("node", args);
    assertEquals(stdout, "imported\n".repeat(3), stderr);
  }));
