/**
 * `deno task tool tests/soak/run.ts [--calls N] [--node BINARY]`: many concurrent
 * look-ups on one signal, with a server that fails one request in five. Each call
 * settles once, with its own room; memory stays flat, and sockets are reused. With
 * `--node`, they are made there with `httpFetch`, which must print no warning.
 */
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { listen } from "../support/tcp.js";

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
const http = createServer((request, response) => {
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
const count = () => void connections++;
const server = await listen(count, (act) => http.on("connection", act));

const deno = [Deno.execPath(), "run", "--allow-all", "--no-lock"];
const node = [values.node ?? "node", "--trace-warnings"];
const [command = "", ...options] = values.node ? node : deno;
let printed = "";
let made = {
  seconds: 0,
  once: false,
  first: "none",
  heap: [0],
  concurrency: 0,
};
await withBundle(async (bundle) => {
  const program = fileURLToPath(new URL("./calls.mjs", import.meta.url));
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const args = [...options, program, bundle, baseUrl, `${calls}`];
  const signal = AbortSignal.timeout(600_000);
  const { stdout, stderr } = await sh(command, args, { signal });
  printed = stderr;
  made = { ...made, first: "", ...JSON.parse(stdout || "{}") };
});
await server.close();

const { once, first, heap, seconds, concurrency } = made;
const megabytes = heap.map((bytes) => bytes / 2 ** 20);
/** The minimum: the memory after garbage collection. */
const floor = (readings: number[]) => Math.min(...readings);
const growth = floor(megabytes.slice(-7)) - floor(megabytes.slice(0, 7));
const broken = Math.ceil(faults * 2 / 5);

const laws: [string, boolean][] = [
  [`each of ${calls} calls settled once`, once],
  [`each has its own room (${first || "none wrong"})`, first === ""],
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
