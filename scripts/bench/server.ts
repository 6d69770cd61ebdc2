/** Serves rooms on loopback: `/{sessions}/rooms/{id}`, and a count. */
import { body } from "./rooms.mjs";

export interface RoomServer {
  origin: string;
  close(): Promise<void>;
}

/**
 * Starts the server. `/connections` tells how many connections have been opened
 * since it was last asked.
 */
export function serveRooms(): RoomServer {
  const bodies = new Map<string, Uint8Array<ArrayBuffer>>();
  const ports = new Set<number>();
  let told = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }, { remoteAddr }) => {
      ports.add(remoteAddr.port);
      const [, first = ""] = new URL(url).pathname.split("/");
      if (first === "connections") {
        const opened = ports.size - told;
        told = ports.size;
        return new Response(String(opened));
      }
      const bytes = bodies.get(first) ??
        new TextEncoder().encode(body(Number(first)));
      bodies.set(first, bytes);
      return new Response(bytes, {
        headers: { "content-type": "application/json" },
      });
    },
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    close: () => server.shutdown(),
  };
}
