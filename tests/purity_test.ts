import { assert, assertEquals, assertMatch } from "@std/assert";
import { importMap } from "../scripts/registry.ts";
import { root } from "../scripts/sh.ts";
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

Deno.test("lib/core/ has no variable at module level that changes", async () => {
  for await (const { name } of Deno.readDir(`${root}lib/core`)) {
    const code = await Deno.readTextFile(`${root}lib/core/${name}`);
    const state =
      /^(?:export )?(?:let|var)\b.*|^.*= new (?:Weak)?(?:Map|Set)\(\);$/m
        .exec(code);
    assert(state === null, `${name}: ${state?.[0]}`);
  }
});
