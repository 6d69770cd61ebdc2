import { assert, assertEquals } from "@std/assert";
import type { FetchFn } from "../../mod.ts";
import type { Context } from "../../lib/cli/command.ts";
import { exampleRooms } from "../support/example_rooms.ts";
import { run } from "../../lib/cli/run.ts";
import {
  type FakeRooms,
  fakeRooms,
  type Fault,
} from "../../lib/testing/fake_rooms.ts";

/** The id of no room. */
export const missing = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";

/** The environment of a command. */
export interface World {
  env?: Record<string, string>;
  isTTY?: boolean;
  /** Whether stderr is a terminal, if it differs from stdout. */
  stderrIsTTY?: boolean;
  columns?: number;
  /** What is on stdin. */
  line?: string;
  fake?: FakeRooms;
  faults?: Fault[];
  fetch?: FetchFn;
  /** What starts the command. */
  program?: string;
  now?: () => number;
  stop?: AbortSignal;
  /** Are told each text that is written. */
  onWrite?: (text: string) => unknown;
  onStderr?: (text: string) => void;
}

/** A context that prints nowhere, but for what is given. */
export function contextOf(own: Partial<Context> = {}): Context {
  return {
    env: {},
    stdin: {
      readLine: () => Promise.resolve(""),
      readAll: () => Promise.resolve(""),
    },
    stdout: { write: () => {} },
    stderr: { write: () => {} },
    fetch,
    now: Date.now,
    stop: new AbortController().signal,
    ...own,
  };
}

/** Runs a command, by default against a fake with the example room. */
export async function command(args: string[], world: World = {}) {
  const {
    env = { TELNYX_API_KEY: "KEY" },
    isTTY = false,
    stderrIsTTY = isTTY,
    columns = 80,
    line = "",
    faults = [],
    fake = fakeRooms({ rooms: exampleRooms, tokens: ["KEY"] }),
    now = Date.now,
    onWrite = () => {},
    onStderr = () => {},
  } = world;
  for (const fault of faults) fake.fault(fault);
  let [stdout, stderr] = ["", ""];
  const read = () => Promise.resolve(line);
  const context = contextOf({
    env,
    stdin: { isTTY, readLine: read, readAll: read },
    stdout: {
      isTTY,
      columns,
      write(text) {
        stdout += text;
        return onWrite(text);
      },
    },
    stderr: {
      isTTY: stderrIsTTY,
      columns,
      write(text) {
        stderr += text;
        onStderr(text);
      },
    },
    fetch: world.fetch ?? fake.fetch,
    now,
    ...world.program !== undefined && { program: world.program },
    ...world.stop && { stop: world.stop },
  });
  const exitCode = await run(args, context);
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

/** Runs a test with a folder that is removed after it. */
export async function withFolder<T>(
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a test with a file of this text or these bytes, which is removed. */
export function withFile<T>(
  content: string | Uint8Array<ArrayBuffer>,
  use: (file: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    const file = `${folder}/file`;
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(file, bytes);
    return await use(file);
  });
}

/** Waits until the condition holds, for a minute at most. */
export async function until(
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let i = 0; i < 2400 && !await condition(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert(await condition());
}
