import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { deno } from "../support/child.ts";

/**
 * The result of `importMap()` in another process, to which JSR is slow or not,
 * however busy the machine is.
 */
async function importMap(env: Record<string, string>, isSlow: boolean) {
  const dir = await Deno.makeTempDir();
  const { code, stdout, stderr } = await deno([
    "eval",
    `const { setTimeout } = globalThis;
    globalThis.setTimeout = (say) => setTimeout(say, ${isSlow ? 0 : 100_000});
    import { importMap } from "./scripts/registry.ts";
    const map = await importMap();
    console.log(JSON.stringify([map, Deno.env.get("REGISTRY")]));`,
  ], { REGISTRY: "", DENO_DIR: dir, ...env });
  await Deno.remove(dir, { recursive: true });
  return { code, stdout: stdout.trim(), stderr: stderr.trim() };
}

const module = "export {};\n";
const checksum = `sha256-${createHash("sha256").update(module).digest("hex")}`;
const version = { createdAt: "2025-01-01T00:00:00Z" };

/** Serves packages as JSR does, each with one empty module. */
function serveJsr(packages: string[]) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => {
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
      const headers = { "content-type": "text/typescript" };
      return new Response(module, { headers });
    },
  );
  const JSR_URL = `http://127.0.0.1:${server.addr.port}/`;
  return { JSR_URL, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** JSR where nothing listens, where it lacks a package, and as it is. */
const servers = {
  none: () => ({
    JSR_URL: "http://127.0.0.1:9/",
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
  partial: () => serveJsr(["@std/assert"]),
  whole: () => serveJsr(["@std/assert", "@std/http"]),
};

const outcomes: [
  REGISTRY: string,
  jsr: keyof typeof servers | "slow",
  code: number,
  chosen: string,
  says: string,
][] = [
  ["npm", "none", 0, "npm", ""],
  [
    "",
    "none",
    0,
    "npm",
    "JSR does not answer: @std comes from scripts/npm_only",
  ],
  ["", "partial", 0, "npm", "JSR does not answer"],
  ["", "whole", 0, "jsr", ""],
  ["", "slow", 0, "jsr", "JSR is slow to answer; REGISTRY=npm does without it"],
  ["jsr", "none", 1, "", "JSR does not have jsr:@std/assert@^1.0.0, "],
  ["jsr", "partial", 1, "", "JSR does not have jsr:@std/http@^1.0.0/status, "],
  [
    "yarn",
    "whole",
    2,
    "",
    "REGISTRY must be npm or jsr: current value is 'yarn'",
  ],
];
const printed: Record<string, RegExp> = {
  npm: /^\[\["--import-map",".*scripts.npm_only.import_map.json"\],"npm"\]$/,
  jsr: /^\[\[\],"jsr"\]$/,
  "": /^$/,
};
for (const [REGISTRY, jsr, code, chosen, says] of outcomes) {
  Deno.test(`importMap() with REGISTRY='${REGISTRY}', and JSR '${jsr}': exit code ${code}, '${chosen}', ${says || "no line"}`, async () => {
    const isSlow = jsr === "slow";
    await using served = servers[isSlow ? "whole" : jsr]();
    const env = { REGISTRY, JSR_URL: served.JSR_URL };
    const result = await importMap(env, isSlow);
    assertEquals(result.code, code);
    assertMatch(result.stdout, printed[chosen] ?? /never/);
    assertEquals(result.stderr.slice(0, says.length || Infinity), says);
    assertMatch(result.stderr, /^[^\n]*$/);
  });
}

Deno.test("lock() is a copy that is deleted when the program ends", async () => {
  const { stdout } = await deno([
    "eval",
    `import { lock } from "./scripts/registry.ts";
    console.log(lock("deno.lock"));`,
  ]);
  const [, copy = ""] = /^--lock=(.+)\n$/.exec(stdout) ?? [];
  assertMatch(copy, /\.lock$/);
  await assertRejects(() => Deno.stat(copy));
});
