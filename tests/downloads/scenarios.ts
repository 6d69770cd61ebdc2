/** Large downloads from a served fake, in another process. */
import { createHash } from "node:crypto";
import {
  fakeRooms,
  type Fault,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { must, root } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";

/** How much the memory of a process may grow, whatever the size of the file. */
const maxGrownMiB = 150;

/** What happens to a download. */
interface Scenario {
  /** The shares of the file that arrive before each break; 1 for no break. */
  shares: number[];
  ignoreRange?: true;
  /** The link expires after the first request. */
  expires?: true;
  /** What the file's host responds. */
  statuses: number[];
}

export const scenarios: Record<string, Scenario> = {
  "cut 20 times": {
    shares: Array(20).fill(1 / 21),
    statuses: [200, ...Array(20).fill(206)],
  },
  "link expires": { shares: [1 / 2], expires: true, statuses: [200, 403, 206] },
  "no ranges": {
    shares: [1 / 2, 3 / 4, 1],
    ignoreRange: true,
    statuses: [200, 200, 200],
  },
};
const undisturbed: Scenario = { shares: [], statuses: [200] };

/** Serves a fake whose recording has this many bytes. */
async function serve(
  bytes: number,
  { shares, ignoreRange, expires }: Scenario,
) {
  let elapsedMs = 0;
  const began = Date.now();
  const fake = fakeRooms({ now: () => began + elapsedMs });
  fake.addRecording({ id, bytes });
  for (const share of shares) {
    const afterBytes = Math.floor(bytes * share);
    const cut: Fault = { disconnect: "in-body", afterBytes };
    fake.fault({ target: "file", ignoreRange, ...share < 1 && cut });
  }
  const files = () =>
    fake.requests.filter(({ url }) => url.includes("/_fake/files/"));
  const { url, close } = await serveRooms({
    async fetch(url, init) {
      if (expires && files().length > 0) elapsedMs = 3_600_000;
      return await fake.fetch(url, init);
    },
  });
  return { url, files, [Symbol.asyncDispose]: close };
}

/** Runs the program on a runtime; returns what it printed. */
async function run(
  [command = "", ...options]: string[],
  ...args: string[]
): Promise<Record<string, unknown> & { grownMiB: number }> {
  const program = `${root}tests/downloads/client.mjs`;
  const signal = AbortSignal.timeout(600_000);
  const all = [...options, program, ...args];
  return JSON.parse(await must(command, all, { signal }));
}

const hashes = new Map<number, string>();

/** The hash of the file, read without a network. */
async function hashOf(bytes: number): Promise<string> {
  const known = hashes.get(bytes);
  if (known) return known;
  const fake = fakeRooms();
  const { download_url } = fake.addRecording({ id, bytes });
  const { body } = await fake.fetch(`${download_url}`);
  const hash = createHash("sha256");
  for await (const piece of body ?? []) hash.update(piece);
  const made = hash.digest("hex");
  hashes.set(bytes, made);
  return made;
}

/**
 * Downloads a file on a runtime while something happens to it. Returns how much
 * memory that took, and what was wrong with it: nothing, if the list is empty.
 */
export async function runScenario(
  command: string[],
  module: string,
  scenario: Scenario,
  bytes: number,
): Promise<{ grownMiB: number; problems: string[] }> {
  const expected = await hashOf(bytes);
  await using server = await serve(bytes, scenario);
  const { received, hash, grownMiB } = await run(
    command,
    ...[module, server.url, id, "check"],
  );
  const got = server.files().map(({ status }) => status);
  const isLeaked = /authorization|KEY-secret/i
    .test(JSON.stringify(server.files()));
  const problems = [
    received !== bytes && `${received} bytes were received`,
    hash !== expected && "the hash is another one",
    `${got}` !== `${scenario.statuses}` && `statuses ${got}`,
    isLeaked && "requests for the file had the API key",
    grownMiB > maxGrownMiB && `memory grew by ${grownMiB.toFixed()} MiB`,
  ].filter((problem) => typeof problem === "string");
  return { grownMiB, problems };
}

/**
 * Lets a runtime read the file by turns with the module and with `fetch`. Returns
 * how many times as fast as `fetch` it is, by the median of the turns.
 */
export async function race(
  command: string[],
  module: string,
  bytes: number,
): Promise<number> {
  await using server = await serve(bytes, undisturbed);
  return Number((await run(command, module, server.url, id, "race")).ratio);
}
