/**
 * The runner for Node, Bun and Deno, `run_process.mjs KIND INPUT [BUNDLE]`: prints
 * the results, and ends by itself. KIND is what it runs, INPUT the origin of the
 * server or a file of faults; a bundle stands for the package and its `./node`.
 */
import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout } from "node:timers";

const [kind, input, bundle] = process.argv.slice(2);
// Deno lets a program import what it names without a permission
const main = await (bundle ? import(bundle) : import("@videorooms/telnyx"));
const loadNode = () => bundle ? main : import("@videorooms/telnyx/node");

const runs = {
  async cases() {
    const core = await import("@videorooms/telnyx/core");
    const testing = await import("@videorooms/telnyx/testing");
    const { runCases } = await import("./cases.js");
    return runCases({ main, core, testing, loadNode, origin: input });
  },
  async node_cases() {
    const { runCases } = await import("../support/node_cases.js");
    return runCases({ main, node: await loadNode() });
  },
  fetch: () => faults(fetch),
  httpFetch: async () => faults((await loadNode()).httpFetch),
};

async function faults(fetchFn) {
  const { playFaults } = await import("../faults/play.js");
  return playFaults(main, JSON.parse(await readFile(input)), fetchFn);
}

process.stdout.write(`${JSON.stringify(await runs[kind]())}\n`);

// It fires only if something else keeps the process alive. Kept connections of
// `httpFetch` do not, not even for their 4 s
setTimeout(() => {
  process.stderr.write("Something was left open\n");
  process.exit(3);
}, /httpFetch|node/.test(kind) ? 3000 : 5000).unref();
