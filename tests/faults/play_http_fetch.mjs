/** Plays the fault cases of a file with `httpFetch`: `BUNDLE FILE`. */
import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout } from "node:timers";
import { playFaults } from "./play.js";

const [bundle, file] = process.argv.slice(2);
const main = await import(bundle);
const faults = JSON.parse(await readFile(file));
console.log(JSON.stringify(await playFaults(main, faults, main.httpFetch)));

// It fires only if something else keeps the process alive
setTimeout(() => {
  process.stderr.write("Something was left open\n");
  process.exit(3);
}, 1000).unref();
