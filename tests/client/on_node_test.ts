import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { sh } from "../../scripts/sh.ts";
import { withBundles } from "../support/bundle.ts";

const [main, core, testing] = [
  "mod.ts",
  "lib/core/mod.ts",
  "lib/testing/fake_rooms.ts",
].map((entry) => `../../${entry}`) as [string, string, string];

/** Runs a program of `tests/support` on Node with these bundles. */
const onNode = (program: string, bundles: string[], ...options: string[]) => {
  const url = new URL(`../support/${program}`, import.meta.url);
  return sh("node", [...options, fileURLToPath(url), ...bundles]);
};

Deno.test("Every entry can be imported where there is nothing but ECMAScript", () =>
  withBundles([main, core, testing], async (bundles) => {
    const options = ["--no-warnings", "--experimental-vm-modules"];
    const imported = await onNode("bare_realm.mjs", bundles, ...options);
    assertEquals(imported.stdout, "imported\n".repeat(3), imported.stderr);
  }));

Deno.test("On Node, any number of calls and watches on one signal share a listener, warn of nothing and leave none, and parseWebhook() reads a Readable", () =>
  withBundles([main, testing], async (bundles) => {
    const { stdout, stderr } = await onNode("on_node.mjs", bundles);
    assertEquals(stderr, "");
    const printed = [1, 0, "video.room.session.started"];
    assertEquals(JSON.parse(stdout), printed);
  }));
