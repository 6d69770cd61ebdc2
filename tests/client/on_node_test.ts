import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { sh } from "../../scripts/sh.ts";
import { withBundles } from "../support/bundle.ts";

const main = "../../mod.ts";
const core = "../../lib/core/mod.ts";
const testing = "../../lib/testing/fake_rooms.ts";

/** Runs a program of `tests/support` on Node with these bundles. */
const onNode = (program: string, bundles: string[], ...options: string[]) => {
  const url = new URL(`../support/${program}`, import.meta.url);
  return sh("node", [...options, fileURLToPath(url), ...bundles]);
};

Deno.test("Every entry can be imported where there is nothing but ECMAScript", () =>
  withBundles([main, core, testing], async (bundles) => {
    const options = ["--no-warnings", "--experimental-vm-modules"];
    const imported = await onNode("bare_realm.mjs", bundles, ...options);
    const { stdout, stderr } = imported;
    assertEquals(stdout, "imported\nimported\nimported\n", stderr);
  }));

Deno.test("On Node, any number of calls and watches on one signal warn of nothing and leave no listener, and parseWebhook() reads a Readable", () =>
  withBundles([main, testing], async (bundles) => {
    const { stdout, stderr } = await onNode("on_node.mjs", bundles);
    assertEquals(stderr, "");
    assertEquals(JSON.parse(stdout), {
      during: [1, 1, 1],
      after: [0, 0],
      isOver: true,
      event: "video.room.session.started",
    });
  }));
