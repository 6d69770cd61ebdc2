/**
 * A write is sent once, also when a kept connection closes before the response:
 * Deno's own `fetch` would send it again.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import net from "node:net";
import type { AddressInfo } from "node:net";
import {
  type CallOptions,
  createComposition,
  createRoom,
  deleteRecordings,
  getRoom,
  RoomsError,
  updateRoom,
} from "../../mod.ts";
import { example, id } from "../support/example.ts";

/** The requests in what a connection sent so far, by method. */
function methodsOf(sent: string): string[] {
  const methods: string[] = [];
  for (let rest = sent;;) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return methods;
    const head = rest.slice(0, end);
    const [, length = 0] = /content-length: *(\d+)/i.exec(head) ?? [];
    const body = /transfer-encoding: *chunked/i.test(head)
      ? rest.indexOf("0\r\n\r\n", end) + 5 - end - 4
      : Number(length);
    if (body < 0 || rest.length < end + 4 + body) return methods;
    methods.push(head.split(" ", 1)[0] ?? "");
    rest = rest.slice(end + 4 + body);
  }
}

/**
 * Serves a proxy that answers the first request of a connection, and closes after
 * the second one, which it forwarded; returns the methods of those.
 */
async function withLossyProxy(
  use: (opts: CallOptions, lost: string[]) => Promise<void>,
): Promise<void> {
  const lost: string[] = [];
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    let sent = "";
    let answered = false;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      sent += bytes;
      const [first, second] = methodsOf(sent);
      if (second !== undefined) {
        lost.push(second);
        socket.destroy();
      } else if (first !== undefined && !answered) {
        answered = true;
        if (first !== "GET") lost.push(first);
        const body = JSON.stringify(example);
        const length = new TextEncoder().encode(body).length;
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${body}`,
        );
      }
    });
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  try {
    await use({ baseUrl: `http://127.0.0.1:${port}` }, lost);
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const writes: Record<string, (opts: CallOptions) => Promise<unknown>> = {
  createRoom: (opts) => createRoom(fetch, "KEY", { unique_name: "A" }, opts),
  createComposition: (opts) =>
    createComposition(fetch, "KEY", { session_id: id }, opts),
  deleteRecordings: (opts) =>
    deleteRecordings(fetch, "KEY", { roomId: id }, opts),
};

for (const [name, write] of Object.entries(writes)) {
  Deno.test({
    name:
      `${name}() is sent once over a kept connection that closes, and says that it may have been done`,
    sanitizeOps: false, // Deno's fetch keeps connections
    sanitizeResources: false,
    fn: () =>
      withLossyProxy(async (opts, lost) => {
        await getRoom(fetch, "KEY", id, opts); // opens a connection, and keeps it
        const error = await assertRejects(() => write(opts), RoomsError);
        assertEquals(lost.length, 1, lost.join());
        assert(error.mayHaveTakenEffect);
        assert(error.message.includes("it may have been done"), error.message);
      }),
  });
}

Deno.test({
  name: "updateRoom() is repeated over another connection, as it is idempotent",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withLossyProxy(async (opts) => {
      await getRoom(fetch, "KEY", id, opts);
      const room = await updateRoom(fetch, "KEY", id, {}, {
        ...opts,
        retry: { baseDelayMs: 1 },
      });
      assertEquals(room.id, id);
    }),
});
