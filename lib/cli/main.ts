#!/usr/bin/env node
/**
 * The command `telnyx-rooms`: each operation on rooms, or a fake provider to
 * try them on. It runs under Deno, Node and Bun; `--help` tells its options and
 * exit codes.
 *
 * ```sh
 * deno run --allow-net --allow-env --allow-read jsr:@videorooms/telnyx/cli --help
 * ```
 *
 * @module
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { run } from "./run.ts";

const interruption = new AbortController();
const interrupt = () => interruption.abort();
process.once("SIGINT", interrupt);
process.once("SIGTERM", interrupt);

// A reader that has seen enough, such as `head`, is no failure
process.stdout.on("error", (error: { code?: string }) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

async function readLine(): Promise<string> {
  const { signal } = interruption;
  const lines = createInterface({ input: process.stdin, signal });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close(); // or a terminal's stdin would keep the command alive
  }
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdin: { isTTY: process.stdin.isTTY, readLine },
  stdout: process.stdout,
  stderr: process.stderr,
  fetch,
  now: Date.now,
  stop: interruption.signal,
});

process.off("SIGINT", interrupt);
process.off("SIGTERM", interrupt);
