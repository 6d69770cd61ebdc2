/**
 * `deno task download [--bytes N]`: downloads 2 GB from the fake over loopback, on
 * Deno, Node and Bun: cut 20 times, with a link that expires, and from a host that
 * ignores ranges; each is compared by its hash, and memory has to stay flat. Then
 * the throughput beside the same runtime's bare `fetch`, and `curl`. Ends with the
 * line `N passed, N failed`.
 */
import { parseArgs } from "node:util";
import {
  binary,
  npmProject,
  runtimePackages,
} from "../../scripts/install_package.ts";
import { must } from "../../scripts/sh.ts";
import {
  bundle,
  expectedHash,
  problems,
  race,
  runScenario,
  type Runtime,
  scenarios,
} from "./scenarios.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { bytes: { type: "string", default: "2000000000" } },
});
const bytes = Number(values.bytes);
if (!Number.isSafeInteger(bytes) || bytes < 1_000_000) {
  console.error("download: --bytes must be an integer from 1000000");
  Deno.exit(2);
}

/** How fast a download has to be, compared with bare `fetch`. */
const minRatio = 0.9;

const work = await Deno.makeTempDir();
const tools = `${work}/tools`;
let [passed, failed] = [0, 0];

/** Counts and prints a result. */
function report(name: string, wrong: string[], told: string): void {
  if (wrong.length > 0) failed++;
  else passed++;
  const verdict = wrong.length > 0 ? `FAILED: ${wrong.join("; ")}` : "ok";
  console.log(`${name.padEnd(32)} ${told.padEnd(60)} ${verdict}`);
}

try {
  await npmProject(
    tools,
    Object.entries(runtimePackages)
      .map(([name, specifier]) => `${name}@${specifier}`),
  );
  const node = binary(tools, "node-newest");
  const bun = binary(tools, "bun");
  const version = async (command: string) =>
    (await must(command, ["--version"])).trim().replace(/^v/, "");
  const runtimes: Runtime[] = [
    {
      name: `Deno ${Deno.version.deno}`,
      command: [Deno.execPath(), "run", "--no-lock", "--allow-all"],
    },
    { name: `Node ${await version("node")}`, command: ["node"] },
    { name: `Node ${await version(node)}`, command: [node] },
    // The `fetch` of Bun has back-pressure from 1.4.0 on: 1.3.14 reads all
    { name: `Bun ${await version(bun)}`, command: [bun] },
  ];
  const module = await bundle(work);
  const file = { bytes, hash: await expectedHash(bytes) };
  for (const runtime of runtimes) {
    for (const scenario of scenarios) {
      const outcome = await runScenario(runtime, module, scenario, file);
      report(
        `${runtime.name}, ${scenario}`,
        problems(outcome, scenario, bytes),
        `${outcome.received} bytes, ${outcome.statuses.length} requests, ` +
          `${outcome.grownMiB.toFixed()} MiB`,
      );
    }
    const { download, bare, ratio, curl, grownMiB } = await race(
      runtime,
      module,
      bytes,
    );
    report(
      `${runtime.name}, throughput`,
      ratio < minRatio ? [`less than ${minRatio}`] : [],
      `${ratio.toFixed(2)} of bare fetch: ${download.toFixed()} and ` +
        `${bare.toFixed()} MB/s, curl ${curl.toFixed()}, ` +
        `${grownMiB.toFixed()} MiB`,
    );
  }
} finally {
  await Deno.remove(work, { recursive: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
