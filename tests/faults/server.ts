/** A raw TCP server with a path for each case: `/{number of the case}/…`. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Case } from "./cases.ts";

/** The server, and the requests it received. */
export interface FaultServer {
  /** The `baseUrl` of a case. */
  baseUrl(number: number): string;
  /** The number of requests for each case. */
  requests: number[];
  /** Request lines that belong to no case: a redirect was followed. */
  strays: string[];
  /** The number of open connections. */
  open(): number;
  close(): Promise<void>;
}

/** Serves the cases on loopback. */
export async function serveCases(cases: Case[]): Promise<FaultServer> {
  const requests = cases.map(() => 0);
  const strays: string[] = [];
  const sockets = new Set<Socket>();

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // the client may close it at any time
    let head = "";
    const read = (data: Uint8Array) => {
      head += new TextDecoder().decode(data);
      if (!head.includes("\r\n\r\n")) return;
      socket.off("data", read);
      socket.resume();
      const [line = ""] = head.split("\r\n");
      const [, digits] = /^GET \/(\d+)\/rooms\/[\da-f-]{36} /.exec(line) ?? [];
      const number = Number(digits);
      const fault = cases[number];
      if (!fault?.act) {
        strays.push(line);
        socket.end();
        return;
      }
      const earlier = requests[number] ?? 0;
      requests[number] = earlier + 1;
      void fault.act(socket, earlier);
    };
    socket.on("data", read);
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: (number) =>
      `http://127.0.0.1:${cases[number]?.act ? `${port}/${number}` : 2}`,
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
