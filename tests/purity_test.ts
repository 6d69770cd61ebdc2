import { assert, assertMatch, assertThrows } from "@std/assert";
import { root } from "../scripts/sh.ts";

Deno.test("The tests of lib/core/ run without a clock, chance, timers or a network", async () => {
  for await (const { name } of Deno.readDir(`${root}tests/core`)) {
    const code = await Deno.readTextFile(`${root}tests/core/${name}`);
    assertMatch(
      code,
      /^(?:\/\*\*[^]*?\*\/\s*|\/\/.*\s*)?import "\.\.\/support\/pure\.ts";/,
      name,
    );
  }
  await import("./support/pure.ts");
  const impure = [
    () => Date.now(),
    () => new Date(),
    () => Math.random(),
    () => crypto.randomUUID(),
    () => fetch("http://127.0.0.1"),
    () => performance.now(),
    () => queueMicrotask(() => {}),
    () => setInterval(() => {}),
    () => setTimeout(() => {}),
  ];
  for (const use of impure) assertThrows(use, Error, "The core is pure");
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
