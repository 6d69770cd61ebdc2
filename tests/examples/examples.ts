/** Runs the examples that need another runtime or a package. */
import assert from "node:assert/strict";
import * as esbuild from "npm:esbuild@^0.28.2";
import { parse } from "npm:yaml@^2.9.1";
import { exampleRooms } from "../support/example_rooms.ts";
import { pactRange } from "../../lib/cli/verify.ts";
import {
  binary,
  npmProject,
  type ReportRow,
} from "../../scripts/install_package.ts";
import { must, root, sh } from "../../scripts/sh.ts";
import { rowOf } from "../report_rows.ts";
import { chromium } from "../runtimes/runtimes.ts";
import { onNext, onWorkerd, sendOddRequests } from "./odd_requests.ts";
import {
  acceptsWebhooks,
  type Check,
  holdsMeetings,
  present,
  tellsWhoIsThere,
  withExample,
} from "./servers.ts";

const examples = `${root}examples`;

/** How long the tests of a page may take. */
const inBrowserMs = 600_000;

/** What the page of Next.js does: one for the room, and 404 for any other. */
const showsRooms: Check = async (server) => {
  const [{ id }] = exampleRooms;
  const other = "00000000-0000-4000-8000-000000000000";
  for (const room of [id, other, "standup"]) {
    const page = await fetch(`${server.origin}/rooms/${room}`);
    const isNamed = (await page.text()).includes("<h1>My Room</h1>");
    const expected = room === id ? [200, true] : [404, false];
    assert.deepEqual([page.status, isNamed], expected);
  }
  await sendOddRequests(server, `/rooms/${id}`, onNext);
};

/** Builds the page of Next.js in a project of its own, and serves it. */
async function serveNext(
  cwd: string,
  tarball: string,
  node: string,
): Promise<void> {
  const manifest = `${examples}/who_is_here/package.json`;
  const { devDependencies } = JSON.parse(await Deno.readTextFile(manifest));
  const packages = ["next", "react", "react-dom"]
    .map((name) => `${name}@${devDependencies[name]}`);
  await npmProject(cwd, [tarball, ...packages]);
  await must("cp", ["-r", `${examples}/who_is_here/app`, cwd]);
  const next = "node_modules/next/dist/bin/next";
  const env = { NEXT_TELEMETRY_DISABLED: "1" };
  await must(node, [next, "build"], { cwd, env });
  const args = [next, "start", "-p", "0", "-H", "127.0.0.1"];
  await withExample({ command: node, args, cwd, env }, showsRooms);
}

/** A free port, below those that the system gives to others meanwhile. */
function freePort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

/** A step of a workflow. */
type Step = { uses?: string; run?: string };

/** Runs the commands of the workflow, and checks what it pins. */
async function verifyPact(cwd: string, tarball: string): Promise<void> {
  const read = (file: string) => Deno.readTextFile(root + file);
  const manifest = await read("examples/github_actions/package.json");
  const range = JSON.parse(manifest).devDependencies["@pact-foundation/pact"];
  assert.equal(range, pactRange);
  const ours = await read("contracts/pact.ts");
  assert(ours.includes(`npm:@pact-foundation/pact@${range}"`), range);

  const text = await read("examples/github_actions/verify-pact.yml");
  const { jobs } = parse(text.replaceAll("7070", `${freePort()}`));
  const { env, steps }: { env: Record<string, string>; steps: Step[] } =
    jobs["verify-pact"];
  const pins = await read(".github/workflows/release.yml");
  for (const { uses } of steps) {
    if (uses) assert(/@[\da-f]{40}$/.test(uses) && pins.includes(uses), uses);
  }
  const [install, ...commands] = steps.flatMap(({ run }) => run ?? []);
  assert.equal(install, "npm ci --ignore-scripts");
  await npmProject(cwd, [tarball, `@pact-foundation/pact@${range}`]);
  const script = ["trap 'kill $(jobs -p)' EXIT", ...commands].join("\n");
  const output = await must("bash", ["-e", "-c", script], { cwd, env });
  assert(/keeps the contract in 43 of 50 interactions$/m.test(output), output);
}

/**
 * Runs the examples.
 *
 * @param tarball The packed package.
 * @param project A folder in which it is installed.
 * @param tools A folder in which the runtimes and miniflare are installed.
 */
export async function runExamples(
  tarball: string,
  project: string,
  tools: string,
): Promise<ReportRow[]> {
  // There they find the package
  await must("cp", ["-r", examples, project]);
  await must("cp", ["tests/examples/meeting_in_chromium.mjs", tools]);
  const [node, bun] = [binary(tools, "node-24"), binary(tools, "bun")];
  const folder = (name: string) => `${project}/examples/${name}`;

  /** Serves an example with a command, such as `node main.js`. */
  const serve = <T>(
    name: string,
    [command = "", ...args]: string[],
    check: Parameters<typeof withExample<T>>[1],
  ) => withExample({ command, args, cwd: folder(name) }, check);

  /** Serves the worker of an example. */
  async function serveWorker(name: string, check: Check): Promise<void> {
    const worker = `${tools}/${name}.mjs`;
    const config = await Deno.readTextFile(`${folder(name)}/wrangler.jsonc`);
    await esbuild.build({
      entryPoints: [`${folder(name)}/${JSON.parse(config).main}`],
      bundle: true,
      format: "esm",
      outfile: worker,
      logLevel: "error",
    });
    const args = ["serve_worker.mjs", worker, config];
    await withExample({ command: node, args, cwd: tools }, check);
  }

  /** Serves the handler of an example as it is, with `Bun.serve`. */
  const serveOnBun = (name: string, check: Check) => {
    const args = [`${root}tests/examples/serve_on_bun.mjs`, name];
    return withExample({ command: bun, args, cwd: project }, check);
  };

  /** Runs the tests of an example. */
  const test = async (...[command = "", ...args]: string[]) => {
    await must(command, args, { cwd: folder("test_suite") });
  };

  const node20 = binary(tools, "node-20");
  const inPublic = { live: true, people: 1 };
  const runs: Record<string, () => Promise<void>> = {
    "who_is_here, Node": () =>
      serve("who_is_here", [node20, "main.js"], tellsWhoIsThere(present)),
    "who_is_here, Bun": () =>
      serve("who_is_here", [bun, "main.js"], tellsWhoIsThere(present)),
    "who_is_here, Bun.serve": () =>
      serveOnBun("who_is_here", tellsWhoIsThere(present)),
    "who_is_here, workerd": () =>
      serveWorker("who_is_here", tellsWhoIsThere(inPublic, onWorkerd)),
    "who_is_here, Next.js": () => serveNext(`${project}-next`, tarball, node),
    "webhooks, Node": () =>
      serve("webhooks", [node, "main.ts"], acceptsWebhooks()),
    "webhooks, Bun": () =>
      serve("webhooks", [bun, "main.ts"], acceptsWebhooks()),
    "webhooks, Bun.serve": () => serveOnBun("webhooks", acceptsWebhooks()),
    "webhooks, workerd": () =>
      serveWorker("webhooks", acceptsWebhooks(onWorkerd)),
    "meeting, Bun": () =>
      serve("meeting", [bun, "main.ts", "--fake"], holdsMeetings),
    "test_suite, Node": () => test(node, "--test", "status_line.test.ts"),
    "test_suite, Bun": () => test(bun, "test", "status_line.test.ts"),
    "github_actions": () => verifyPact(`${project}-pact`, tarball),
  };

  const inBrowser = await rowOf(
    "examples/meeting, Node and Chromium",
    async () => {
      const executable = await chromium();
      const command = [node, "main.ts", "--fake"];
      return await serve("meeting", command, async (server) => {
        await holdsMeetings(server);
        const args = ["meeting_in_chromium.mjs", executable, server.origin];
        const signal = AbortSignal.timeout(inBrowserMs);
        return await sh(node, args, { cwd: tools, signal });
      });
    },
  );
  const rows = await Promise.all(
    Object.entries(runs).map(([name, run]) => rowOf(`examples/${name}`, run)),
  );
  await esbuild.stop();
  return [inBrowser, ...rows];
}
