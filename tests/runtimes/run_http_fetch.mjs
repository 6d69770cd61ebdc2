/** The runner of the cases of `httpFetch`: see `run_process.mjs`. */
import * as main from "@videorooms/telnyx";
import * as node from "@videorooms/telnyx/node";
import process from "node:process";
import { setTimeout } from "node:timers";
import { runCases } from "./node_cases.js";

const results = await runCases({ main, node });
process.stdout.write(`${JSON.stringify(results)}\n`);

// It fires only if something else keeps the process alive
setTimeout(() => {
  process.stderr.write("Something was left open\n");
  process.exit(3);
}, 1000).unref();
