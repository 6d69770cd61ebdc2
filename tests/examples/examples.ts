/** Runs the examples that need another runtime or a package. */
import assert from "node:assert/strict";
import * as esbuild from "npm:esbuild@^0.28.2";
import { parse } from "npm:yaml@^2.9.1";
import { exampleRooms } from "../support/example_rooms.ts";
import { pactRange } from "../../lib/cli/verify.ts";
import {
  fakeRooms,
  type Fault,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import {
  binary,
  npmProject,
  type ReportRow,
} from "../../scripts/install_package.ts";
import { must, root, sh } from "../../scripts/sh.ts";
import { chromium, Skipped, tally } from "../runtimes/runtimes.ts";
import { onNext, onWorkerd, sendOddRequests } from "./odd_requests.ts";

/** How long a server may take to listen, answer and stop. */
const patienceMs = 30_000;

const [{ id }] = exampleRooms;
const other = "00000000-0000-4000-8000-000000000000";

/** What a server makes of what the provider does. */
const failures: [
  requested: string,
  Fault | undefined,
  times: number,
  number,
][] = [
  [other, undefined, 0, 404],
  ["standup", undefined, 0, 400],
  [id, { status: 429, headers: { "retry-after": "60" } }, 1, 429],
  [id, { status: 503, headers: { "retry-after": "60" } }, 1, 502],
  // Some runtimes retry a broken connection themselves
  [id, { disconnect: "before-response" }, 99, 502],
];

/** Starts a server that prints its address; stops it after `use`. */
async function withCommand(
  command: string,
  args: string[],
  options: Deno.CommandOptions,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const child = new Deno.Command(command, {
    args,
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(patienceMs),
    ...options,
  }).spawn();
  const logged = new Response(child.stderr).text();
  let [printed, used] = ["", false];
  try {
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      printed += text;
      const [, port] =
        /^(?:Listening on|- Local:) +\S+:(\d+)\/?$/m.exec(printed.replace(
          /^ +/gm,
          "",
        )) ?? [];
      if (!port) continue;
      await use(`http://127.0.0.1:${port}`);
      used = true;
      break;
    }
  } finally {
    try {
      child.kill();
    } catch {
      // it has already ended, and printed why
    }
    await child.status;
  }
  if (!used) throw new Error(`It did not listen: ${printed}${await logged}`);
}

/**
 * Sends a server requests, with a provider that works and one that fails.
 *
 * @param start Starts the server with these variables in its environment.
 * @param expected Its response for the room.
 * @param odd How to send it odd requests.
 */
async function askServer(
  start: (
    env: Record<string, string>,
    use: (origin: string) => Promise<void>,
  ) => Promise<void>,
  expected: unknown,
  odd = {},
): Promise<void> {
  const fake = fakeRooms({ rooms: exampleRooms });
  const { url: baseUrl, close } = await serveRooms(fake);
  const env = { TELNYX_API_KEY: "any", TELNYX_BASE_URL: baseUrl, PORT: "0" };
  const ask = async (origin: string, id: string) => {
    const response = await fetch(`${origin}/rooms/${id}`, {
      signal: AbortSignal.timeout(patienceMs),
    });
    return { response, text: await response.text() };
  };
  try {
    await start(env, async (origin) => {
      const { response, text } = await ask(origin, id);
      assert.equal(response.status, 200, text);
      assert.deepEqual(JSON.parse(text), expected);
      await sendOddRequests(portOf(origin), `/rooms/${id}`, odd);
      for (const [requested, fault, times, status] of failures) {
        if (fault) fake.fault(fault, times);
        const { response, text } = await ask(origin, requested);
        assert.equal(response.status, status, text);
        const wait = response.headers.get("retry-after");
        assert.equal(wait, status === 429 ? "60" : null);
      }
    });
  } finally {
    await close();
  }
}

/** The port of a server. */
const portOf = (origin: string) => Number(new URL(origin).port);

/** A change of a webhook, and the status of the response. */
type Changed = [
  change: (headers: Headers, body: string) => string | void,
  status: number,
];

const changes: Changed[] = [
  [() => {}, 204],
  [(_, body) => `${body} `, 400],
  [(headers) => headers.set("telnyx-timestamp", "1700000000"), 400],
  [(headers) => headers.delete("telnyx-signature-ed25519"), 400],
  [() => " ".repeat(2_000_000), 400],
  [() => {}, 204],
];

/** Sends a server the webhooks of the fake, unchanged and changed. */
async function sendWebhooks(
  start: (
    env: Record<string, string>,
    use: (origin: string) => Promise<void>,
  ) => Promise<void>,
  odd = {},
): Promise<void> {
  const env = {
    TELNYX_PUBLIC_KEY: fakeRooms().publicKey,
    PORT: "0",
    DATABASE: ":memory:",
  };
  await start(env, async (webhookUrl) => {
    const sent: Request[] = [];
    const fake = fakeRooms({
      rooms: [{ id }],
      webhookUrl,
      onWebhook: (request) => void sent.push(request),
    });
    fake.leave(fake.join(id, { context: "Alice" }).id);
    await fake.delivered();
    assert.equal(sent.length, 4);
    for (const request of sent) {
      const { url, method } = request;
      const text = await request.text();
      for (const [change, status] of changes) {
        const headers = new Headers(request.headers);
        const response = await fetch(url, {
          method,
          body: change(headers, text) ?? text,
          headers,
          signal: AbortSignal.timeout(patienceMs),
        });
        assert.equal(response.status, status, await response.text());
      }
    }
    await sendOddRequests(portOf(webhookUrl), "/", odd);
  });
}

/** Serves a meeting with a fake provider, and requests a room. */
function serveMeeting(
  command: string,
  cwd: string,
  use: (origin: string) => Promise<void> = async () => {},
): Promise<void> {
  const options = {
    cwd,
    env: { PORT: "0" },
    signal: AbortSignal.timeout(6 * patienceMs), // a browser is slow
  };
  return withCommand(
    command,
    ["main.ts", "--fake"],
    options,
    async (origin) => {
      const response = await fetch(`${origin}/rooms`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: "Standup" }),
      });
      const text = await response.text();
      assert.deepEqual(
        [response.status, JSON.parse(text).fake],
        [200, true],
        text,
      );
      await sendOddRequests(portOf(origin), "/rooms");
      await use(origin);
    },
  );
}

/** Builds and serves the page of Next.js, and asks for rooms. */
async function serveNext(
  dir: string,
  tarball: string,
  node: string,
): Promise<void> {
  const example = `${root}examples/who_is_here`;
  const manifest = await Deno.readTextFile(`${example}/package.json`);
  const { devDependencies } = JSON.parse(manifest);
  const packages = ["next", "react", "react-dom"]
    .map((name) => `${name}@${devDependencies[name]}`);
  await npmProject(dir, [tarball, ...packages]);
  await must("cp", ["-r", `${example}/app`, dir]);
  const next = "node_modules/next/dist/bin/next";
  const fake = fakeRooms({ rooms: exampleRooms });
  const { url, close } = await serveRooms(fake);
  const env = {
    NEXT_TELEMETRY_DISABLED: "1",
    TELNYX_API_KEY: "any",
    TELNYX_BASE_URL: url,
  };
  try {
    await must(node, [next, "build"], { cwd: dir, env });
    const args = [next, "start", "-p", "0", "-H", "127.0.0.1"];
    await withCommand(node, args, { cwd: dir, env }, async (origin) => {
      const statuses = [];
      for (const room of [id, other, "standup"]) {
        const page = await fetch(`${origin}/rooms/${room}`);
        const text = await page.text();
        statuses.push([page.status, text.includes("<h1>My Room</h1>")]);
      }
      assert.deepEqual(statuses, [[200, true], [404, false], [404, false]]);
      await sendOddRequests(portOf(origin), `/rooms/${id}`, onNext);
    });
  } finally {
    await close();
  }
}

/** Runs the commands of the workflow, and stops their background processes. */
async function runSteps(
  steps: string[],
  dir: string,
  env: Record<string, string>,
): Promise<string> {
  const script = `trap 'kill $(jobs -p)' EXIT\n${steps.join("\n")}`;
  return await must("bash", ["-e", "-c", script], { cwd: dir, env });
}

/** A free port. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

interface Workflow {
  jobs: {
    "verify-pact": {
      env: Record<string, string>;
      steps: { uses?: string; run?: string }[];
    };
  };
}

/** Runs the workflow, and checks that it fails when it should. */
async function verifyPact(dir: string, tarball: string): Promise<void> {
  const example = `${root}examples/github_actions`;
  const manifest = await Deno.readTextFile(`${example}/package.json`);
  const range = JSON.parse(manifest).devDependencies["@pact-foundation/pact"];
  const ours = await Deno.readTextFile(`${root}contracts/pact.ts`);
  assert(ours.includes(`npm:@pact-foundation/pact@${range}"`), range);
  assert.equal(range, pactRange);

  const port = freePort();
  const text = await Deno.readTextFile(`${example}/verify-pact.yml`);
  const workflow: Workflow = parse(text.replaceAll("7070", String(port)));
  const { env, steps } = workflow.jobs["verify-pact"];

  const pins = await Deno.readTextFile(`${root}.github/workflows/release.yml`);
  for (const { uses } of steps) {
    if (uses) assert(/@[\da-f]{40}$/.test(uses) && pins.includes(uses), uses);
  }
  const commands = steps.flatMap(({ run }) => run ?? []);
  assert.equal(commands.shift(), "npm ci --ignore-scripts");
  await npmProject(dir, [tarball, `@pact-foundation/pact@${range}`]);
  const output = await runSteps(commands, dir, env);
  assert(/keeps the contract in 43 of 50 interactions$/m.test(output), output);

  const [{ id }] = exampleRooms;
  const fake = fakeRooms({ rooms: [{ id }], tokens: ["KEY-own"] });
  const { url, close } = await serveRooms(fake);
  const verify = async (TELNYX_API_KEY: string) => {
    const args = ["verify", "--base-url", url];
    const command = `${dir}/node_modules/.bin/telnyx-rooms`;
    return (await sh(command, args, { env: { TELNYX_API_KEY } })).code;
  };
  const { length } = fake.requests;
  assert.equal(await verify("KEY-own"), 0, "The key is not sent");
  const made = fake.requests.slice(length);
  assert(made.every(({ method }) => method === "GET"), "Something is written");
  assert.equal(await verify("KEY-other"), 4, "A refused key is verified");
  await close();
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
  const examples = `${project}/examples`; // finds the package in the project
  await Deno.mkdir(examples);
  await must("cp", ["-r", `${root}examples/.`, examples]);
  for (const file of ["serve_worker.mjs", "meeting_in_chromium.mjs"]) {
    await Deno.copyFile(`${root}tests/examples/${file}`, `${tools}/${file}`);
  }
  const [node, bun] = [binary(tools, "node-24"), binary(tools, "bun")];

  const present = {
    name: "My Room",
    live: true,
    people: [{ name: "Alice", since: "2021-04-16T09:46:20.954863Z" }],
  };
  const whoIsHere = `${examples}/who_is_here`;
  const webhooks = `${examples}/webhooks`;
  const suite = { cwd: `${examples}/test_suite` };

  /** Serves the worker of an example. */
  async function withWorker(
    name: string,
    env: Record<string, string>,
    use: (origin: string) => Promise<void>,
  ): Promise<void> {
    const dir = `${examples}/${name}`;
    const worker = `${tools}/${name}.mjs`;
    const config = await Deno.readTextFile(`${dir}/wrangler.jsonc`);
    await esbuild.build({
      entryPoints: [`${dir}/${JSON.parse(config).main}`],
      bundle: true,
      format: "esm",
      outfile: worker,
      logLevel: "error",
    });
    const args = ["serve_worker.mjs", worker, config, JSON.stringify(env)];
    await withCommand(node, args, { cwd: tools }, use);
  }

  const runs: Record<string, () => Promise<unknown>> = {
    "who_is_here, Node": () =>
      askServer(
        (env, use) => {
          const options = { cwd: whoIsHere, env };
          return withCommand(
            binary(tools, "node-20"),
            ["node.js"],
            options,
            use,
          );
        },
        present,
      ),
    "who_is_here, Bun": () =>
      askServer(
        (env, use) =>
          withCommand(bun, ["bun.ts"], { cwd: whoIsHere, env }, use),
        present,
      ),
    "who_is_here, workerd": () =>
      askServer(
        (env, use) => withWorker("who_is_here", env, use),
        { live: true, people: 1 },
        onWorkerd,
      ),
    "who_is_here, Next.js": () => serveNext(`${project}-next`, tarball, node),
    "webhooks, Node": () =>
      sendWebhooks((env, use) =>
        withCommand(node, ["node.ts"], { cwd: webhooks, env }, use)
      ),
    "webhooks, Bun": () =>
      sendWebhooks((env, use) =>
        withCommand(bun, ["bun.ts"], { cwd: webhooks, env }, use)
      ),
    "webhooks, workerd": () =>
      sendWebhooks(
        (env, use) => withWorker("webhooks", env, use),
        onWorkerd,
      ),
    "meeting, Bun": () => serveMeeting(bun, `${examples}/meeting`),
    "test_suite, Node": () =>
      must(node, ["--test", "status_line.test.ts"], suite),
    "test_suite, Bun": () => must(bun, ["test", "status_line.test.ts"], suite),
    "github_actions": () => verifyPact(`${project}-pact`, tarball),
  };

  const inBrowser: ReportRow = {
    name: "examples/meeting, Node and Chromium",
    version: "",
    passed: 0,
    failures: [],
  };
  try {
    const executable = await chromium();
    await serveMeeting(node, `${examples}/meeting`, async (origin) => {
      const args = ["meeting_in_chromium.mjs", executable, origin];
      tally(inBrowser, await sh(node, args, { cwd: tools }));
    });
  } catch (error) {
    if (error instanceof Skipped) inBrowser.skipped = error.message;
    else inBrowser.failures.push(String(error));
  }

  const rows = await Promise.all(
    Object.entries(runs).map(async ([name, run]) => {
      const failure = await run().then(() => undefined, String);
      return {
        name: `examples/${name}`,
        version: "",
        passed: failure === undefined ? 1 : 0,
        failures: failure === undefined ? [] : [failure],
      };
    }),
  );
  await esbuild.stop();
  return [inBrowser, ...rows];
}
