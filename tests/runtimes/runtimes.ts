/** The same cases, of the installed package, on every runtime. */
import { fileURLToPath } from "node:url";
import * as esbuild from "npm:esbuild@^0.28.2";
import {
  must,
  npmProject,
  type Output,
  type Row,
  sh,
} from "../../scripts/install_package.ts";
import { cases as faultCases } from "../faults/cases.ts";
import { complaints, type Played } from "../faults/complaints.ts";
import { serveCases } from "../faults/server.ts";
import { serveFaults } from "./server.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

const { os, arch } = Deno.build;
const [nodeArch, bunArch] = arch === "aarch64"
  ? ["arm64", "aarch64"]
  : ["x64", "x64"];
const node = `node-${os}-${nodeArch}`;
const bun = `@oven/bun-${os}-${bunArch}`;

/** The runtimes, as packages of the npm registry that hold the binary itself. */
const packages = {
  "node-20": `npm:${node}@20`,
  "node-24": `npm:${node}@24`,
  "node-newest": `npm:${node}@latest`,
  "bun": `npm:${bun}@1`,
  "miniflare": "npm:miniflare@4",
  "playwright-core": "npm:playwright-core@1",
};

interface Result {
  name: string;
  failure?: string;
}

interface Runtime {
  name: string;
  /** Tells its version; throws where the runtime is not to be had. */
  version(): Promise<string>;
  /** Runs the cases, and prints their results as JSON in its last line. */
  run(origin: string): Promise<Output>;
  /** Plays the fault cases in the file, likewise; absent where it can't. */
  play?(origin: string, file: string): Promise<Output>;
}

/** Why a runtime is left out. */
class Skipped extends Error {}

async function chromium(): Promise<string> {
  for (const file of ["/usr/bin/chromium", "/usr/bin/google-chrome"]) {
    const found = await Deno.stat(file).then(() => true, () => false);
    if (found) return file;
  }
  throw new Skipped("not installed");
}

function read({ code, stdout, stderr }: Output): Result[] {
  try {
    const results = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    if (code === 0) return results;
  } catch {
    // said below
  }
  const failure = `exit code ${code}\n${stdout}${stderr}`;
  return [{ name: "the run as a whole", failure }];
}

/** Plays every fault case on a runtime, and judges what it tells. */
async function playFaults(
  name: string,
  version: string,
  play: (origin: string) => Promise<Output>,
): Promise<Row> {
  const server = await serveCases(faultCases);
  const { code, stdout, stderr } = await play(server.origin);
  await server.close();
  const row: Row = {
    name: `${name}, faults`,
    version,
    passed: 0,
    failures: [],
  };
  let outcomes: Played[];
  try {
    outcomes = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    if (code !== 0) throw new Error(`exit code ${code}`);
  } catch {
    row.failures.push(`exit code ${code}\n${stdout}${stderr}`);
    return row;
  }
  for (const [i, fault] of faultCases.entries()) {
    const played = outcomes[i] ?? { result: "nothing", ms: 0 };
    const told = name === "workerd" && fault.workerd
      ? { ...fault, expected: { result: [fault.workerd] } }
      : fault;
    const wrong = complaints(told, played, server.requests[i]);
    if (wrong.length === 0) row.passed++;
    else row.failures.push(`${fault.name}: ${wrong.join(", ")}`);
  }
  row.failures.push(...server.strays.map((line) => `followed: ${line}`));
  return row;
}

/**
 * Runs the cases everywhere.
 *
 * @param project A folder in which the package is installed.
 * @param tools A folder to make, for the runtimes.
 */
export async function runRuntimes(
  project: string,
  tools: string,
): Promise<Row[]> {
  const installed = `${project}/node_modules/@videorooms/telnyx`;
  const binary = (name: string) => `${tools}/node_modules/${name}/bin/node`;

  /** A runtime that runs the process runner in the project. */
  function process(
    name: string,
    command: () => string,
    args: string[] = [],
  ): Runtime {
    return {
      name,
      version: async () =>
        (await must(command(), ["--version"])).split("\n")[0] ?? "",
      run: (origin) =>
        sh(command(), [...args, "run_process.mjs", origin], { cwd: project }),
      play: (origin, file) =>
        sh(command(), [...args, "run_faults.mjs", file, origin], {
          cwd: project,
        }),
    };
  }

  const denoVersion = () => Promise.resolve(`deno ${Deno.version.deno}`);

  const worker = `${tools}/worker.mjs`;
  const runtimes: Runtime[] = [
    {
      name: "Deno, from source",
      version: denoVersion,
      run: (origin) =>
        sh(Deno.execPath(), [
          "run",
          "--no-check",
          "--no-lock",
          "--allow-net",
          path("run_process.mjs"),
          origin,
        ]),
    },
    {
      name: "Deno, npm:",
      version: denoVersion,
      run: (origin) =>
        sh(Deno.execPath(), [
          "run",
          "--node-modules-dir=manual",
          `--import-map=${path("npm_specifiers.json")}`,
          "--allow-net",
          "--allow-read",
          "run_process.mjs",
          origin,
        ], { cwd: project }),
    },
    process("Node 20", () => binary("node-20")),
    process("Node 24", () => binary("node-24")),
    process("Node, newest", () => binary("node-newest")),
    process("Bun", () => `${tools}/node_modules/bun/bin/bun`),
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
        return sh(binary("node-24"), ["miniflare.mjs", worker, origin], {
          cwd: tools,
        });
      },
      play: (origin, file) =>
        sh(binary("node-24"), ["miniflare.mjs", worker, origin, file], {
          cwd: tools,
        }),
    },
    {
      name: "Chromium",
      version: async () =>
        /\d[\d.]+/.exec(await must(await chromium(), ["--version"]))?.[0] ?? "",
      run: async (origin) =>
        sh(binary("node-24"), [
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
  await Deno.copyFile(path("../faults/play.js"), `${project}/play.js`);
  const faults = `${tools}/faults.json`;
  await Deno.writeTextFile(
    faults,
    JSON.stringify(
      faultCases.map(({ act, opts }, i) =>
        act ? { number: i, opts } : { opts }
      ),
    ),
  );
  for (const file of ["miniflare.mjs", "chromium.mjs"]) {
    await Deno.copyFile(path(file), `${tools}/${file}`);
  }

  const rows: Row[] = [];
  const server = await serveFaults();
  for (const { name, version, run, play } of runtimes) {
    const row: Row = { name, version: "", passed: 0, failures: [] };
    rows.push(row);
    try {
      row.version = await version();
      const results = read(await run(server.baseUrl));
      row.failures = results
        .filter(({ failure }) => failure)
        .map(({ name, failure }) => `${name}\n${failure}`);
      row.passed = results.length - row.failures.length;
      if (play) {
        rows.push(
          await playFaults(name, row.version, (origin) => play(origin, faults)),
        );
      }
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
  return rows;
}
