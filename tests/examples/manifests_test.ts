import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

const manifests = [
  "github_actions/package.json",
  "test_suite/package.json",
  "webhooks/package.json",
  "who_is_here/package.json",
  "who_is_here/supabase/functions/room/deno.json",
];

for (const name of manifests) {
  Deno.test(`examples/${name} depends on this release`, async () => {
    const file = new URL(`../../examples/${name}`, import.meta.url);
    const text = await Deno.readTextFile(file);
    const [, range] = /@videorooms\/telnyx(?:@|": ")(\^[\d.]+)"/.exec(text) ??
      [];
    const [major, minor] = config.version.split(".");
    assertEquals(range, `^${major}.${minor}.0`);
  });
}

Deno.test("examples/ is not published", () => {
  assert(config.publish.include.every((path) => !path.startsWith("examples")));
});
