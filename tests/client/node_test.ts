import { assertEquals, assertStringIncludes } from "@std/assert";
import https from "node:https";
import { fileURLToPath } from "node:url";
import * as main from "../../mod.ts";
import * as node from "../../lib/client/node.ts";
import { must, sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { makeCertificate } from "../support/certificate.ts";
import { deno } from "../support/child.ts";
import { example, id } from "../support/example.ts";
import { cases } from "../support/node_cases.js";
import { listen } from "../support/tcp.js";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

const all: Record<string, () => Promise<void>> = cases({ main, node });
for (const [name, fn] of Object.entries(all)) {
  // It keeps connections for 4 s
  const keeping = { sanitizeOps: false, sanitizeResources: false };
  Deno.test({ name: `httpFetch() ${name}`, fn, ...keeping });
}

Deno.test("httpFetch() does all this on Node, without a warning, and lets the process end", () =>
  withBundle(async (bundle) => {
    const program = path("../runtimes/run_process.mjs");
    const args = ["--trace-warnings", program, "node_cases", "", bundle];
    const { code, stdout, stderr } = await sh("node", args);
    assertEquals([code, stderr], [0, ""]);
    const results: { failure?: string }[] = JSON.parse(stdout);
    assertEquals(results.filter(({ failure }) => failure), []);
    assertEquals(results.length, Object.keys(all).length + 1);
  }));

Deno.test("httpFetch() checks certificates as Node does: by NODE_EXTRA_CA_CERTS, or by the agent", () =>
  withBundle(async (bundle, dir) => {
    const { ca, cert, key } = await makeCertificate();
    const file = `${dir}/ca.pem`;
    await Deno.writeTextFile(file, ca);
    const server = https.createServer({ cert, key }, (request, response) => {
      request.resume();
      response.writeHead(201).end(JSON.stringify(example));
    });
    const { port, close } = await listen(
      () => {},
      (onSocket) => server.on("connection", onSocket),
    );
    const program = path("../support/create_over_tls.mjs");
    const create = async (args: string[], env = {}) => {
      const url = `https://127.0.0.1:${port}`;
      const all = [program, bundle, url, ...args];
      return JSON.parse(await must("node", all, { env }));
    };
    try {
      assertEquals(await create([]), {
        code: "DEPTH_ZERO_SELF_SIGNED_CERT",
        mayHaveTakenEffect: false,
      });
      assertEquals(await create([], { NODE_EXTRA_CA_CERTS: file }), { id });
      assertEquals(await create([file]), { id });
    } finally {
      await close();
    }
  }));

Deno.test("./node says what it needs where Node's modules are missing", async () => {
  const program = `process.getBuiltinModule = undefined;
    await import("file://${path("../../lib/client/node.ts")}")
      .catch(({ name, message }) => console.log(name, message));`;
  const { stdout } = await deno(["eval", "--no-lock", "--no-check", program]);
  assertStringIncludes(stdout, "TypeError @videorooms/telnyx/node needs");
  assertStringIncludes(stdout, "pass fetch instead");
  const readme = await Deno.readTextFile(path("../../README.md"));
  const [oldest = "the README's Bun"] =
    readme.match(/\| (Bun [\d.]+) or later/)?.slice(1) ?? [];
  assertStringIncludes(stdout, oldest);
});

Deno.test("./node refuses a Deno before 2.8, whose node:http lets a body that breaks off end the process", async () => {
  const node = path("../../lib/client/node.ts");
  const versions = ["2.1.14", "2.7.99", "2.8.0", "2.10.0", "3.0.0"];
  const program = `const outcomes = [];
    for (const deno of ${JSON.stringify(versions)}) {
      Object.defineProperty(Deno, "version", { value: { deno }, configurable: true });
      outcomes.push(await import("file://${node}?" + deno)
        .then(() => "works", ({ message }) => message));
    }
    console.log(JSON.stringify(outcomes));`;
  const { stdout } = await deno(["eval", "--no-lock", "--no-check", program]);
  const [oldest = "", before, ...others] = JSON.parse(stdout);
  assertStringIncludes(oldest, "needs Deno 2.8 or later");
  assertEquals([before, ...others], [oldest, "works", "works", "works"]);
});
