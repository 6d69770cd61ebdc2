import { assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { version } from "../../lib/cli/manual.ts";

Deno.test("version is the package's", () => {
  assertEquals(version, config.version);
});
