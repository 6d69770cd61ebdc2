/**
 * `deno task tool tests/soak/run.ts [--calls N]`: many concurrent look-ups on one
 * signal, on Deno and on Node with `httpFetch`, with a server that fails one
 * request in five. Each call settles once, with its own room; memory stays flat,
 * sockets are reused, and no warning is printed.
 */
import { createServer, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { sh } from "../../scripts/sh.ts";
import { withBundle } from "../support/bundle.ts";
import { commands, end, numberOption, report } from "../support/task.ts";
import { listen } from "../support/tcp.js";

const calls = numberOption("calls", 100_000, 1000);
const concurrency = 64;

/** What the server does with one request in five, by turns. */
const faults: ((response: ServerResponse) => void)[] = [
  (response) => response.writeHead(503).end(),
  (response) => response.writeHead(429, { "retry-after": "0" }).end("{}"),
  (response) => response.writeHead(500).end("<h1>No</h1>"),
  (response) => response.socket?.destroy(),
  (response) => {
    response.writeHead(200, { "content-length": "100" }).write('{"data":');
    setTimeout(() => response.destroy(), 1);
  },
];

/** Serves rooms on loopback, and counts. */
async function serve() {
  let [requests, connections] = [0, 0];
  const http = createServer((request, response) => {
    const nth = requests++;
    const fault = faults[(nth / 5) % faults.length];
    if (fault) return fault(response);
    const data = { id: request.url?.slice(-36) };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data }));
  });
  const count = () => void connections++;
  const server = await listen(count, (act) => http.on("connection", act));
  return { ...server, counts: () => ({ requests, connections }) };
}

/** The minimum: the memory after garbage collection. */
const floorMiB = (readings: number[]) => Math.min(...readings) / 2 ** 20;

async function soak(name: string, command: string[], bundle: string) {
  const { port, counts, close } = await serve();
  const [program = "", ...args] = [
    ...command,
    fileURLToPath(new URL("./calls.mjs", import.meta.url)),
    ...[bundle, `http://127.0.0.1:${port}`, `${calls}`, `${concurrency}`],
  ];
  const signal = AbortSignal.timeout(600_000);
  const { stdout, stderr } = await sh(program, args, { signal });
  await close();
  const { seconds, settled, wrong, heap } = JSON.parse(stdout || "{}");
  const { requests, connections } = counts();
  const broken = Math.ceil(requests / 5 * 2 / faults.length);
  const growth = floorMiB(heap.slice(-7)) - floorMiB(heap.slice(0, 7));

  console.log(`${name}: ${(calls / seconds).toFixed(0)} calls a second`);
  const laws: [string, boolean, unknown][] = [
    ["each call settles once", settled === calls, settled],
    ["each has its own room", wrong.length === 0, wrong[0]],
    ["nothing is printed", stderr === "", stderr],
    [
      `sockets are reused for ${requests} requests`,
      connections <= broken + 2 * concurrency,
      `${connections} sockets, of which ${broken} broke`,
    ],
    ["memory is flat", growth < 20, `${growth.toFixed(1)} MiB of growth`],
  ];
  for (const [law, holds, found] of laws) {
    report(`${name}: ${law}`, !holds && `${found}`);
  }
}

await withBundle(async (bundle) => {
  for (const [name, command] of Object.entries(commands)) {
    await soak(name, command, bundle);
  }
});
end();
