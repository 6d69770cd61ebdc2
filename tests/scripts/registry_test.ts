import { assertEquals, assertMatch } from "@std/assert";
import { deno } from "../child.ts";

async function importMap(env: Record<string, string>) {
  const { code, stdout, stderr } = await deno([
    "eval",
    `import { importMap } from "./scripts/registry.ts";
    console.log(JSON.stringify(await importMap()));`,
  ], { REGISTRY: "", ...env });
  return { code, stdout: stdout.trim(), stderr: stderr.trim() };
}

/** An address of JSR where nothing listens. */
const unreachable = "http://127.0.0.1:9/";

Deno.test("importMap() takes the stand-ins with REGISTRY=npm, without asking", async () => {
  const { code, stdout, stderr } = await importMap({ REGISTRY: "npm" });
  assertEquals([code, stderr], [0, ""]);
  assertMatch(
    stdout,
    /^\["--import-map",".*scripts.npm_only.import_map.json"\]$/,
  );
});

Deno.test("importMap() takes the stand-ins where JSR does not answer", async () => {
  const told = await importMap({ JSR_URL: unreachable });
  assertEquals(told.code, 0);
  assertMatch(told.stdout, /import_map\.json/);
  assertEquals(
    told.stderr,
    "JSR does not answer: @std comes from scripts/npm_only",
  );
});

Deno.test("importMap() fails in one line where REGISTRY=jsr finds no JSR", async () => {
  const told = await importMap({ REGISTRY: "jsr", JSR_URL: unreachable });
  assertEquals([told.code, told.stdout], [1, ""]);
  assertMatch(told.stderr, /^JSR does not answer, and REGISTRY=jsr[^\n]+$/);
});

Deno.test("importMap() refuses any other REGISTRY", async () => {
  const told = await importMap({ REGISTRY: "yarn" });
  assertEquals([told.code, told.stderr], [
    2,
    "REGISTRY must be npm or jsr: current value is 'yarn'",
  ]);
});
