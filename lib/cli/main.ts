#!/usr/bin/env node
/**
 * The command `telnyx-rooms`: the operations of the API, and a fake provider to
 * try them on. It runs on Deno, Node and Bun; `--help` shows its options and exit
 * codes.
 *
 * ```sh
 * deno run --allow-net --allow-env --allow-read jsr:@videorooms/telnyx/cli --help
 * ```
 *
 * @module
 */
import process from "node:process";
import { run } from "./run.ts";

const interruption = new AbortController();
const interrupt = () => interruption.abort();
process.once("SIGINT", interrupt);
process.once("SIGTERM", interrupt);

// A reader that stops early, such as `head`, is not an error
process.stdout.on("error", (error: { code?: string }) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

/** The first line of stdin, or what was read of it before an interruption. */
function readLine(): Promise<string> {
  const stdin = process.stdin.setEncoding("utf8");
  return new Promise((resolve) => {
    let text = "";
    const end = () => {
      // An open stdin would keep the process alive
      stdin.off("data", take).pause().destroy();
      resolve(text.split(/\r?\n/)[0] ?? "");
    };
    const take = (piece: string) => {
      text += piece;
      if (text.includes("\n")) end();
    };
    stdin.on("data", take).once("end", end);
    interruption.signal.addEventListener("abort", end);
  });
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
