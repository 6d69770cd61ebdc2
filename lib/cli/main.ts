#!/usr/bin/env node
/**
 * The command `telnyx-rooms`: the operations of the API, and a fake provider to
 * try them on. It runs on Deno, Node and Bun; `--help` shows its options and exit
 * codes.
 *
 * ```sh
 * deno run --allow-net --allow-env --allow-read --allow-write jsr:@videorooms/telnyx/cli --help
 * ```
 *
 * @module
 */
import process from "node:process";
// Not by its entry, which refuses an old Deno
import { httpFetch } from "../client/node_fetch.ts";
import { isBun, isDeno } from "../core/runtime.ts";
import type { Output } from "./command.ts";
import { exitCodes, permissionAdvice, printError } from "./failure.ts";
import { programOf } from "./program.ts";
import { run } from "./run.ts";

const interruption = new AbortController();
const interrupt = () => interruption.abort();
process.once("SIGINT", interrupt);
process.once("SIGTERM", interrupt);

const { stdout } = process;

// If stderr takes nothing, the exit code alone tells of an error
process.stderr.on("error", () => {});
const stderr: Output = {
  isTTY: process.stderr.isTTY,
  columns: process.stderr.columns,
  write(text) {
    try {
      process.stderr.write(text);
    } catch {
      // Deno throws for a full disk, where the others emit an error
    }
  },
};

/** Whether a command still runs, so that it ends before its work is done. */
let isRunning = true;
/** Why nothing more can be printed on stdout. */
let outputProblem: string | undefined;

/** The commands that run until they are interrupted. */
const isEndless = ["serve", "watch"].includes(process.argv[2] ?? "");

/** Ends a command whose output is lost. */
function onOutputError({ code = "unknown reason" }: { code?: string }): void {
  if (outputProblem !== undefined) return;
  outputProblem = code;
  if (code !== "EPIPE") {
    printError(`Cannot write to stdout: ${code}`, { stderr });
    process.exitCode = exitCodes.failed;
  } else if (isRunning && isEndless) {
    printError("stdout is closed, so the command ends", { stderr });
  } else {
    // A reader that stops early, such as `head`, is not an error
    process.exitCode = exitCodes.done;
  }
  interruption.abort();
}
stdout.on("error", onOutputError);

// Deno throws where nobody can catch it if `serve` may not use the network
process.once("uncaughtException", (error) => {
  const advice = permissionAdvice(error);
  if (advice) printError(advice, { stderr });
  else console.error(error);
  process.exit(exitCodes.failed);
});

/** What is on stdin until it is enough, it ends, or the user interrupts. */
function readStdin(isEnough: (text: string) => boolean): Promise<string> {
  const stdin = process.stdin.setEncoding("utf8");
  return new Promise((resolve) => {
    let text = "";
    const end = () => {
      // An open stdin would keep the process alive
      stdin.off("data", take).pause().destroy();
      resolve(text);
    };
    const take = (piece: string) => {
      text += piece;
      if (isEnough(text)) end();
    };
    stdin.on("data", take).once("end", end);
    interruption.signal.addEventListener("abort", end);
  });
}

async function readLine(): Promise<string> {
  const text = await readStdin((text) => text.includes("\n"));
  return text.split(/\r?\n/)[0] ?? "";
}

async function readAll(): Promise<string> {
  const text = await readStdin(() => false);
  interruption.signal.throwIfAborted(); // half of the ids are not meant
  return text;
}

/** Prints text, unless that has failed before; resolves when it is printed. */
async function write(text: string): Promise<void> {
  if (outputProblem !== undefined) return;
  try {
    await new Promise<void>((resolve) => {
      stdout.write(text, (error) => {
        if (error) onOutputError(error as { code?: string });
        resolve();
      });
    });
  } catch (error) {
    onOutputError(error as { code?: string }); // see stderr
  }
}

/** Whether `httpFetch` is the faster one, and knows the way to the API. */
function prefersHttpFetch(): boolean {
  // Only Node's own fetch uses the proxies of the environment
  return !isDeno() && !isBun() && process.env.NODE_USE_ENV_PROXY !== "1";
}

const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdin: { isTTY: process.stdin.isTTY, readLine, readAll },
  stdout: { write, isTTY: stdout.isTTY, columns: stdout.columns },
  stderr,
  program: programOf({
    runtime: isDeno() ? "deno" : isBun() ? "bun" : "node",
    execPath: process.execPath,
    script: process.argv[1] ?? "",
  }),
  fetch: prefersHttpFetch() ? httpFetch : fetch,
  now: Date.now,
  stop: interruption.signal,
});
isRunning = false;
if (outputProblem === undefined) process.exitCode = exitCode;
else if (outputProblem === "EPIPE") process.exitCode = exitCodes.done;

process.off("SIGINT", interrupt);
process.off("SIGTERM", interrupt);
