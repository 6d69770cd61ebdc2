import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FakeRooms } from "./fake_rooms.ts";

/** Where a fake provider is served. */
export interface ServeRoomsOptions {
  /** The port; 0 for any that is free. Default: 0. */
  port?: number | undefined;
  /** The address to listen on. Default: `"127.0.0.1"`. */
  host?: string | undefined;
}

/** A fake provider that listens. */
export interface ServedRooms {
  /** What a client takes as its `baseUrl`: `http://127.0.0.1:7070/v2`. */
  url: string;
  /** Closes the server, and the connections that are open. */
  close(): Promise<void>;
}

/** Lets a page of any origin ask: in browsers too, a fake is of use. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*, authorization",
  "access-control-allow-methods": "*",
  "access-control-expose-headers": "*",
};

/** The whole body of a request. */
async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  request.setEncoding("utf8");
  for await (const piece of request) text += piece;
  return text;
}

/** Has the fake respond; rejects if it breaks off, or the client is gone. */
async function respond(
  fake: Pick<FakeRooms, "fetch">,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { method = "GET", url = "/", headers } = request;
  const body = await textOf(request);
  const came = await fake.fetch(new URL(url, `http://${headers.host}`), {
    method,
    ...body && { body },
    headers: Object.entries(headers).map(([name, value]) =>
      [name, `${value}`] as [string, string]
    ),
    signal,
  });
  const all = { ...cors, ...Object.fromEntries(came.headers) };
  response.writeHead(came.status, all).flushHeaders();
  for await (const chunk of came.body ?? []) {
    signal.throwIfAborted();
    response.write(chunk);
  }
  response.end();
}

/** An `import` of it would keep bundlers and workers from loading the fake. */
function nodeHttp(): typeof import("node:http") {
  const { process } = globalThis as unknown as {
    process?: { getBuiltinModule?(name: string): typeof import("node:http") };
  };
  const http = process?.getBuiltinModule?.("node:http");
  if (http) return http;
  throw new TypeError(
    "Cannot serve as there is no node:http here: use Deno, Bun, or Node 20.16 " +
      "or later",
  );
}

/**
 * Serves a fake over HTTP, for a test of a program that has a process of its
 * own, or is in another language. It runs in Deno, in Bun, and in Node 20.16 or
 * later. A response that the fake breaks off breaks the connection, and pages
 * of any origin may ask.
 *
 * @param fake The fake, or what answers in its place.
 * @param options Where it listens.
 * @returns Its address, and what closes it.
 * @throws {TypeError} If this runtime has no `node:http`.
 * @throws {Error} If it cannot listen there: the system's error, such as one
 * with the code `"EADDRINUSE"`.
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
  fake: Pick<FakeRooms, "fetch">,
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
    response.on("error", () => {}); // of what is written to who is gone
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
