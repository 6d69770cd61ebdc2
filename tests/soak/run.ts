/**
 * `deno task tool tests/soak/run.ts [--calls N]`: many concurrent look-ups, with a
 * server that fails one request in five. Each call settles once, with its own
 * room; memory stays flat, and sockets are reused.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { getRoom } from "../../mod.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { calls: { type: "string", default: "100000" } },
});
const calls = Number(values.calls);
if (!Number.isSafeInteger(calls) || calls < 1000) {
  console.error("soak: --calls must be an integer from 1000");
  Deno.exit(2);
}
const concurrency = 64;

/** The id of room n. */
const idOf = (n: number): string =>
  `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

let [requests, connections, faults] = [0, 0, 0];
const server = createServer((request, response) => {
  const id = request.url?.slice(-36) ?? "";
  const body = JSON.stringify({ data: { id, unique_name: `room ${id}` } });
  const nth = requests++;
  if (nth % 5 !== 0) {
    response.setHeader("content-type", "application/json").end(body);
    return;
  }
  switch (faults++ % 5) {
    case 0:
      return void response.writeHead(503).end();
    case 1:
      return void response.writeHead(429, { "retry-after": "0" }).end("{}");
    case 2:
      return void response.writeHead(500).end("<h1>No</h1>");
    case 3:
      return void response.socket?.destroy();
    default:
      response.writeHead(200, { "content-length": String(body.length) });
      response.write(body.slice(0, 20));
      return void setTimeout(() => response.destroy(), 1);
  }
});
server.on("connection", () => connections++);
await new Promise<void>((resolve) =>
  server.listen(0, "127.0.0.1", () => resolve())
);
const { port } = server.address() as AddressInfo;
const baseUrl = `http://127.0.0.1:${port}`;

const settled = new Uint8Array(calls);
const wrong: string[] = [];
const heap: number[] = [];
let next = 0;

async function worker(): Promise<void> {
  for (let n = next++; n < calls; n = next++) {
    try {
      const room = await getRoom(fetch, "KEY", idOf(n), {
        baseUrl,
        retry: { maxAttempts: 20, baseDelayMs: 1, maxDelayMs: 5 },
      });
      if (room.id !== idOf(n)) wrong.push(`call ${n} has room ${room.id}`);
    } catch (error) {
      wrong.push(`call ${n}: ${error}`);
    }
    settled[n] = (settled[n] ?? 0) + 1;
    if (n % Math.ceil(calls / 20) === 0) heap.push(Deno.memoryUsage().heapUsed);
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: concurrency }, worker));
const seconds = (performance.now() - began) / 1000;
server.closeAllConnections();
server.close();

const once = settled.every((count) => count === 1);
const megabytes = heap.map((bytes) => bytes / 2 ** 20);
/** The minimum: the memory after garbage collection. */
const floor = (readings: number[]) => Math.min(...readings);
const growth = floor(megabytes.slice(-7)) - floor(megabytes.slice(0, 7));
const broken = Math.ceil(faults * 2 / 5);

const laws: [string, boolean][] = [
  [`each of ${calls} calls settled once`, once],
  [`each has its own room (${wrong[0] ?? "none wrong"})`, wrong.length === 0],
  [
    `one request in five failed (${faults} of ${requests})`,
    Math.abs(faults / requests - 0.2) < 0.01,
  ],
  [
    `sockets are reused (${connections} for ${requests} requests, ` +
    `${broken} of them broken)`,
    connections <= broken + 2 * concurrency,
  ],
  [`memory is flat (${growth.toFixed(1)} MiB of growth)`, growth < 20],
];
for (const [law, holds] of laws) console.log(`${holds ? "ok" : "NO"}: ${law}`);
console.log(`${(calls / seconds).toFixed(0)} calls a second`);
const failed = laws.filter(([, holds]) => !holds).length;
console.log(`\n${laws.length - failed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
