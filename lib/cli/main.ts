#!/usr/bin/env node
/**
 * The command `telnyx-rooms`: looks rooms up, or serves a fake provider. It
 * runs under Deno, Node and Bun; `--help` tells its options and exit codes.
 *
 * ```sh
 * deno run --allow-net --allow-env --allow-read jsr:@videorooms/telnyx/cli --help
 * ```
 *
 * @module
 */
import process from "node:process";
import { sleep } from "../timer.ts";
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

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  fetch,
  now: Date.now,
  sleep,
  stop: interruption.signal,
});

process.off("SIGINT", interrupt);
process.off("SIGTERM", interrupt);
