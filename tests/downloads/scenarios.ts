/** Large downloads from a served fake, in another process. */
import { createHash } from "node:crypto";
import {
  fakeRooms,
  type Fault,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { must, root } from "../../scripts/sh.ts";

/** A runtime: its name, and the command that runs a program. */
export interface Runtime {
  name: string;
  command: string[];
}

/** How fast a runtime reads a file, in megabytes per second. */
export interface Race {
  download: number;
  bare: number;
  /** How many times as fast as `fetch`, by the median of the turns. */
  ratio: number;
  grownMiB: number;
}

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

/** How much the memory of a process may grow, whatever the size of the file. */
const maxGrownMiB = 150;

/** What happens to a download, and what the file's host responds then. */
const statuses = {
  "cut 20 times": [200, ...Array(20).fill(206)],
  "link expires": [200, 403, 206],
  "no ranges": [200, 200, 200],
};
type Scenario = keyof typeof statuses;
export const scenarios = Object.keys(statuses) as Scenario[];

function faultsOf(scenario: Scenario, bytes: number): Fault[] {
  const cut = (share: number, more: Fault = {}): Fault => ({
    disconnect: "in-body",
    afterBytes: Math.floor(bytes * share),
    ...more,
  });
  const ignoreRange = true;
  if (scenario === "cut 20 times") return Array(20).fill(cut(1 / 21));
  if (scenario === "link expires") return [cut(1 / 2)];
  return [
    cut(1 / 2, { ignoreRange }),
    cut(3 / 4, { ignoreRange }),
    { ignoreRange },
  ];
}

/** Bundles the module, for runtimes that read no TypeScript. */
export async function bundle(dir: string): Promise<string> {
  const path = `${dir}/mod.mjs`;
  const options = ["bundle", "--quiet", "--no-lock", "-o", path, "mod.ts"];
  await must(Deno.execPath(), options);
  return path;
}

/** Serves a fake whose recording has this many bytes. */
async function serve(bytes: number, scenario?: Scenario) {
  let elapsedMs = 0;
  const began = Date.now();
  const fake = fakeRooms({ now: () => began + elapsedMs });
  fake.addRecording({ id, bytes });
  for (const fault of scenario ? faultsOf(scenario, bytes) : []) {
    fake.fault({ target: "file", ...fault });
  }
  const files = () =>
    fake.requests.filter(({ url }) => url.includes("/_fake/files/"));
  const { url, close } = await serveRooms({
    async fetch(url, init) {
      const isLater = files().length > 0;
      if (scenario === "link expires" && isLater) elapsedMs = 3_600_000;
      return await fake.fetch(url, init);
    },
  });
  return { url, files, [Symbol.asyncDispose]: close };
}

/** Runs the program on a runtime; returns what it printed. */
async function run<Printed>(
  { command: [command = "", ...options] }: Runtime,
  args: string[],
): Promise<Printed> {
  const program = `${root}tests/downloads/client.mjs`;
  const signal = AbortSignal.timeout(600_000);
  return JSON.parse(
    await must(command, [...options, program, ...args], { signal }),
  );
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

/**
 * Downloads a file on a runtime while something happens to it. Returns how much
 * memory that took, and what was wrong with it: nothing, if the list is empty.
 */
export async function runScenario(
  runtime: Runtime,
  module: string,
  scenario: Scenario,
  file: { bytes: number; hash: string },
): Promise<{ grownMiB: number; problems: string[] }> {
  await using server = await serve(file.bytes, scenario);
  const args = [module, server.url, id, "check"];
  const { received, hash, grownMiB } = await run<
    { received: number; hash: string; grownMiB: number }
  >(runtime, args);
  const got = server.files().map(({ status }) => status);
  const isLeaked = /authorization|KEY-secret/i
    .test(JSON.stringify(server.files()));
  const problems = [
    received !== file.bytes && `${received} bytes were received`,
    hash !== file.hash && "the hash is another one",
    `${got}` !== `${statuses[scenario]}` && `statuses ${got}`,
    isLeaked && "requests for the file had the API key",
    grownMiB > maxGrownMiB && `memory grew by ${grownMiB.toFixed()} MiB`,
  ];
  return {
    grownMiB,
    problems: problems.filter((problem) => typeof problem === "string"),
  };
}

/** Lets a runtime read the file with the module and with `fetch`. */
export async function race(
  runtime: Runtime,
  module: string,
  bytes: number,
): Promise<Race> {
  await using server = await serve(bytes);
  return await run<Race>(runtime, [module, server.url, id, "race"]);
}
