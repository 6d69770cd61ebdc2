/** Runs the same cases of the installed package on every runtime. */
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
import { withExample } from "../examples/servers.ts";
import { cases as faultCases } from "../faults/cases.ts";
import { serveCases } from "../faults/server.ts";
import { read, type Result, rowOf, Skipped } from "../report_rows.ts";
import { runWithLostOutput } from "./streams.ts";
import { serveFaults } from "./server.ts";

const packages = {
  ...runtimePackages,
  ...oldestPackages,
  "undici-6": "npm:undici@6",
  "undici-8": "npm:undici@8",
  "miniflare": "npm:miniflare@4",
  "playwright-core": "npm:playwright-core@1",
  "axe-core": "npm:axe-core@4",
};
const runner = "tests/runtimes/run_process.mjs";

/** What is run, and what the name of a row says of it. */
const titles = {
  cases: "",
  fetch: ", faults, fetch",
  httpFetch: ", faults, httpFetch",
  node_cases: ", httpFetch",
};
type Kind = keyof typeof titles;

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

/** Plays every fault case on a runtime, and judges the outcomes. */
async function playFaults(
  { name, run }: Runtime,
  kind: Kind,
  file: string,
): Promise<Result[]> {
  const server = await serveCases(
    faultCases.map(({ workerd, ...fault }) =>
      name === "workerd" && workerd
        ? { ...fault, expected: { result: [workerd] } }
        : fault
    ),
  );
  try {
    await Deno.writeTextFile(file, JSON.stringify(server.faults));
    const wrong = server.judge(read(await run(kind, file)));
    return [
      ...faultCases.map(({ name }, i) => ({
        name,
        failure: wrong[i]?.join(", ") ?? "",
      })),
      { name: "no redirect is followed", failure: server.strays.join(", ") },
    ];
  } finally {
    await server.close();
  }
}

/** Every runtime, with the package in `project` and itself in `tools`. */
function runtimesOf(project: string, tools: string): Runtime[] {
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
    run: (kind, input) => sh(command, [runner, kind, input], { cwd: project }),
  });

  /** A Deno that runs the process runner, from source and with the package. */
  const deno = (name: string, command: string): Runtime[] => {
    const map = fileURLToPath(new URL("npm_specifiers.json", import.meta.url));
    const fromNpm = ["--node-modules-dir=manual", `--import-map=${map}`];
    const ways: [from: string, cwd: string, options: string[]][] = [
      ["from source", root, ["--no-check", "--no-lock"]],
      ["npm:", project, [...fromNpm, "--allow-read"]],
    ];
    return ways.map(([from, cwd, options]) => ({
      ...process(`${name}, ${from}`, command, ["cases"]),
      run: (...input) =>
        sh(command, ["run", "--allow-net", ...options, runner, ...input], {
          cwd,
        }),
    }));
  };

  /** Another undici's dispatchers for the `fetch` of a Node. */
  const dispatchers = (name: string, node: string): Runtime => ({
    ...process(`${name}, other undicis`, node, ["cases"]),
    run: (_, origin) => {
      const installed = `${project}/node_modules/@videorooms/telnyx`;
      return sh(node, ["dispatchers.mjs", installed, origin], { cwd: tools });
    },
  });

  const node24 = binary(tools, "node-24");
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
        entryPoints: [`${project}/tests/runtimes/run_worker.mjs`],
        bundle: true,
        format: "esm",
        outfile: worker,
        logLevel: "error",
      });
      const body = kind === "cases"
        ? JSON.stringify({ origin: input })
        : await Deno.readTextFile(input);
      const config = JSON.stringify({ compatibility_date: "2025-09-01" });
      const args = ["serve_worker.mjs", worker, config];
      const program = { command: node24, args, cwd: tools };
      const stdout = await withExample(program, async ({ origin }) => {
        return await (await fetch(origin, { method: "POST", body })).text();
      });
      return { code: 0, stdout, stderr: "" };
    },
  };

  async function serveFile({ url }: Request): Promise<Response> {
    const { pathname } = new URL(url);
    if (pathname === "/favicon.ico") return new Response();
    const type = pathname.endsWith(".html") ? "html" : "javascript";
    return new Response(await Deno.readFile(project + pathname), {
      headers: { "content-type": `text/${type}` },
    });
  }
  const browser: Runtime = {
    name: "Chromium",
    kinds: ["cases"],
    version: chromiumVersion,
    run: async (_, origin) => {
      await using server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        serveFile,
      );
      const { port } = server.addr;
      const page = `http://127.0.0.1:${port}/tests/runtimes/cases.html`;
      const args = ["chromium.mjs", await chromium(), page, origin];
      return await sh(node24, args, { cwd: tools });
    },
  };

  const node20 = binary(tools, "node-20");
  const newest = binary(tools, "node-newest");
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
  await npmProject(tools, packages);
  // There they find the package, or other software
  const folders = ["runtimes", "faults", "support"];
  await must("mkdir", [`${project}/tests`]);
  for (const folder of folders) {
    await must("cp", ["-r", `tests/${folder}`, `${project}/tests`]);
  }
  const own = ["chromium.mjs", "dispatchers.mjs", "launch.mjs"]
    .map((file) => `tests/runtimes/${file}`);
  const shared = ["examples/serve_worker.mjs", "support/results.js"]
    .map((file) => `tests/${file}`);
  await must("cp", [...own, ...shared, tools]);

  const rows: ReportRow[] = [];
  const server = await serveFaults();
  for (const runtime of runtimesOf(project, tools)) {
    for (const kind of runtime.kinds) {
      const run = () =>
        /etch/.test(kind)
          ? playFaults(runtime, kind, `${tools}/faults.json`)
          : runtime.run(kind, server.url);
      const name = runtime.name + titles[kind];
      rows.push(await rowOf(name, run, runtime.version));
    }
  }
  const followed = server.elsewhere();
  if (followed > 0) {
    rows[0]?.failures.push(`${followed} redirects were followed`);
  }
  await server.close();
  await esbuild.stop();

  const onDeno = ["run", "-A", "--no-lock", "--node-modules-dir=manual"];
  const command = `${project}/node_modules/@videorooms/telnyx/lib/cli/main.js`;
  const lost = await rowOf("the command, lost output", async () => {
    if (Deno.build.os !== "linux") throw new Skipped("no /dev/full");
    // Not Bun 1.3, which tells a program nothing of it
    return await runWithLostOutput({
      "Deno": [Deno.execPath(), ...onDeno, command],
      "Deno, oldest": [binary(tools, "deno-oldest"), ...onDeno, command],
      "Node 20": [binary(tools, "node-20"), command],
      "Node, newest": [binary(tools, "node-newest"), command],
      "Bun": [binary(tools, "bun"), command],
    });
  });
  return [...rows, lost];
}
