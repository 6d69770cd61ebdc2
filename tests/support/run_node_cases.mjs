/** Runs the cases of `httpFetch` on Node, with a bundle. */
import process from "node:process";
import { printResults } from "./node_cases.js";

const main = await import(process.argv[2]);
await printResults({ main, node: main });
