/**
 * `deno task tool tests/soak/run.ts [--calls N] [--node BINARY]`: many concurrent
 * look-ups on one signal, with a server that fails one request in five. Each call
 * settles once, with its own room; memory stays flat, and sockets are reused. With
 * `--node`, they are made there with `httpFetch`, which must print no warning.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { getRoom } from "../../mod.ts";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { makeCalls } from "./calls.mjs";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    calls: { type: "string", default: "100000" },
    node: { type: "string" },
  },
});
const calls = Number(values.calls);
if (!Number.isSafeInteger(calls) || calls < 1000) {
  console.error("soak: --calls must be an integer from 1000");
  Deno.exit(2);
}
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

/** What came of the calls. */
type Made = Awaited<ReturnType<typeof makeCalls>>;

/** Makes the calls with `httpFetch` on Node. */
async function onNode(node: string): Promise<{ made: Made; printed: string }> {
  let result: { made: Made; printed: string } | undefined;
  await withBundle(async (bundle) => {
    const program = new URL("./on_node.mjs", import.meta.url).pathname;
    const args = ["--trace-warnings", program, bundle, baseUrl, `${calls}`];
    const signal = AbortSignal.timeout(600_000);
    const { stdout, stderr } = await sh(node, args, { signal });
    result = { made: JSON.parse(stdout || "{}"), printed: stderr };
  });
  if (!result) throw new Error("Node printed nothing");
  return result;
}

/** Makes the calls with `fetch` here. */
async function here(): Promise<{ made: Made; printed: string }> {
  const heapUsed = () => Deno.memoryUsage().heapUsed;
  const options = { getRoom, fetchFn: fetch, baseUrl, calls, heapUsed };
  return { made: await makeCalls(options), printed: "" };
}

const { made, printed } = await (values.node ? onNode(values.node) : here());
const { once, wrong, first, heap, seconds, concurrency } = made;
server.closeAllConnections();
server.close();

const megabytes = heap.map((bytes) => bytes / 2 ** 20);
/** The minimum: the memory after garbage collection. */
const floor = (readings: number[]) => Math.min(...readings);
const growth = floor(megabytes.slice(-7)) - floor(megabytes.slice(0, 7));
const broken = Math.ceil(faults * 2 / 5);

const laws: [string, boolean][] = [
  [`each of ${calls} calls settled once`, once],
  [`each has its own room (${first ?? "none wrong"})`, wrong === 0],
  [`nothing was printed (${printed || "nothing"})`, printed === ""],
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
