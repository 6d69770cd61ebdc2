/** Runs the same cases of the installed package on every runtime. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "npm:esbuild@^0.28.2";
import {
  binary,
  npmProject,
  oldestPackages,
  type ReportRow,
  runtimePackages,
} from "../../scripts/install_package.ts";
import { must, type Output, root, sh } from "../../scripts/sh.ts";
import { cases as faultCases } from "../faults/cases.ts";
import { type Played, violations } from "../faults/violations.ts";
import { serveCases } from "../faults/server.ts";
import { runWithLostOutput } from "./streams.ts";
import { serveFaults } from "./server.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

const packages = {
  ...runtimePackages,
  ...oldestPackages,
  "undici-6": "npm:undici@6",
  "undici-8": "npm:undici@8",
  "miniflare": "npm:miniflare@4",
  "playwright-core": "npm:playwright-core@1",
  "axe-core": "npm:axe-core@4",
};

/** The result of a case. */
interface Result {
  name: string;
  failure?: string;
}

/** What is run: the cases, the fault cases with a function, those of `httpFetch`. */
type Kind = "cases" | "fetch" | "httpFetch" | "node_cases";

/** What the name of a row says of it. */
const titles: Record<Kind, string> = {
  cases: "",
  fetch: ", faults, fetch",
  httpFetch: ", faults, httpFetch",
  node_cases: ", httpFetch",
};

interface Runtime {
  name: string;
  kinds: Kind[];
  /** Its version; throws `Skipped` if the runtime is not available. */
  version(): Promise<string>;
  /**
   * Runs something, and prints the results as JSON in the last line.
   *
   * @param input The origin of the server, or a file with the fault cases.
   */
  run(kind: Kind, input: string): Promise<Output>;
}

/** Why a runtime is skipped. */
class Skipped extends Error {}

/** The path of Chromium. */
export async function chromium(): Promise<string> {
  for (const file of ["/usr/bin/chromium", "/usr/bin/google-chrome"]) {
    const found = await Deno.stat(file).then(() => true, () => false);
    if (found) return file;
  }
  throw new Skipped("not installed");
}

/** The version of Chromium. */
export async function chromiumVersion(): Promise<string> {
  const printed = await must(await chromium(), ["--version"]);
  return /\d[\d.]+/.exec(printed)?.[0] ?? "";
}

/** The results in the last line of a runner, or its whole output if it failed. */
function read<T>({ code, stdout, stderr }: Output): T[] | string {
  try {
    const results = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    if (code === 0) return results;
  } catch {
    // reported below
  }
  return `exit code ${code}\n${stdout}${stderr}`;
}

/** Counts the results of a runner. */
function tally(row: ReportRow, output: Output): void {
  const results = read<Result>(output);
  if (typeof results === "string") {
    row.failures.push(results);
    return;
  }
  row.failures = results
    .filter(({ failure }) => failure)
    .map(({ name, failure }) => `${name}\n${failure}`);
  row.passed = results.length - row.failures.length;
}

/** Runs what is a row of its own; what it prints, if anything, are results. */
export async function rowOf(
  name: string,
  run: () => Promise<Output | void>,
): Promise<ReportRow> {
  const row: ReportRow = { name, version: "", passed: 0, failures: [] };
  try {
    const output = await run();
    if (output) tally(row, output);
    else row.passed = 1;
  } catch (error) {
    if (error instanceof Skipped) row.skipped = error.message;
    else row.failures.push(String(error));
  }
  return row;
}

/** Plays every fault case on a runtime, and judges the outcomes. */
async function playFaults(
  row: ReportRow,
  file: string,
  { name, run }: Runtime,
  kind: Kind,
): Promise<void> {
  const server = await serveCases(faultCases);
  const faults = faultCases.map(({ opts }, i) => ({
    baseUrl: server.baseUrl(i),
    opts,
  }));
  await Deno.writeTextFile(file, JSON.stringify(faults));
  const outcomes = read<Played>(await run(kind, file));
  await server.close();
  if (typeof outcomes === "string") {
    row.failures.push(outcomes);
    return;
  }
  for (const [i, fault] of faultCases.entries()) {
    const played = outcomes[i] ?? { result: "nothing", ms: 0 };
    const expected = name === "workerd" && fault.workerd
      ? { result: [fault.workerd] }
      : fault.expected;
    const judged = { ...fault, expected };
    const wrong = violations(judged, played, server.requests[i]);
    if (wrong.length === 0) row.passed++;
    else row.failures.push(`${fault.name}: ${wrong.join(", ")}`);
  }
  row.failures.push(...server.strays.map((line) => `followed: ${line}`));
}

/** Every runtime, with the package in `project` and itself in `tools`. */
function runtimesOf(project: string, tools: string): Runtime[] {
  const installed = `${project}/node_modules/@videorooms/telnyx`;
  const node24 = binary(tools, "node-24");
  const versionOf = async (command: string) =>
    (await must(command, ["--version"])).split(/ \(|\n/)[0] ?? "";

  /** A runtime that runs the process runner in the project. */
  const process = (
    name: string,
    command: string,
    kinds: Kind[] = ["cases", "fetch", "httpFetch", "node_cases"],
  ): Runtime => ({
    name,
    kinds,
    version: () => versionOf(command),
    run: (kind, input) =>
      sh(command, ["run_process.mjs", kind, input], { cwd: project }),
  });

  /** A Deno that runs the process runner, from source and with the package. */
  const deno = (name: string, command: string): Runtime[] => {
    const fromSource = ["--no-check", "--no-lock", path("run_process.mjs")];
    const fromNpm = [
      "--node-modules-dir=manual",
      `--import-map=${path("npm_specifiers.json")}`,
      "--allow-read",
      "run_process.mjs",
    ];
    const runner = (from: string, cwd: string, args: string[]): Runtime => ({
      name: `${name}, ${from}`,
      kinds: ["cases"],
      version: () => versionOf(command),
      run: (kind, input) =>
        sh(command, ["run", "--allow-net", ...args, kind, input], { cwd }),
    });
    return [
      runner("from source", root, fromSource),
      runner("npm:", project, fromNpm),
    ];
  };

  /** Another undici's dispatchers for the `fetch` of a Node. */
  const dispatchers = (name: string, node: string): Runtime => ({
    name: `${name}, other undicis`,
    kinds: ["cases"],
    version: () => versionOf(node),
    run: (_, origin) =>
      sh(node, ["dispatchers.mjs", installed, origin], { cwd: tools }),
  });

  const workerd: Runtime = {
    name: "workerd",
    kinds: ["cases", "fetch"],
    version: async () => {
      const file = `${tools}/node_modules/workerd/package.json`;
      return JSON.parse(await Deno.readTextFile(file)).version;
    },
    run: async (kind, input) => {
      const worker = `${tools}/worker.mjs`;
      await esbuild.build({
        entryPoints: [`${project}/run_worker.mjs`],
        bundle: true,
        format: "esm",
        outfile: worker,
        logLevel: "error",
      });
      const file = kind === "cases" ? `${tools}/cases.json` : input;
      if (kind === "cases") {
        await Deno.writeTextFile(file, JSON.stringify({ origin: input }));
      }
      return sh(node24, ["miniflare.mjs", worker, file], { cwd: tools });
    },
  };

  const browser: Runtime = {
    name: "Chromium",
    kinds: ["cases"],
    version: chromiumVersion,
    run: async (_, origin) => {
      const server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        async ({ url }) => {
          const { pathname } = new URL(url);
          if (pathname === "/favicon.ico") return new Response();
          const type = pathname.endsWith(".html") ? "html" : "javascript";
          return new Response(await Deno.readFile(project + pathname), {
            headers: { "content-type": `text/${type}` },
          });
        },
      );
      const page = `http://127.0.0.1:${server.addr.port}/cases.html`;
      const args = ["chromium.mjs", await chromium(), page, origin];
      const output = await sh(node24, args, { cwd: tools });
      await server.shutdown();
      return output;
    },
  };

  const [node20, newest] = [
    binary(tools, "node-20"),
    binary(tools, "node-newest"),
  ];
  return [
    ...deno("Deno", Deno.execPath()),
    ...deno("Deno, oldest", binary(tools, "deno-oldest")),
    process("Node 20", node20),
    process("Node 22", binary(tools, "node-22")),
    process("Node 24", node24),
    process("Node, newest", newest),
    process("Bun", binary(tools, "bun")),
    // It reads some broken headers otherwise, so the faults are not judged, and
    // has an old node:http; `fetch` is the better choice there
    process("Bun, oldest", binary(tools, "bun-oldest"), ["cases"]),
    dispatchers("Node 20", node20),
    dispatchers("Node 24", node24),
    dispatchers("Node, newest", newest),
    workerd,
    browser,
  ];
}

/**
 * Runs the cases on every runtime.
 *
 * @param project A folder in which the package is installed.
 * @param tools A folder to create for the runtimes.
 */
export async function runRuntimes(
  project: string,
  tools: string,
): Promise<ReportRow[]> {
  await npmProject(
    tools,
    Object.entries(packages).map(([name, spec]) => `${name}@${spec}`),
  );
  for await (const { name } of Deno.readDir(path("."))) {
    if (!/\.(html|m?js)$/.test(name)) continue;
    const isOfPackage = /^(cases|run_)/.test(name);
    await Deno.copyFile(path(name), `${isOfPackage ? project : tools}/${name}`);
  }
  const shared = ["faults/play.js", "support/node_cases.js", "support/tcp.js"];
  for (const file of shared) {
    await Deno.copyFile(path(`../${file}`), `${project}/${basename(file)}`);
  }

  const rows: ReportRow[] = [];
  const server = await serveFaults();
  for (const runtime of runtimesOf(project, tools)) {
    try {
      const version = await runtime.version();
      for (const kind of runtime.kinds) {
        const name = runtime.name + titles[kind];
        const row: ReportRow = { name, version, passed: 0, failures: [] };
        rows.push(row);
        if (kind === "fetch" || kind === "httpFetch") {
          await playFaults(row, `${tools}/faults.json`, runtime, kind);
        } else tally(row, await runtime.run(kind, server.url));
      }
    } catch (error) {
      if (!(error instanceof Skipped)) throw error;
      const { name } = runtime;
      const none = { version: "", passed: 0, failures: [] };
      rows.push({ name, ...none, skipped: error.message });
    }
  }
  const followed = server.elsewhere();
  if (followed > 0) {
    rows[0]?.failures.push(`${followed} redirects were followed`);
  }
  await server.close();
  await esbuild.stop();
  const onDeno = ["run", "-A", "--no-lock", "--node-modules-dir=manual"];
  // Not Bun 1.3, which tells a program nothing of it
  const row = await runWithLostOutput([
    ["Deno", [Deno.execPath(), ...onDeno]],
    ["Deno, oldest", [binary(tools, "deno-oldest"), ...onDeno]],
    ["Node 20", [binary(tools, "node-20")]],
    ["Node, newest", [binary(tools, "node-newest")]],
    ["Bun", [binary(tools, "bun")]],
  ], `${project}/node_modules/@videorooms/telnyx/lib/cli/main.js`);
  return [...rows, row];
}
