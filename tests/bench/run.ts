/**
 * `deno task bench [--quick]`: compares this module with bare `fetch`, the
 * provider's SDK and other clients, on Deno, Node and Bun. Prints tables, marks
 * targets that are not met, and writes `docs/benchmarks.md`. With `--quick` it
 * runs fewer rounds, compares only with `fetch`, and writes nothing.
 */
import { cpus, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "npm:esbuild@^0.28.2";
import {
  type Measured,
  type Part,
  type Reading,
  tables,
  toMarkdown,
  toText,
  verdicts,
} from "./report.ts";
import { serveRooms } from "./server.ts";
import {
  binary,
  npmProject,
  pack,
  runtimePackages,
} from "../../scripts/install_package.ts";
import { deno } from "../../scripts/registry.ts";
import { must, root } from "../../scripts/sh.ts";

const { values: { quick } } = parseArgs({
  args: Deno.args,
  options: { quick: { type: "boolean", default: false } },
});

/** Packages to compare with; `mitata` measures. */
const helpers = { "zod": "4.6.7", "valibot": "1.5.0", "p-map": "7.1.1" };
const others = {
  "telnyx": "7.24.0",
  "ky": "2.1.0",
  "ofetch": "1.5.1",
  "openapi-fetch": "0.17.0",
};
const peers = quick ? helpers : { ...others, ...helpers };
const clients = [
  "getRoom",
  "fetch",
  ...quick ? [] : Object.keys(others),
  "hand",
  "core",
];
const rounds = quick ? 3 : 11;
const sizes = quick ? [1000, 10_000] : [1000, 10_000, 100_000];

/** Milliseconds that one part may take on one runtime. */
const patienceMs = 600_000;

const work = await Deno.makeTempDir();
const project = `${work}/project`;
const tools = `${work}/tools`;
const { "node-24": _, ...runtimes } = runtimePackages;

const versions: string[] = [];

/** The command that runs a file on each runtime. */
const commands: [string, string[]][] = [
  ["Deno", [
    Deno.execPath(),
    "run",
    "--no-lock",
    "--node-modules-dir=manual",
    "--allow-all",
  ]],
  ["Node", [binary(tools, "node-20")]],
  ["Node", [binary(tools, "node-newest")]],
  ["Bun", [binary(tools, "bun")]],
];

async function prepare(): Promise<void> {
  console.error("Installing runtimes and peers");
  await npmProject(project, [
    await pack(work),
    "mitata@1.0.34",
    ...Object.entries(peers).map(([name, version]) => `${name}@${version}`),
  ]);
  await npmProject(
    tools,
    Object.entries(runtimes).map(([name, spec]) => `${name}@${spec}`),
  );
  const from = fileURLToPath(new URL("./", import.meta.url));
  await Deno.mkdir(`${project}/clients`);
  for (const dir of ["", "clients/"]) {
    for await (const { name } of Deno.readDir(`${from}${dir}`)) {
      if (!name.endsWith(".mjs")) continue;
      await Deno.copyFile(`${from}${dir}${name}`, `${project}/${dir}${name}`);
    }
  }
  // The package does not export the decoder
  await esbuild.build({
    entryPoints: [`${root}lib/core/rooms.ts`],
    bundle: true,
    format: "esm",
    outfile: `${project}/room.mjs`,
    logLevel: "error",
  });
  await esbuild.stop();
}

/** Runs a program of the benchmark, and measures its process. */
async function run(
  [command = "", ...args]: string[],
  ...more: string[]
): Promise<{ stdout: string; ms: number }> {
  const began = performance.now();
  const stdout = await must(command, [...args, ...more], {
    cwd: project,
    signal: AbortSignal.timeout(patienceMs),
  });
  return { stdout, ms: performance.now() - began };
}

async function measure(
  command: string[],
  origin: string,
  name: string,
): Promise<Measured> {
  const [version] = (await must(command[0] ?? "", ["--version"])).split("\n");
  const [number = "", major = ""] = /(\d+)[\d.]+/.exec(version ?? "") ?? [];
  versions.push(`${name} ${number}`);
  const runtime = `${name} ${major}`;
  const part = async <T>(kind: string, more: object = {}): Promise<T> => {
    console.error(`${runtime}: ${kind}`);
    const input = JSON.stringify({ origin, clients, rounds, sizes, ...more });
    const { stdout } = await run(command, "measure.mjs", kind, input);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  };

  const memory: Measured["memory"] = {};
  for (const size of sizes.slice(1)) {
    memory[size] = {};
    for (const client of clients.slice(0, 3)) {
      memory[size][client] = await part("memory", {
        clients: [client],
        sizes: [size],
      });
    }
  }

  console.error(`${runtime}: cold start`);
  const cold: Record<string, Reading> = {};
  for (let round = -1; round < rounds; round++) {
    for (const program of ["empty", ...clients]) {
      const args = program === "empty"
        ? ["empty.mjs"]
        : ["cold.mjs", program, `${origin}/2`];
      // A client that does not run here is absent
      const result = await run(command, ...args).catch(() => undefined);
      if (result && round >= 0) {
        (cold[program] ??= { values: [] }).values.push(result.ms);
      }
    }
  }

  return {
    runtime,
    overhead: await part<Part>("overhead"),
    loopback: await part<Part>("loopback"),
    many: await part<Part>("many"),
    big: await part<Part>("big"),
    decode: await part<Part>("decode"),
    memory,
    cold,
  };
}

const all: Measured[] = [];
const server = serveRooms();
try {
  await prepare();
  for (const [name, command] of commands) {
    all.push(await measure(command, server.origin, name));
  }
} finally {
  await server.close();
  await Deno.remove(work, { recursive: true });
}

const [processor] = cpus();
const about = [
  `${cpus().length} × ${processor?.model ?? "unknown"}, ` +
  `${Math.round(totalmem() / 2 ** 30)} GiB, ${Deno.build.os} ${release()}`,
  versions.join(", "),
  Object.entries(peers).map((peer) => peer.join(" ")).join(", "),
];
const { table, judged, missed } = verdicts(all);
const figures = tables(all);
console.log(about.join("\n"));
for (const one of [...figures, table]) console.log(`\n${toText(one)}`);

if (!quick) {
  const template = new URL("./page.md", import.meta.url);
  const page = (await Deno.readTextFile(template))
    .replace("{{about}}", about.map((line) => `- ${line}`).join("\n"))
    .replace("{{targets}}", toMarkdown(table))
    .replace("{{tables}}", figures.map(toMarkdown).join("\n\n"));
  await Deno.writeTextFile(`${root}docs/benchmarks.md`, page);
  await deno(["fmt", "--quiet", "docs/benchmarks.md"]);
  console.log("\ndocs/benchmarks.md is written");
}
console.log(`\n${judged - missed} of ${judged} targets are met`);
