import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FakeRooms } from "../testing/fake_rooms.ts";

/** A fake provider that listens on loopback. */
export interface Served {
  /** What a client takes as its `baseUrl`. */
  baseUrl: string;
  close(): Promise<void>;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}

/** Lets a page of any origin ask: in browsers too, a fake is of use. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*, authorization",
  "access-control-allow-methods": "*",
  "access-control-expose-headers": "*",
};

/** The whole body of a request. */
function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => text += piece);
    request.on("end", () => resolve(text));
    request.on("error", reject);
  });
}

/**
 * Serves the fake over HTTP on 127.0.0.1, at a free port if `port` is 0. An
 * answer that the fake breaks off breaks the connection.
 */
export async function serve(
  fake: Pick<FakeRooms, "fetch">,
  port: number,
  onRequest: (method: string, path: string, status: number) => void = () => {},
): Promise<Served> {
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request;
    if (method === "OPTIONS") {
      response.writeHead(204, cors).end();
      return;
    }
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    try {
      const body = await textOf(request);
      const answer = await fake.fetch(new URL(url, "http://127.0.0.1"), {
        method,
        ...body && { body },
        headers: Object.entries(request.headers).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, String(value)]]
        ) as [string, string][],
        signal: gone.signal,
      });
      onRequest(method, url, answer.status);
      response.writeHead(answer.status, {
        ...cors,
        ...Object.fromEntries(answer.headers),
      });
      response.flushHeaders();
      for await (const chunk of answer.body ?? []) response.write(chunk);
      response.end();
    } catch {
      response.destroy();
    }
  });
  await listen(server, port);
  const address = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v2`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections?.();
      }),
  };
}
