/**
 * A body with a `Content-Length`, which the runtime reads at once, still ends with
 * its request: over HTTP/1.1 and HTTP/2.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Buffer } from "node:buffer";
import {
  ApiError,
  type FetchFn,
  getRoom,
  type RoomsError,
  TimeoutError,
} from "../../mod.ts";
import { example, id } from "../support/example.ts";

/** A TCP server that counts its open connections. */
async function serve(act: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // the client may close it at any time
    act(socket);
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    /** How many connections are left open, after a moment. */
    async left(): Promise<number> {
      for (let i = 0; i < 100 && sockets.size > 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const stall = (ms = 0) => (socket: Socket) =>
  socket.on("data", () =>
    setTimeout(
      () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"),
      ms,
    ));

Deno.test("getRoom() ends a body with a Content-Length when the caller aborts", async () => {
  await using server = await serve(stall());
  const { baseUrl } = server;
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 50);
  const { signal } = controller;
  await assertRejects(
    () => getRoom(fetch, "KEY", id, { baseUrl, signal }),
    Error,
    "enough",
  );
  assertEquals(await server.left(), 0);
});

Deno.test("getRoom() reads at most 64 KiB of an error's body, even with a Content-Length", async () => {
  const errors = [{ code: "10005", title: "x".repeat(100_000) }];
  const body = JSON.stringify({ errors });
  const head = `HTTP/1.1 404 Not Found\r\ncontent-length: ${body.length}`;
  await using server = await serve((socket) =>
    socket.once("data", () => socket.end(`${head}\r\n\r\n${body}`))
  );
  const error = await assertRejects(
    () => getRoom(fetch, "KEY", id, { baseUrl: server.baseUrl }),
    ApiError,
  );
  assertEquals([error.status, error.details], [404, []]);
});

/** A real `fetch` without the signal. */
const ignoring: FetchFn = (url, { signal: _, ...init }) => fetch(url, init);

for (const [when, ms] of [["stalls", 0], ["comes late", 200]] as const) {
  Deno.test(`getRoom() cancels a body that ${when}, even if fetchFn drops the signal`, async () => {
    await using server = await serve(stall(ms));
    const { baseUrl } = server;
    await assertRejects(
      () =>
        getRoom(ignoring, "KEY", id, { baseUrl, timeoutMs: 100, retry: false }),
      TimeoutError,
    );
    assertEquals(await server.left(), 0);
  });
}

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
function frame(type: number, flags: number, stream: number, payload = "") {
  const bytes = Buffer.from(payload, "latin1");
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
}

const [DATA, HEADERS, SETTINGS] = [0, 1, 4];
const [END_STREAM, ACK, END_HEADERS] = [1, 1, 4];

/** Responds to each HTTP/2 request with a 200 of this length and body. */
const respondHttp2 = (length: number, body: string, ends = true) => {
  // `:status: 200`, and `content-length` as a literal (RFC 7541, section 6.2.2)
  const digits = String(length);
  const headers = "\x88\x0f\x0d" + String.fromCharCode(digits.length) + digits;
  return (socket: Socket) => {
    socket.write(frame(SETTINGS, 0, 0));
    let unread = Buffer.alloc(0);
    let at = 24; // past the client's preface
    socket.on("data", (data: Uint8Array) => {
      unread = Buffer.concat([unread, data]);
      while (unread.length >= at + 9) {
        const end = at + 9 + unread.readUIntBE(at, 3);
        if (unread.length < end) return;
        const [type, stream] = [unread[at + 3], unread.readUInt32BE(at + 5)];
        if (type === SETTINGS && unread[at + 4] !== ACK) {
          socket.write(frame(SETTINGS, ACK, 0));
        } else if (type === HEADERS) {
          socket.write(frame(HEADERS, END_HEADERS, stream, headers));
          socket.write(frame(DATA, ends ? END_STREAM : 0, stream, body));
        }
        at = end;
      }
    });
  };
};

const room = JSON.stringify(example);

const overHttp2: [string, (socket: Socket) => void, string][] = [
  ["of the declared length", respondHttp2(room.length, room), "room"],
  ["shorter than declared", respondHttp2(room.length + 5, room), "network"],
  ["longer than declared", respondHttp2(room.length - 5, room), "network"],
  ["of endless white space", respondHttp2(5, " ".repeat(9), false), "network"],
  ["that stalls", respondHttp2(room.length, room.slice(9), false), "timeout"],
  [
    "over the bound",
    respondHttp2(2 ** 30, " ".repeat(2000), false),
    "response_too_large",
  ],
];

for (const [what, act, expected] of overHttp2) {
  Deno.test(`getRoom() over HTTP/2 returns ${expected} for a body ${what}`, async () => {
    await using server = await serve(act);
    // Without TLS, a client has to know beforehand that it speaks HTTP/2
    using client = Deno.createHttpClient({ http1: false, http2: true });
    const global = globalThis.fetch;
    try {
      // isFramed() is true only for the global fetch
      globalThis.fetch = (input, init) => global(input, { ...init, client });
      const result = await getRoom(fetch, "KEY", id, {
        baseUrl: server.baseUrl,
        timeoutMs: 300,
        maxBodyBytes: 1000,
        retry: false,
      }).then(() => "room", (error) => (error as RoomsError).code);
      assertEquals(result, expected);
    } finally {
      globalThis.fetch = global;
    }
  });
}
