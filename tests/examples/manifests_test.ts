import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

const manifests = [
  "bun_server/package.json",
  "cloudflare_worker/package.json",
  "github_actions/package.json",
  "nextjs/package.json",
  "node_server/package.json",
  "supabase_edge_function/functions/room/deno.json",
  "test_suite/package.json",
  "webhooks/package.json",
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
