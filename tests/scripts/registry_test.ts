import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { deno } from "../support/child.ts";

/** The result of `importMap()` in another process. */
async function importMap(env: Record<string, string>) {
  const dir = await Deno.makeTempDir();
  const { code, stdout, stderr } = await deno([
    "eval",
    `import { importMap } from "./scripts/registry.ts";
    const map = await importMap();
    console.log(JSON.stringify([map, Deno.env.get("REGISTRY")]));`,
  ], { REGISTRY: "", DENO_DIR: dir, ...env });
  await Deno.remove(dir, { recursive: true });
  return { code, stdout: stdout.trim(), stderr: stderr.trim() };
}

/** An address of JSR where nothing listens. */
const unreachable = "http://127.0.0.1:9/";

const module = "export {};\n";
const checksum = `sha256-${createHash("sha256").update(module).digest("hex")}`;
const version = { createdAt: "2025-01-01T00:00:00Z" };

/** Serves packages as JSR does, each with one empty module. */
function serveJsr(packages: string[], delayMs = 0) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async ({ url }) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const { pathname } = new URL(url);
      if (!packages.some((name) => pathname.startsWith(`/${name}/`))) {
        return new Response("not found", { status: 404 });
      }
      if (pathname.endsWith("/meta.json")) {
        return Response.json({
          latest: "1.0.0",
          versions: { "1.0.0": version },
        });
      }
      if (pathname.endsWith("_meta.json")) {
        const exports = { ".": "./mod.ts", "./status": "./mod.ts" };
        const manifest = { "/mod.ts": { size: module.length, checksum } };
        return Response.json({ exports, manifest });
      }
      return new Response(module, {
        headers: { "content-type": "text/typescript" },
      });
    },
  );
  const JSR_URL = `http://127.0.0.1:${server.addr.port}/`;
  return { JSR_URL, [Symbol.asyncDispose]: () => server.shutdown() };
}

const mapped =
  /^\[\["--import-map",".*scripts.npm_only.import_map.json"\],"npm"\]$/;

Deno.test("importMap() uses the stand-ins with REGISTRY=npm, without asking JSR", async () => {
  const { code, stdout, stderr } = await importMap({ REGISTRY: "npm" });
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, mapped);
});

Deno.test("importMap() uses the stand-ins when JSR does not answer", async () => {
  const { code, stdout, stderr } = await importMap({ JSR_URL: unreachable });
  assertEquals(code, 0);
  assertMatch(stdout, mapped);
  assertEquals(stderr, "JSR does not answer: @std comes from scripts/npm_only");
});

Deno.test("importMap() uses the stand-ins when JSR lacks a package", async () => {
  await using jsr = serveJsr(["@std/assert"]);
  const { code, stdout } = await importMap({ JSR_URL: jsr.JSR_URL });
  assertEquals(code, 0);
  assertMatch(stdout, mapped);
});

Deno.test("importMap() uses JSR, even a slow one, and sets REGISTRY for child processes", async () => {
  for (const delayMs of [0, 400]) {
    await using jsr = serveJsr(["@std/assert", "@std/http"], delayMs);
    const { code, stdout, stderr } = await importMap({ JSR_URL: jsr.JSR_URL });
    assertEquals([code, stdout], [0, '[[],"jsr"]']);
    assertEquals(
      stderr,
      delayMs ? "JSR is slow to answer; REGISTRY=npm does without it" : "",
    );
  }
});

Deno.test("importMap() names the package that JSR lacks with REGISTRY=jsr, in one line", async () => {
  await using jsr = serveJsr(["@std/assert"]);
  const cases: [string, string][] = [
    [unreachable, "jsr:@std/assert@^1.0.0"],
    [jsr.JSR_URL, "jsr:@std/http@^1.0.0/status"],
  ];
  for (const [JSR_URL, missing] of cases) {
    const result = await importMap({ REGISTRY: "jsr", JSR_URL });
    assertEquals([result.code, result.stdout], [1, ""]);
    assert(result.stderr.startsWith(`JSR does not have ${missing}, `));
    assertMatch(result.stderr, /^[^\n]+$/);
  }
});

Deno.test("importMap() rejects any other REGISTRY", async () => {
  const result = await importMap({ REGISTRY: "yarn" });
  assertEquals([result.code, result.stderr], [
    2,
    "REGISTRY must be npm or jsr: current value is 'yarn'",
  ]);
});

Deno.test("lock() is a copy that is deleted when the program ends", async () => {
  const { stdout } = await deno([
    "eval",
    `import { lock } from "./scripts/registry.ts";
    console.log(lock("deno.lock"));`,
  ]);
  const [, copy = ""] = /^--lock=(.+)\n$/.exec(stdout) ?? [];
  assertMatch(copy, /\.lock$/);
  const gone = await Deno.stat(copy).then(() => false, () => true);
  assert(gone, copy);
});
