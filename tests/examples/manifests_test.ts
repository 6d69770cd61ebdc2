import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { root } from "../../scripts/sh.ts";

const manifests = [
  "github_actions/package.json",
  "test_suite/package.json",
  "webhooks/package.json",
  "who_is_here/package.json",
  "who_is_here/supabase/functions/room/deno.json",
];

Deno.test("the manifests of the examples depend on this release", async () => {
  const [major, minor] = config.version.split(".");
  for (const name of manifests) {
    const text = await Deno.readTextFile(`${root}examples/${name}`);
    const [, range] = /@videorooms\/telnyx(?:@|": ")(\^[\d.]+)"/.exec(text) ??
      [];
    assertEquals(range, `^${major}.${minor}.0`, name);
  }
});

Deno.test("examples/ is not published", () => {
  assert(config.publish.include.every((path) => !path.startsWith("examples")));
});
