/**
 * `memory.mjs CLIENT BASE_URL ID CALLS`: prints how many MiB a process has at its
 * most that makes so many calls, 32 at once. A function in place of `fetch`
 * responds to them with a stream, as the network does.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { clients } from "./clients.mjs";

const [name, baseUrl, id, calls] = process.argv.slice(2);
const bytes = await (await fetch(`${baseUrl}/rooms/${id}`)).arrayBuffer();
const headers = { "content-type": "application/json" };

async function stub() {
  await new Promise((resolve) => setTimeout(resolve)); // as a socket takes time
  return new Response(new Blob([bytes]).stream(), { headers });
}

const { get } = await clients[name](baseUrl, stub);
let left = Number(calls);
await Promise.all(Array.from({ length: 32 }, async () => {
  while (left-- > 0) await get(id);
}));

// On Linux, resourceUsage() may include the parent process
const peakKiB = process.platform === "linux"
  ? /VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]
  : process.resourceUsage().maxRSS;
console.log(peakKiB / 1024);
process.exit(); // without waiting for timeouts that clients leave behind
