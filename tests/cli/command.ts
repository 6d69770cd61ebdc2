import { assert, assertEquals } from "@std/assert";
import type { FetchFn } from "../../mod.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { run } from "../../lib/cli/run.ts";
import {
  type FakeRooms,
  fakeRooms,
  type Fault,
} from "../../lib/testing/fake_rooms.ts";

/** The environment of a command. */
export interface World {
  env?: Record<string, string>;
  isTTY?: boolean;
  columns?: number;
  /** The first line of stdin. */
  line?: string;
  fake?: FakeRooms;
  faults?: Fault[];
  fetch?: FetchFn;
  now?: () => number;
  stop?: AbortSignal;
}

/** Runs a command, by default against a fake with the example room. */
export async function command(args: string[], world: World = {}) {
  const {
    env = { TELNYX_API_KEY: "KEY" },
    isTTY = false,
    columns = 80,
    line = "",
    faults = [],
    fake = fakeRooms({ rooms: exampleRooms, tokens: ["KEY"] }),
    now = Date.now,
  } = world;
  for (const fault of faults) fake.fault(fault);
  let [stdout, stderr] = ["", ""];
  const exitCode = await run(args, {
    env,
    stdin: { isTTY, readLine: () => Promise.resolve(line) },
    stdout: { isTTY, columns, write: (text) => stdout += text },
    stderr: { isTTY, columns, write: (text) => stderr += text },
    fetch: world.fetch ?? fake.fetch,
    now,
    stop: world.stop ?? new AbortController().signal,
  });
  return { exitCode, stdout, stderr, requests: fake.requests };
}

/** Runs a command that has to fail with one line; returns its code and that. */
export async function fails(
  args: string[],
  world?: World,
): Promise<[number, string]> {
  const { exitCode, stdout, stderr } = await command(args, world);
  assertEquals(stdout, "");
  assert(/^telnyx-rooms: [^\n]+\n$/.test(stderr), stderr);
  return [exitCode, stderr.slice("telnyx-rooms: ".length, -1)];
}
