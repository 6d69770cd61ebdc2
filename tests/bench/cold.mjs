/**
 * `cold.mjs CLIENT BASE_URL ID`: prints the milliseconds that importing a client
 * and the first call with it take in a new process.
 */
import process from "node:process";
import { clients } from "./clients.mjs";

const [name, baseUrl, id] = process.argv.slice(2);
const began = performance.now();
await (await clients[name](baseUrl)).get(id);
console.log(performance.now() - began);
process.exit();
