/** The runner for Node, Bun and Deno: prints the results, and ends by itself. */
import * as main from "@videorooms/telnyx";
import * as core from "@videorooms/telnyx/core";
import * as testing from "@videorooms/telnyx/testing";
import process from "node:process";
import { setTimeout } from "node:timers";
import { runCases } from "./cases.js";

const [origin] = process.argv.slice(2);
const loadNode = () => import("@videorooms/telnyx/node");
const results = await runCases({ main, core, testing, loadNode, origin });
process.stdout.write(`${JSON.stringify(results)}\n`);

// It fires only if something else keeps the process alive
setTimeout(() => {
  process.stderr.write("Something was left open\n");
  process.exit(3);
}, 5000).unref();
