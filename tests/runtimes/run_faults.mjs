/** The runner of the fault cases for Node, Bun and Deno: see `run_process.mjs`. */
import * as main from "@videorooms/telnyx";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout } from "node:timers";
import { playAll } from "./play.js";

const [file] = process.argv.slice(2);
const outcomes = await playAll(main, JSON.parse(await readFile(file)));
process.stdout.write(`${JSON.stringify(outcomes)}\n`);

// It fires only if something else keeps the process alive
setTimeout(() => {
  process.stderr.write("Something was left open\n");
  process.exit(3);
}, 5000).unref();
