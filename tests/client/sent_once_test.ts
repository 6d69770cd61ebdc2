/**
 * A write is sent once, also when a kept connection closes before the response:
 * Deno's own `fetch` would send it again.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import net from "node:net";
import type { AddressInfo, Socket } from "node:net";
import tls from "node:tls";
import {
  type CallOptions,
  createComposition,
  createRoom,
  deleteRecordings,
  type FetchFn,
  getRoom,
  RoomsError,
  updateRoom,
} from "../../mod.ts";
import { makeCertificate } from "../support/certificate.ts";
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

/** How a client reaches the proxy. */
interface Proxy {
  fetchFn: FetchFn;
  opts: CallOptions;
  /** The methods of the writes that it forwarded. */
  forwarded: string[];
}

/**
 * Serves a proxy that answers the first request of a connection, and closes the
 * connection after the second one, which it forwarded.
 */
async function withLossyProxy(
  protocol: "http" | "https",
  use: (proxy: Proxy) => Promise<void>,
): Promise<void> {
  const forwarded: string[] = [];
  const open = new Set<Socket>();
  const serve = (socket: Socket) => {
    let sent = "";
    let answered = false;
    let closed = false;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      sent += bytes;
      const [first, second] = methodsOf(sent);
      if (second !== undefined && !closed) {
        closed = true;
        forwarded.push(second);
        socket.end();
      } else if (first !== undefined && !answered) {
        answered = true;
        if (first !== "GET") forwarded.push(first);
        const body = JSON.stringify(example);
        const length = new TextEncoder().encode(body).length;
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${body}`,
        );
      }
    });
  };
  const certificate = protocol === "https"
    ? await makeCertificate()
    : undefined;
  using client = certificate &&
    Deno.createHttpClient({ caCerts: [certificate.ca] });
  const server = certificate
    ? tls.createServer({ ...certificate, ALPNProtocols: ["http/1.1"] }, serve)
    : net.createServer(serve);
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  const fetchFn: FetchFn = client
    ? (url, init) => fetch(url, { ...init, client })
    : fetch;
  try {
    const opts = { baseUrl: `${protocol}://127.0.0.1:${port}` };
    await use({ fetchFn, opts, forwarded });
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

type Write = (fetchFn: FetchFn, opts: CallOptions) => Promise<unknown>;

const writes: Record<string, Write> = {
  createRoom: (fetchFn, opts) =>
    createRoom(fetchFn, "KEY", { unique_name: "A" }, opts),
  createComposition: (fetchFn, opts) =>
    createComposition(fetchFn, "KEY", { session_id: id }, opts),
  deleteRecordings: (fetchFn, opts) =>
    deleteRecordings(fetchFn, "KEY", { roomId: id }, opts),
};

for (const protocol of ["http", "https"] as const) {
  for (const [name, write] of Object.entries(writes)) {
    Deno.test({
      name:
        `${name}() over ${protocol} is sent once over a kept connection that closes, and says that it may have been done`,
      sanitizeOps: false, // Deno's fetch keeps connections
      sanitizeResources: false,
      fn: () =>
        withLossyProxy(protocol, async ({ fetchFn, opts, forwarded }) => {
          await getRoom(fetchFn, "KEY", id, opts); // opens a connection
          const error = await assertRejects(
            () => write(fetchFn, opts),
            RoomsError,
          );
          assertEquals(forwarded.length, 1, forwarded.join());
          assertEquals([error.code, error.attempts], ["network", 1]);
          assert(error.mayHaveTakenEffect);
          assert(
            error.message.includes("it may have been done"),
            error.message,
          );
        }),
    });
  }
}

Deno.test({
  name: "updateRoom() is repeated over another connection, as it is idempotent",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withLossyProxy("http", async ({ opts }) => {
      await getRoom(fetch, "KEY", id, opts);
      const room = await updateRoom(fetch, "KEY", id, {}, {
        ...opts,
        retry: { baseDelayMs: 1 },
      });
      assertEquals(room.id, id);
    }),
});
