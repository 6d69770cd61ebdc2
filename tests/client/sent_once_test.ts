/**
 * A write is sent once, also when a kept connection closes before the response:
 * Deno's own `fetch` would send it again.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Socket } from "node:net";
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
import { listen, onRequests } from "../support/tcp.js";

const body = JSON.stringify(example);
const answer =
  `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

type Call = (fetchFn: FetchFn, opts: CallOptions) => Promise<unknown>;

/**
 * Makes a call by a connection that is kept, to a proxy that closes it after the
 * second request, which it forwarded; returns what it forwarded.
 */
async function callOverLossyProxy(isSecure: boolean, call: Call) {
  const forwarded: string[] = [];
  const serve = (socket: Socket) =>
    onRequests(socket, ({ method, nth }: { method: string; nth: number }) => {
      if (method !== "GET") forwarded.push(method);
      if (nth === 0) socket.write(answer);
      else socket.end();
    });
  const certificate = isSecure ? await makeCertificate() : undefined;
  const { port, close } = await listen(
    serve,
    certificate &&
      ((onSocket) =>
        tls.createServer(
          { ...certificate, ALPNProtocols: ["http/1.1"] },
          onSocket,
        )),
  );
  using client = certificate &&
    Deno.createHttpClient({ caCerts: [certificate.ca] });
  const fetchFn: FetchFn = client
    ? (url, init) => fetch(url, { ...init, client })
    : fetch;
  try {
    const baseUrl = `http${isSecure ? "s" : ""}://127.0.0.1:${port}`;
    await getRoom(fetchFn, "KEY", id, { baseUrl }); // opens a connection
    await call(fetchFn, { baseUrl, retry: { baseDelayMs: 1 } });
  } finally {
    await close();
  }
  return forwarded;
}

const create: Call = (fetchFn, opts) =>
  createRoom(fetchFn, "KEY", { unique_name: "A" }, opts);
const writes: Record<string, Call> = {
  "createRoom()": create,
  "createComposition()": (fetchFn, opts) =>
    createComposition(fetchFn, "KEY", { session_id: id }, opts),
  "deleteRecordings()": (fetchFn, opts) =>
    deleteRecordings(fetchFn, "KEY", { roomId: id }, opts),
};

// Deno's fetch keeps connections
const keeping = { sanitizeOps: false, sanitizeResources: false };

for (const name of [...Object.keys(writes), "createRoom() over TLS"]) {
  const isSecure = name.endsWith("TLS");
  Deno.test({
    name:
      `${name} is sent once over a kept connection that closes, and says that it may have been done`,
    ...keeping,
    async fn() {
      const sent = await callOverLossyProxy(isSecure, async (...args) => {
        const write = writes[name] ?? create;
        const error = await assertRejects(() => write(...args), RoomsError);
        assertEquals([error.code, error.attempts], ["network", 1]);
        assert(error.mayHaveTakenEffect);
        assert(error.message.includes("may have been done"), error.message);
      });
      assertEquals(sent.length, 1);
    },
  });
}

Deno.test({
  name: "updateRoom() is repeated over another connection, as it is idempotent",
  ...keeping,
  async fn() {
    const sent = await callOverLossyProxy(false, async (fetchFn, opts) => {
      const room = await updateRoom(fetchFn, "KEY", id, {}, opts);
      assertEquals(room.id, id);
    });
    assertEquals(sent.length, 2);
  },
});
