/** Large downloads from a served fake, in another process. */
import { createHash } from "node:crypto";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { root, sh } from "../../scripts/sh.ts";

/** A runtime: its name, and the command that runs a program. */
export interface Runtime {
  name: string;
  command: string[];
}

/** What a program printed. */
interface Received {
  received: number;
  hash: string;
  grownMiB: number;
}

/** How a download went. */
export interface Outcome extends Received {
  /** The hash of the file. */
  expected: string;
  /** The statuses of the requests to the file's host. */
  statuses: (number | undefined)[];
  /** Those that had the API key anywhere in them. */
  leaks: number;
}

/** How fast a runtime reads a file, in megabytes per second. */
export interface Race {
  download: number;
  bare: number;
  /** How many times as fast as `fetch`, by the median of the turns. */
  ratio: number;
  curl: number;
  grownMiB: number;
}

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const hourMs = 3_600_000;

/** What happens to a download, by its name. */
export const scenarios = ["cut 20 times", "link expires", "no ranges"] as const;

/** One of these names. */
export type Scenario = typeof scenarios[number];

/** Bundles the module, for runtimes that read no TypeScript. */
export async function bundle(dir: string): Promise<string> {
  const path = `${dir}/mod.mjs`;
  const options = ["bundle", "--quiet", "--no-lock", "-o", path, "mod.ts"];
  const { code, stderr } = await sh(Deno.execPath(), options);
  if (code !== 0) throw new Error(stderr);
  return path;
}

/** A served fake whose recording has this many bytes. */
async function serve(bytes: number, scenario?: Scenario) {
  let elapsedMs = 0;
  const began = Date.now();
  const fake = fakeRooms({ now: () => began + elapsedMs });
  fake.addRecording({ id, bytes });
  const cut = (share: number, more: object = {}) =>
    fake.fault({
      target: "file",
      disconnect: "in-body",
      afterBytes: Math.floor(bytes * share),
      ...more,
    });
  if (scenario === "cut 20 times") {
    for (let i = 0; i < 20; i++) cut(1 / 21);
  } else if (scenario === "link expires") {
    cut(1 / 2);
  } else if (scenario === "no ranges") {
    cut(1 / 2, { ignoreRange: true });
    cut(3 / 4, { ignoreRange: true });
    fake.fault({ target: "file", ignoreRange: true }, Infinity);
  }
  const isFile = (url: string) => url.includes("/_fake/files/");
  const served = await serveRooms({
    async fetch(url, init) {
      const isLater = fake.requests.some(({ url }) => isFile(url));
      if (scenario === "link expires" && isLater) elapsedMs = hourMs;
      return await fake.fetch(url, init);
    },
  });
  return {
    ...served,
    fileRequests: () => fake.requests.filter(({ url }) => isFile(url)),
    [Symbol.asyncDispose]: () => served.close(),
  };
}

/** The hash of the file, read without a network. */
export async function expectedHash(bytes: number): Promise<string> {
  const fake = fakeRooms();
  const { download_url } = fake.addRecording({ id, bytes });
  const { body } = await fake.fetch(`${download_url}`);
  const hash = createHash("sha256");
  for await (const piece of body ?? []) hash.update(piece);
  return hash.digest("hex");
}

/** Runs the program on a runtime; returns what it printed. */
async function run<T>(
  { name, command: [command = "", ...options] }: Runtime,
  args: string[],
): Promise<T> {
  const program = `${root}tests/downloads/client.mjs`;
  const { code, stdout, stderr } = await sh(
    command,
    [...options, program, ...args],
    { signal: AbortSignal.timeout(600_000) },
  );
  if (code !== 0) throw new Error(`${name}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

/** Downloads a file on a runtime while something happens to it. */
export async function runScenario(
  runtime: Runtime,
  module: string,
  scenario: Scenario,
  file: { bytes: number; hash: string },
): Promise<Outcome> {
  await using server = await serve(file.bytes, scenario);
  const args = [module, server.url, id, "check"];
  const received = await run<Received>(runtime, args);
  const requests = server.fileRequests();
  return {
    ...received,
    expected: file.hash,
    statuses: requests.map(({ status }) => status),
    leaks:
      requests.filter((request) =>
        /authorization|KEY-secret/i.test(JSON.stringify(request))
      ).length,
  };
}

/** What is wrong with an outcome, by what has to be seen; empty if nothing is. */
export function problems(
  { received, hash, expected, statuses, leaks, grownMiB }: Outcome,
  scenario: Scenario,
  bytes: number,
): string[] {
  const statusesOf: Record<Scenario, number[]> = {
    "cut 20 times": [200, ...Array(20).fill(206)],
    "link expires": [200, 403, 206],
    "no ranges": [200, 200, 200],
  };
  const found = [
    received !== bytes && `${received} bytes were received`,
    hash !== expected && "the hash is another one",
    `${statuses}` !== `${statusesOf[scenario]}` && `statuses ${statuses}`,
    leaks > 0 && `${leaks} requests had the API key`,
    grownMiB > maxGrownMiB && `memory grew by ${grownMiB.toFixed()} MiB`,
  ];
  return found.filter((problem) => typeof problem === "string");
}

/** How much the memory of a process may grow, whatever the size of the file. */
export const maxGrownMiB = 150;

/** Lets a runtime read the file with the module and with `fetch`, and curl too. */
export async function race(
  runtime: Runtime,
  module: string,
  bytes: number,
): Promise<Race> {
  await using server = await serve(bytes);
  const rates = await run<Omit<Race, "curl">>(
    runtime,
    [module, server.url, id, "race"],
  );
  const response = await fetch(`${server.url}/room_recordings/${id}`, {
    headers: { authorization: "Bearer any" },
  });
  const { data } = await response.json();
  const format = "%{speed_download}";
  const { stdout } = await sh(
    "curl",
    ["--silent", "--output", "/dev/null", "--write-out", format].concat(
      data.download_url,
    ),
  ).catch(() => ({ stdout: "NaN" }));
  return { ...rates, curl: Number(stdout) / 1e6 };
}
