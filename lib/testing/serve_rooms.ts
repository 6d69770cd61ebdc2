import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Options for `serveRooms`. */
export interface ServeRoomsOptions {
  /** The port; 0 picks a free one. Default: 0. */
  port?: number | undefined;
  /** The address to listen on. Default: `"127.0.0.1"`. */
  host?: string | undefined;
}

/** A fake provider that is being served. */
export interface ServedRooms {
  /** The `baseUrl` for a client, such as `http://127.0.0.1:7070/v2`. */
  url: string;
  /** Closes the server and all connections. */
  close(): Promise<void>;
}

/** Allows requests from pages of any origin. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*, authorization",
  "access-control-allow-methods": "*",
  "access-control-expose-headers": "*",
};

/** The body of a request. */
async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  request.setEncoding("utf8");
  for await (const piece of request) text += piece;
  return text;
}

/** Responds as the fake does; rejects if its body breaks, or the client left. */
async function respond(
  fake: { fetch(url: URL, init?: RequestInit): Promise<Response> },
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { method = "GET", url = "/", headers } = request;
  const body = await textOf(request);
  const fetched = await fake.fetch(new URL(url, `http://${headers.host}`), {
    method,
    ...body && { body },
    headers: Object.entries(headers).map(([name, value]) =>
      [name, `${value}`] as [string, string]
    ),
    signal,
  });
  const all = { ...cors, ...Object.fromEntries(fetched.headers) };
  response.writeHead(fetched.status, all).flushHeaders();
  for await (const chunk of fetched.body ?? []) {
    signal.throwIfAborted();
    response.write(chunk);
  }
  response.end();
}

/** Not an `import`, which would fail in bundlers and workers. */
function nodeHttp(): typeof import("node:http") {
  const { process } = globalThis as unknown as {
    process?: { getBuiltinModule?(name: string): typeof import("node:http") };
  };
  const http = process?.getBuiltinModule?.("node:http");
  if (http) return http;
  throw new TypeError(
    "Cannot serve as this runtime has no node:http: use Deno, Bun, or Node 20.16 " +
      "or later",
  );
}

/**
 * Serves a fake over HTTP, to test a program that runs in another process or is
 * written in another language. It needs Deno, Bun, or Node 20.16 or later. A body
 * that the fake breaks off breaks the connection. Pages of any origin may send
 * requests.
 *
 * @param fake The fake, or anything else with such a `fetch`.
 * @param options Where to listen.
 * @returns The server's URL, and a function to close it.
 * @throws {TypeError} If this runtime has no `node:http`.
 * @throws {Error} If it cannot listen there: the system's error, with a `code` such
 * as `"EADDRINUSE"`.
 *
 * @example
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const served = await serveRooms(fakeRooms({ rooms: [{ id }] }));
 *
 * const room = await getRoom(fetch, "any", id, { baseUrl: served.url });
 * assertEquals(room.id, id);
 * await served.close();
 * ```
 */
export async function serveRooms(
  fake: { fetch(url: URL, init?: RequestInit): Promise<Response> },
  options: ServeRoomsOptions = {},
): Promise<ServedRooms> {
  const { port = 0, host = "127.0.0.1" } = options;
  const server = nodeHttp().createServer((request, response) => {
    if (request.method === "OPTIONS") {
      response.writeHead(204, cors).end();
      return;
    }
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    response.on("error", () => {}); // the client left while it was written
    respond(fake, request, response, gone.signal)
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${address.port}/v2`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
