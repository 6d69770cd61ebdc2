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

/** The functions that the fault cases are played with. */
type FetchName = "fetch" | "httpFetch";

interface Runtime {
  name: string;
  /** Its version; throws `Skipped` if the runtime is not available. */
  version(): Promise<string>;
  /** Runs the cases, and prints the results as JSON in the last line. */
  run(origin: string): Promise<Output>;
  /** Plays the fault cases in the file, likewise, with a function. */
  play?(file: string, fetchFn: FetchName): Promise<Output>;
  /** Runs the cases of `httpFetch`, likewise. */
  runHttpFetch?(): Promise<Output>;
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
  { name, play }: Required<Pick<Runtime, "name" | "play">>,
  version: string,
  file: string,
  fetchFn: FetchName,
): Promise<ReportRow> {
  const row: ReportRow = {
    name: `${name}, faults, ${fetchFn}`,
    version,
    passed: 0,
    failures: [],
  };
  const server = await serveCases(faultCases);
  const faults = faultCases.map(({ opts }, i) => ({
    baseUrl: server.baseUrl(i),
    opts,
  }));
  await Deno.writeTextFile(file, JSON.stringify(faults));
  const outcomes = read<Played>(await play(file, fetchFn));
  await server.close();
  if (typeof outcomes === "string") {
    row.failures.push(outcomes);
    return row;
  }
  for (const [i, fault] of faultCases.entries()) {
    const played = outcomes[i] ?? { result: "nothing", ms: 0 };
    const expected = name === "workerd" && fault.workerd
      ? { result: [fault.workerd] }
      : fault.expected;
    const wrong = violations(
      { ...fault, expected },
      played,
      server.requests[i],
    );
    if (wrong.length === 0) row.passed++;
    else row.failures.push(`${fault.name}: ${wrong.join(", ")}`);
  }
  row.failures.push(...server.strays.map((line) => `followed: ${line}`));
  return row;
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
  const installed = `${project}/node_modules/@videorooms/telnyx`;

  /** A runtime that runs the process runner in the project. */
  function process(name: string, command: () => string): Runtime {
    return {
      name,
      version: async () =>
        (await must(command(), ["--version"])).split("\n")[0] ?? "",
      run: (origin) =>
        sh(command(), ["run_process.mjs", origin], { cwd: project }),
      play: (file, fetchFn) =>
        sh(command(), ["run_faults.mjs", file, fetchFn], { cwd: project }),
      runHttpFetch: () =>
        sh(command(), ["run_http_fetch.mjs"], { cwd: project }),
    };
  }

  /** A Deno that runs the process runner. */
  function deno(
    name: string,
    command: () => string,
    from: "source" | "npm",
  ): Runtime {
    const options = from === "source"
      ? ["--no-check", "--no-lock", path("run_process.mjs")]
      : [
        "--node-modules-dir=manual",
        `--import-map=${path("npm_specifiers.json")}`,
        "--allow-read",
        "run_process.mjs",
      ];
    return {
      name: `${name}, ${from === "source" ? "from source" : "npm:"}`,
      version: async () =>
        (await must(command(), ["--version"])).split(/ \(|\n/)[0] ?? "",
      run: (origin) =>
        sh(
          command(),
          ["run", "--allow-net", ...options, origin],
          { cwd: from === "source" ? root : project },
        ),
    };
  }

  /** Another undici's dispatchers for the `fetch` of a Node. */
  function dispatchers(name: string, node: () => string): Runtime {
    return {
      name: `${name}, other undicis`,
      version: async () => (await must(node(), ["--version"])).trim(),
      run: (origin) =>
        sh(node(), ["dispatchers.mjs", installed, origin], { cwd: tools }),
    };
  }

  // It reads some broken headers otherwise, so the faults are not judged
  const { play: _, ...oldestBun } = process(
    "Bun, oldest",
    () => binary(tools, "bun-oldest"),
  );
  const worker = `${tools}/worker.mjs`;
  const runtimes: Runtime[] = [
    deno("Deno", () => Deno.execPath(), "source"),
    deno("Deno", () => Deno.execPath(), "npm"),
    deno("Deno, oldest", () => binary(tools, "deno-oldest"), "source"),
    deno("Deno, oldest", () => binary(tools, "deno-oldest"), "npm"),
    process("Node 20", () => binary(tools, "node-20")),
    process("Node 22", () => binary(tools, "node-22")),
    process("Node 24", () => binary(tools, "node-24")),
    process("Node, newest", () => binary(tools, "node-newest")),
    process("Bun", () => binary(tools, "bun")),
    oldestBun,
    dispatchers("Node 20", () => binary(tools, "node-20")),
    dispatchers("Node 24", () => binary(tools, "node-24")),
    dispatchers("Node, newest", () => binary(tools, "node-newest")),
    {
      name: "workerd",
      version: async () => {
        const file = `${tools}/node_modules/workerd/package.json`;
        return JSON.parse(await Deno.readTextFile(file)).version;
      },
      run: async (origin) => {
        await esbuild.build({
          entryPoints: [`${project}/run_worker.mjs`],
          bundle: true,
          format: "esm",
          outfile: worker,
          logLevel: "error",
        });
        const cases = `${tools}/cases.json`;
        await Deno.writeTextFile(cases, JSON.stringify({ origin }));
        return sh(binary(tools, "node-24"), ["miniflare.mjs", worker, cases], {
          cwd: tools,
        });
      },
      play: (file) =>
        sh(binary(tools, "node-24"), ["miniflare.mjs", worker, file], {
          cwd: tools,
        }),
    },
    {
      name: "Chromium",
      version: chromiumVersion,
      run: async (origin) =>
        sh(binary(tools, "node-24"), [
          "chromium.mjs",
          await chromium(),
          installed,
          `${project}/cases.js`,
          origin,
        ], { cwd: tools }),
    },
  ];

  await npmProject(
    tools,
    Object.entries(packages).map(([name, spec]) => `${name}@${spec}`),
  );
  for (const file of await Array.fromAsync(Deno.readDir(path(".")))) {
    if (!/^(cases|run_)/.test(file.name)) continue;
    await Deno.copyFile(path(file.name), `${project}/${file.name}`);
  }
  for (const file of ["../faults/play.js", "../client/node_cases.js"]) {
    await Deno.copyFile(path(file), `${project}/${basename(file)}`);
  }
  const faults = `${tools}/faults.json`;
  const tooled = [
    "miniflare.mjs",
    "chromium.mjs",
    "launch.mjs",
    "dispatchers.mjs",
  ];
  for (const file of tooled) {
    await Deno.copyFile(path(file), `${tools}/${file}`);
  }

  const rows: ReportRow[] = [];
  const server = await serveFaults();
  for (const { name, version, run, play, runHttpFetch } of runtimes) {
    const row: ReportRow = { name, version: "", passed: 0, failures: [] };
    rows.push(row);
    try {
      row.version = await version();
      tally(row, await run(server.url));
      const add = async (fetchFn: FetchName) => {
        if (!play) return;
        const player = { name, play };
        rows.push(await playFaults(player, row.version, faults, fetchFn));
      };
      await add("fetch");
      // An old Bun has an old node:http; `fetch` is the better choice there
      if (!runHttpFetch || name === "Bun, oldest") continue;
      await add("httpFetch");
      const httpFetch: ReportRow = {
        name: `${name}, httpFetch`,
        version: row.version,
        passed: 0,
        failures: [],
      };
      rows.push(httpFetch);
      tally(httpFetch, await runHttpFetch());
    } catch (error) {
      if (!(error instanceof Skipped)) throw error;
      row.skipped = error.message;
    }
  }
  const followed = server.elsewhere();
  if (followed > 0) {
    rows[0]?.failures.push(`${followed} redirects were followed`);
  }
  await server.close();
  await esbuild.stop();
  const onDeno = [
    "run",
    "--allow-all",
    "--no-lock",
    "--node-modules-dir=manual",
  ];
  // Not Bun 1.3, which tells a program nothing of it
  const row = await runWithLostOutput([
    ["Deno", [Deno.execPath(), ...onDeno]],
    ["Deno, oldest", [binary(tools, "deno-oldest"), ...onDeno]],
    ["Node 20", [binary(tools, "node-20")]],
    ["Node, newest", [binary(tools, "node-newest")]],
    ["Bun", [binary(tools, "bun")]],
  ], `${installed}/lib/cli/main.js`);
  return [...rows, row];
}
