/**
 * The runner for Node, Bun and Deno: prints the results, and ends by itself. Its
 * arguments are what it runs, and the origin of the server, or a file of faults.
 */
import * as main from "@videorooms/telnyx";
import * as core from "@videorooms/telnyx/core";
import * as testing from "@videorooms/telnyx/testing";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout } from "node:timers";
import { runCases } from "./cases.js";

const [kind, input] = process.argv.slice(2);
const loadNode = () => import("@videorooms/telnyx/node");

async function run() {
  if (kind === "cases") {
    return runCases({ main, core, testing, loadNode, origin: input });
  }
  const node = await loadNode();
  const { playFaults } = await import("./play.js");
  const fetchFn = kind === "httpFetch" ? node.httpFetch : fetch;
  return playFaults(main, JSON.parse(await readFile(input)), fetchFn);
}

if (kind === "node_cases") {
  const { printResults } = await import("./node_cases.js");
  await printResults({ main, node: await loadNode() });
} else {
  process.stdout.write(`${JSON.stringify(await run())}\n`);
  // It fires only if something else keeps the process alive
  setTimeout(() => {
    process.stderr.write("Something was left open\n");
    process.exit(3);
  }, 5000).unref();
}
