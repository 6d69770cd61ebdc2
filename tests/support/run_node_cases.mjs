/** Runs the cases of `httpFetch` on Node, prints the results, and ends by itself. */
import process from "node:process";
import { setTimeout } from "node:timers";
import { runCases } from "./node_cases.js";

const [bundle] = process.argv.slice(2);
const main = await import(bundle);
console.log(JSON.stringify(await runCases({ main, node: main })));

// Kept connections do not keep the process alive, not even for their 4 s
setTimeout(() => {
  process.stderr.write("Something was left open\n");
  process.exit(3);
}, 1000).unref();
