/**
 * The runner of the fault cases for Node, Bun and Deno, with `fetch` or with
 * `httpFetch`: see `run_process.mjs`.
 */
import * as main from "@videorooms/telnyx";
import { httpFetch } from "@videorooms/telnyx/node";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout } from "node:timers";
import { playFaults } from "./play.js";

const [file, name] = process.argv.slice(2);
const fetchFn = name === "httpFetch" ? httpFetch : fetch;
const faults = JSON.parse(await readFile(file));
const outcomes = await playFaults(main, faults, fetchFn);
process.stdout.write(`${JSON.stringify(outcomes)}\n`);

// It fires only if something else keeps the process alive
setTimeout(() => {
  process.stderr.write("Something was left open\n");
  process.exit(3);
}, 5000).unref();
