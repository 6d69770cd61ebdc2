import { assertEquals, assertMatch } from "@std/assert";
import { importMap } from "../scripts/registry.ts";
import { deno } from "./support/child.ts";

const map = await importMap();

Deno.test("lib/core/ passes its tests without a clock, chance, timers or a network", async () => {
  const { code, stdout, stderr } = await deno([
    "test",
    "--no-check",
    "--no-lock",
    "--allow-read",
    "--allow-env",
    ...map,
    "tests/support/pure_core.ts",
  ], { NO_COLOR: "1" });
  assertEquals(code, 0, stdout + stderr);
  assertMatch(stdout, /ok \| \d{3,} passed/);
});
