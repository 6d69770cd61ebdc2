/**
 * Serves rooms on loopback: `/{sessions}/rooms/{id}`. Under `/{sessions}-far` they
 * are compressed and 10 ms late, as over a network.
 */
import { gzipSync } from "node:zlib";
import { body } from "./rooms.mjs";

export interface RoomServer {
  origin: string;
  close(): Promise<void>;
}

/**
 * Starts the server. `/connections` returns the number of connections since the
 * last request for it.
 */
export function serveRooms(): RoomServer {
  const bodies = new Map<string, Uint8Array<ArrayBuffer>>();
  const ports = new Set<number>();
  let counted = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async ({ url }, { remoteAddr }) => {
      ports.add(remoteAddr.port);
      const [, first = ""] = new URL(url).pathname.split("/");
      if (first === "connections") {
        const opened = ports.size - counted;
        counted = ports.size;
        return new Response(String(opened));
      }
      const [sessions, far] = first.split("-");
      let bytes = bodies.get(first);
      if (!bytes) {
        bytes = new TextEncoder().encode(body(Number(sessions)));
        if (far) bytes = new Uint8Array(gzipSync(bytes));
        bodies.set(first, bytes);
      }
      if (far) await new Promise((resolve) => setTimeout(resolve, 10));
      return new Response(bytes, {
        headers: {
          "content-type": "application/json",
          ...far && { "content-encoding": "gzip" },
        },
      });
    },
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    close: () => server.shutdown(),
  };
}
