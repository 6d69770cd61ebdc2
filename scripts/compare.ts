/**
 * `deno task compare`: puts this module, the provider's SDK and a bare `fetch`
 * before the same misbehaving servers on loopback, and prints who does what.
 * It downloads the SDK, some 37 MB. Every case ends by itself.
 */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRoom } from "../mod.ts";

const peer = "npm:telnyx@7.24.0"; // a variable, so that no check fetches it
const { default: Telnyx } = await import(peer);

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const body = JSON.stringify({ data: { id } });
const patienceMs = 3000;

type Client = (baseUrl: string) => Promise<unknown>;

const clients: Record<string, Client> = {
  "this module": (baseUrl) => getRoom(fetch, "KEY", id, { baseUrl }),
  "SDK": (baseURL) => new Telnyx({ apiKey: "KEY", baseURL }).rooms.retrieve(id),
  "fetch": async (baseUrl) => {
    const headers = { authorization: "Bearer KEY" };
    const response = await fetch(`${baseUrl}/rooms/${id}`, { headers });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()).data;
  },
};

/** The same clients, told to wait a second at the most where they can be. */
const hurried: Record<string, Client> = {
  ...clients,
  "this module": (baseUrl) =>
    getRoom(fetch, "KEY", id, { baseUrl, timeoutMs: 1000 }),
  "SDK": (baseURL) =>
    new Telnyx({ apiKey: "KEY", baseURL, timeout: 1000, maxRetries: 0 })
      .rooms.retrieve(id),
};

type Handler = (response: ServerResponse, hit: number) => void;

async function withServer(
  handler: Handler,
  use: (baseUrl: string) => Promise<string>,
): Promise<string> {
  let hits = 0;
  const server: Server = createServer((_, response) =>
    handler(response, hits++)
  );
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  try {
    const { port } = server.address() as AddressInfo;
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** How a client fares. */
async function fate(client: Client, baseUrl: string): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("still waiting"), patienceMs);
  });
  const outcome = client(baseUrl).then(
    () => "room",
    () => "error",
  );
  const first = await Promise.race([outcome, waiting]);
  clearTimeout(timer);
  return first;
}

const cases: Record<string, (client: string) => Promise<string>> = {
  "id is a number": (client) =>
    withServer(
      (response) =>
        response.setHeader("content-type", "application/json")
          .end('{"data":{"id":7}}'),
      (url) => fate(clients[client] as Client, url),
    ),

  "body stalls, limit 1 s": (client) =>
    withServer(
      (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write(body.slice(0, 9));
      },
      (url) => fate(hurried[client] as Client, url),
    ),

  "body of 64 MiB": async (client) => {
    let sent = 0;
    const outcome = await withServer((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = " ".repeat(1 << 20);
      const more = () => {
        if (sent === 64) return response.end(body);
        if (response.destroyed) return;
        sent++;
        response.write(chunk, () => more());
      };
      more();
    }, (url) => fate(clients[client] as Client, url));
    return `${outcome}, ${sent < 64 ? "stopped early" : "read all"}`;
  },

  "redirect elsewhere": (client) =>
    withServer(
      (response) =>
        response.setHeader("content-type", "application/json").end(body),
      (elsewhere) =>
        withServer(
          (response) =>
            response.writeHead(302, { location: `${elsewhere}/` }).end(),
          (url) => fate(clients[client] as Client, url),
        ),
    ),

  "429, reset in 2 s": async (client) => {
    const times: number[] = [];
    const outcome = await withServer((response, hit) => {
      times.push(performance.now());
      response.setHeader("content-type", "application/json");
      if (hit > 0) response.end(body);
      else {
        response.writeHead(429, { "x-ratelimit-reset": "2" }).end("{}");
      }
    }, (url) => fate(clients[client] as Client, url));
    const [first = 0, second] = times;
    const wait = second === undefined
      ? "no retry"
      : `retry in ${((second - first) / 1000).toFixed(1)} s`;
    return `${outcome}, ${wait}`;
  },
};

const columns = [23, 21, 21];
const print = (cells: string[]) =>
  console.log(
    cells.map((cell, i) => cell.padEnd(columns[i] ?? 0)).join("").trimEnd(),
  );

print(["", ...Object.keys(clients)]);
for (const [name, run] of Object.entries(cases)) {
  const told = await Promise.all(Object.keys(clients).map(run));
  print([name, ...told]);
}
Deno.exit(); // what the others left waiting would keep the process
