/**
 * `deno task download [--bytes N]`: downloads 2 GB from the fake over loopback, on
 * Deno, Node and Bun: cut 20 times, with a link that expires, and from a host that
 * ignores ranges; each is compared by its hash, and memory has to stay flat. Then
 * the throughput beside the same runtime's bare `fetch`. Ends with the line
 * `N passed, N failed`.
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
  race,
  runScenario,
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

let [passed, failed] = [0, 0];

/** Counts and prints a result. */
function report(name: string, problems: string[], told: string): void {
  if (problems.length > 0) failed++;
  else passed++;
  const verdict = problems.length > 0 ? `FAILED: ${problems.join("; ")}` : "ok";
  console.log(`${name.padEnd(32)} ${told.padEnd(60)} ${verdict}`);
}

const work = await Deno.makeTempDir();
try {
  const tools = `${work}/tools`;
  const packages = Object.entries(runtimePackages)
    .map(([name, specifier]) => `${name}@${specifier}`);
  await npmProject(tools, packages);
  const commands = [
    [Deno.execPath(), "run", "--no-lock", "--allow-all"],
    ["node"],
    [binary(tools, "node-newest")],
    // The `fetch` of Bun has back-pressure from 1.4.0 on: 1.3.14 reads all
    [binary(tools, "bun")],
  ];
  const module = await bundle(work);
  const file = { bytes, hash: await expectedHash(bytes) };
  for (const command of commands) {
    const [program = ""] = command;
    const version = /\d[\d.]*/.exec(await must(program, ["--version"]));
    const name = `${program.split("/").pop()} ${version}`;
    const runtime = { name, command };
    for (const scenario of scenarios) {
      const outcome = await runScenario(runtime, module, scenario, file);
      const { grownMiB, problems } = outcome;
      report(`${name}, ${scenario}`, problems, `${grownMiB.toFixed()} MiB`);
    }
    const { ratio, download, bare, grownMiB } = await race(
      runtime,
      module,
      bytes,
    );
    report(
      `${name}, throughput`,
      ratio < minRatio ? [`less than ${minRatio}`] : [],
      `${ratio.toFixed(2)} of bare fetch: ${download.toFixed()} and ` +
        `${bare.toFixed()} MB/s, ${grownMiB.toFixed()} MiB`,
    );
  }
} finally {
  await Deno.remove(work, { recursive: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
