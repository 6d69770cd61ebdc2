/**
 * `deno task bench [--quick] [--write]`: compares this module with other clients
 * on Deno, Node and Bun, and prints tables and the targets' verdicts. With
 * `--write` it writes `docs/benchmarks.md`, its chart and its readings. With
 * `--quick` it takes few readings of few clients.
 */
import { cpus, loadavg } from "node:os";
import {
  checking,
  type Measured,
  parts,
  type Readings,
  type Results,
  toChart,
  unchecked,
} from "./report.ts";
import { toPage } from "../support/page.ts";
import { ids, respond } from "./server.ts";
import {
  binary,
  npmProject,
  pack,
  runtimePackages,
} from "../../scripts/install_package.ts";
import { must, root } from "../../scripts/sh.ts";

const quick = Deno.args.includes("--quick");
const write = Deno.args.includes("--write");
if (quick && write) {
  console.error("--write needs more readings than --quick takes");
  Deno.exit(2);
}
const peers = ["ofetch@1.5.1", "valibot@1.5.0"];
if (!quick) {
  peers.push("zod@4.6.7", "ky@2.1.0", "openapi-fetch@0.17.0", "telnyx@7.24.0");
}
const names = ["getRoom", "httpFetch", ...checking, ...unchecked]
  .filter((name) => !quick || !/zod|ky|openapi|telnyx/.test(name));
const [rounds, roundMs, calls, warmUpCalls] = quick
  ? [2, 10, 2000, 200]
  : [11, 40, 100_000, 5000];

const here = `${root}tests/bench`;
const work = await Deno.makeTempDir();
const project = `${work}/project`;
const tools = `${work}/tools`;

/** The command that runs a program on each runtime. */
const denoRun = "run --no-lock --node-modules-dir=manual -A".split(" ");
const commands: [runtime: string, command: string, ...args: string[]][] = [
  ["Deno", Deno.execPath(), ...denoRun],
  ["Node", binary(tools, "node-20")],
  ["Node", binary(tools, "node-newest")],
  ["Bun", binary(tools, "bun")],
];

async function install(): Promise<void> {
  console.error("Installing runtimes and clients");
  await npmProject(project, [await pack(work), "tinybench@6.2.5", ...peers]);
  const { "node-22": _, "node-24": __, ...runtimes } = runtimePackages;
  await npmProject(tools, runtimes);
  for await (const { name } of Deno.readDir(here)) {
    if (!name.endsWith(".mjs")) continue;
    await Deno.copyFile(`${here}/${name}`, `${project}/${name}`);
  }
}

async function measure(
  runtime: string,
  origin: string,
  [command, ...args]: [string, ...string[]],
): Promise<Measured> {
  console.error(`Measuring ${runtime}`);
  const own = names.filter((name) =>
    name !== "httpFetch" || runtime.startsWith("Node")
  );
  /** Measures clients in a process; it prints JSON in its last line. */
  async function run<T>(what: string, ...clients: string[]): Promise<T> {
    const how = { rounds, roundMs, warmUpCalls, calls };
    const input = { origin, ids, names: clients, ...how };
    const all = [...args, "measure.mjs", what, JSON.stringify(input)];
    const signal = AbortSignal.timeout(900_000);
    const stdout = await must(command, all, { cwd: project, signal });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  }
  const measured = await run<Measured>("calls", ...own);

  const cold: Readings = Object.fromEntries(own.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of own) cold[name]?.push(await run("cold", name));
  }

  const memory: Readings = {};
  const left = own.filter((name) => name !== "httpFetch"); // it needs sockets
  await Promise.all([1, 2].map(async () => {
    for (let name = left.pop(); name; name = left.pop()) {
      memory[name] = [await run("memory", name)];
    }
  }));
  return { ...measured, cold, memory };
}

async function writeDocs(measured: Results): Promise<void> {
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value;
  const json = JSON.stringify(measured, rounded).replaceAll("},", "},\n");
  const results: Results = JSON.parse(json); // what the reader has
  const template = await Deno.readTextFile(`${here}/page.md`);
  const md = toPage(template, parts(results));
  const files = { json, md, svg: toChart(results) };
  for (const [end, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${root}docs/benchmarks.${end}`, text);
  }
}

const about = [
  `${cpus().length} × ${cpus()[0]?.model}, ${Deno.build.os}`,
  `a load of ${loadavg()[0]?.toFixed(1)} before`,
];
const results: Results = { about: "", runtimes: {} };
try {
  await install();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    respond,
  );
  for (const [name, ...command] of commands) {
    const version = await must(command[0], ["--version"]);
    const [number, major] = /(\d+)[\d.]+/.exec(version) ?? [];
    about.push(`${name} ${number}`);
    const origin = `http://127.0.0.1:${server.addr.port}`;
    const runtime = `${name} ${major}`;
    results.runtimes[runtime] = await measure(runtime, origin, command);
  }
} finally {
  await Deno.remove(work, { recursive: true });
}
results.about = [...about, ...peers].join(", ");
const text = Object.values(parts(results)).join("\n\n");
console.log(text.replaceAll("<br>", " · "));
if (write) await writeDocs(results);
