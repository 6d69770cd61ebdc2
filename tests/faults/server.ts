/** A raw TCP server that acts out one case a path: `/{case's number}/…`. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Case } from "./cases.ts";

/** The server, and what it has seen. */
export interface FaultServer {
  /** What a client of the case takes as its `baseUrl`. */
  baseUrl(number: number): string;
  /** How many requests came for each case. */
  requests: number[];
  /** Request lines that belong to no case: somebody followed a redirect. */
  strays: string[];
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

/** Serves the cases on loopback, until it is closed. */
export async function serveCases(cases: Case[]): Promise<FaultServer> {
  const requests = cases.map(() => 0);
  const strays: string[] = [];
  const sockets = new Set<Socket>();

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // the client has gone, which is its right
    let head = "";
    const read = (data: Uint8Array) => {
      head += new TextDecoder().decode(data);
      if (!head.includes("\r\n\r\n")) return;
      socket.off("data", read);
      socket.resume();
      const [line = ""] = head.split("\r\n");
      const [, digits] = /^GET \/(\d+)\/rooms\/[\da-f-]{36} /.exec(line) ?? [];
      const number = Number(digits);
      const told = cases[number];
      if (!told?.act) {
        strays.push(line);
        socket.end();
        return;
      }
      const hit = requests[number] ?? 0;
      requests[number] = hit + 1;
      void told.act(socket, hit);
    };
    socket.on("data", read);
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: (number) =>
      `http://127.0.0.1:${cases[number]?.act ? `${port}/${number}` : 9}`,
    requests,
    strays,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
