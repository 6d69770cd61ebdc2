/**
 * A body with a `Content-Length`, which the runtime reads at once, still ends with
 * its request: over HTTP/1.1 and HTTP/2.
 */
import { assertEquals, assertRejects } from "@std/assert";
import type { Socket } from "node:net";
import { Buffer } from "node:buffer";
import {
  ApiError,
  type FetchFn,
  getRoom,
  type RoomsError,
  TimeoutError,
} from "../../mod.ts";
import { example, id } from "../support/example.ts";
import { listen } from "../support/tcp.js";

/** Serves with bare TCP, and asserts that no connection is left. */
async function serving(
  serve: (socket: Socket) => void,
  use: (baseUrl: string) => Promise<unknown>,
) {
  const { port, left, close } = await listen(serve);
  try {
    await use(`http://127.0.0.1:${port}`);
    assertEquals(await left(), 0);
  } finally {
    await close();
  }
}

const stall = (ms = 0) => (socket: Socket) =>
  socket.on("data", () =>
    setTimeout(
      () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"),
      ms,
    ));

Deno.test("getRoom() ends a body with a Content-Length when the caller aborts", () =>
  serving(stall(), async (baseUrl) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 50);
    const { signal } = controller;
    const call = getRoom(fetch, "KEY", id, { baseUrl, signal });
    await assertRejects(() => call, Error, "enough");
  }));

Deno.test("getRoom() reads at most 64 KiB of an error's body, even with a Content-Length", () => {
  const errors = [{ code: "10005", title: "x".repeat(100_000) }];
  const body = JSON.stringify({ errors });
  const head = "HTTP/1.1 404 Not Found\r\nconnection: close\r\n" +
    `content-length: ${body.length}\r\n\r\n`;
  const act = (socket: Socket) =>
    socket.once("data", () => socket.end(head + body));
  return serving(act, async (baseUrl) => {
    const call = getRoom(fetch, "KEY", id, { baseUrl });
    const error = await assertRejects(() => call, ApiError);
    assertEquals([error.status, error.details], [404, []]);
  });
});

/** A real `fetch` without the signal. */
const ignoring: FetchFn = (url, { signal: _, ...init }) => fetch(url, init);

for (const [when, ms] of [["stalls", 0], ["comes late", 200]] as const) {
  Deno.test(`getRoom() cancels a body that ${when}, even if fetchFn drops the signal`, () =>
    serving(stall(ms), async (baseUrl) => {
      const opts = { baseUrl, timeoutMs: 100, retry: false } as const;
      const call = getRoom(ignoring, "KEY", id, opts);
      await assertRejects(() => call, TimeoutError);
    }));
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
const { length } = room;
const over = respondHttp2(2 ** 30, " ".repeat(2000), false);

const overHttp2: [string, (socket: Socket) => void, string][] = [
  ["of the declared length", respondHttp2(length, room), "room"],
  ["shorter than declared", respondHttp2(length + 5, room), "network"],
  ["longer than declared", respondHttp2(length - 5, room), "network"],
  ["of endless white space", respondHttp2(5, " ".repeat(9), false), "network"],
  ["that stalls", respondHttp2(length, room.slice(9), false), "timeout"],
  ["over the bound", over, "response_too_large"],
];

for (const [what, act, expected] of overHttp2) {
  Deno.test(`getRoom() over HTTP/2 returns ${expected} for a body ${what}`, async () => {
    const { port, close } = await listen(act);
    // Without TLS, a client has to know beforehand that it speaks HTTP/2
    using client = Deno.createHttpClient({ http1: false, http2: true });
    const global = globalThis.fetch;
    try {
      // isFramed() is true only for the global fetch
      globalThis.fetch = (input, init) => global(input, { ...init, client });
      const result = await getRoom(fetch, "KEY", id, {
        baseUrl: `http://127.0.0.1:${port}`,
        timeoutMs: 300,
        maxBodyBytes: 1000,
        retry: false,
      }).then(() => "room", (error) => (error as RoomsError).code);
      assertEquals(result, expected);
    } finally {
      globalThis.fetch = global;
      await close();
    }
  });
}
