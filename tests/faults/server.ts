/** A raw TCP server with a path for each case: `/{number of the case}/…`. */
import { listen, onRequests } from "../support/tcp.js";
import type { Case } from "./cases.ts";

/** The server, and the requests it received. */
export interface FaultServer {
  /** The `baseUrl` of a case. */
  baseUrl(number: number): string;
  /** The number of requests for each case. */
  requests: number[];
  /** Request lines that belong to no case: a redirect was followed. */
  strays: string[];
  /** How many connections are left open, after a moment. */
  left(): Promise<number>;
  close(): Promise<void>;
}

/** Serves the cases on loopback. */
export async function serveCases(cases: Case[]): Promise<FaultServer> {
  const requests = cases.map(() => 0);
  const strays: string[] = [];
  const { port, left, close } = await listen((socket) =>
    onRequests(socket, (request: { head: string; nth: number }) => {
      if (request.nth > 0) return;
      const [line = ""] = request.head.split("\r\n");
      const [, digits] = /^GET \/(\d+)\/rooms\/[\da-f-]{36} /.exec(line) ?? [];
      const number = Number(digits);
      const { act } = cases[number] ?? {};
      if (!act) {
        strays.push(line);
        socket.end();
        return;
      }
      const earlier = requests[number] ?? 0;
      requests[number] = earlier + 1;
      void act(socket, earlier);
    })
  );
  const baseUrl = (number: number) =>
    `http://127.0.0.1:${cases[number]?.act ? `${port}/${number}` : 2}`;
  return { baseUrl, requests, strays, left, close };
}
