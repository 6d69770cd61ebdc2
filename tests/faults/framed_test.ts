/**
 * A body with a `Content-Length`, which the runtime reads at once, still ends with
 * its request: over HTTP/1.1 and HTTP/2.
 */
import { assertEquals, assertRejects } from "@std/assert";
import http2, { type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { ApiError, getRoom, type RoomsError } from "../../mod.ts";
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

const stall = (socket: Socket) =>
  socket.on("data", () => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{");
  });

Deno.test("getRoom() ends a body with a Content-Length when the caller aborts", () =>
  serving(stall, async (baseUrl) => {
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

/** What a server does with an HTTP/2 request. */
type Respond = (stream: ServerHttp2Stream) => void;

/** Responds with a 200 of this length and body. */
function responds(length: number, body: string, ends = true): Respond {
  return (stream) => {
    stream.on("error", () => {}); // the client may end it at any time
    stream.respond({ ":status": 200, "content-length": length });
    ends ? stream.end(body) : stream.write(body);
  };
}

const room = JSON.stringify(example);
const { length } = room;
const over = responds(2 ** 30, " ".repeat(2000), false);

const overHttp2: [string, Respond, string][] = [
  ["of the declared length", responds(length, room), "room"],
  ["shorter than declared", responds(length + 5, room), "network"],
  ["longer than declared", responds(length - 5, room), "network"],
  ["of endless white space", responds(5, " ".repeat(9), false), "network"],
  ["that stalls", responds(length, room.slice(9), false), "timeout"],
  ["over the bound", over, "response_too_large"],
];

for (const [what, act, expected] of overHttp2) {
  Deno.test(`getRoom() over HTTP/2 returns ${expected} for a body ${what}`, async () => {
    const { port, close } = await listen(
      () => {},
      (onSocket) =>
        http2.createServer().on("stream", act).on("connection", onSocket),
    );
    // Without TLS, a client has to know beforehand that it speaks HTTP/2
    using client = Deno.createHttpClient({ http1: false, http2: true });
    const global = globalThis.fetch;
    try {
      // isFramed() is true only for the global fetch
      globalThis.fetch = (input, init) => global(input, { ...init, client });
      const result = await getRoom(fetch, "KEY", id, {
        baseUrl: `http://127.0.0.1:${port}`,
        timeoutMs: expected === "timeout" ? 300 : 30_000,
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
