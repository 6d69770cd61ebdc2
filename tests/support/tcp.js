/** Servers on bare TCP, in plain JavaScript for any runtime. */
import { createServer } from "node:net";
import { setTimeout } from "node:timers";

/** Waits `ms` milliseconds of real time. */
export const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A signal that is aborted after `ms` milliseconds. */
export function abortedIn(ms, reason) {
  const controller = new AbortController();
  if (ms === 0) controller.abort(reason);
  else setTimeout(() => controller.abort(reason), ms);
  return controller.signal;
}

/** Waits until something holds, for at most 30 seconds; returns whether it does. */
export async function until(holds) {
  for (let i = 0; i < 3000 && !holds(); i++) await later(10);
  return holds();
}

/**
 * Serves each connection on loopback, and knows which are open.
 *
 * @param {(socket: import("node:net").Socket) => void} serve
 * @param {(onSocket: typeof serve) => import("node:net").Server} create
 */
export async function listen(serve, create = createServer) {
  const sockets = new Set();
  const server = create((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // the client may close it at any time
    serve(socket);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    /** How many connections are left open, after a moment. */
    async left() {
      await until(() => sockets.size === 0);
      return sockets.size;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Calls `act` with each request of a connection, and how many came before it. */
export function onRequests(socket, act) {
  let [text, count] = ["", 0];
  socket.on("data", (bytes) => {
    text += bytes.toString("latin1");
    for (;;) {
      const headEnd = text.indexOf("\r\n\r\n") + 4;
      if (headEnd < 4) return;
      const head = text.slice(0, headEnd);
      const isChunked = /^transfer-encoding: *chunked/im.test(head);
      const length = /^content-length: *(\d+)/im.exec(head)?.[1] ?? 0;
      const lastChunk = text.indexOf("0\r\n\r\n", headEnd);
      if (isChunked && lastChunk < 0) return;
      const end = isChunked ? lastChunk + 5 : headEnd + Number(length);
      if (text.length < end) return;
      const [method, path] = head.split(" ");
      const body = text.slice(headEnd, end);
      text = text.slice(end);
      act({ method, path, head, body, nth: count++ });
    }
  });
}
