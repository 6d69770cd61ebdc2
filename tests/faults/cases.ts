/**
 * What a server can do wrong, and what the caller must get, as data. The server
 * side is raw TCP; the client side is JSON, so that it runs on any runtime.
 */
import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import { example } from "../support/example.ts";
import { statuses } from "../support/statuses.ts";

/** What the server does on a connection, after `earlier` requests. */
type Act = (socket: Socket, earlier: number) => void | Promise<void>;

/** What the caller must get. */
export interface Outcome {
  /** `"room"`, or the code of a `RoomsError`; several where runtimes differ. */
  result: string[];
  /** The pointer of an `invalid_response`. */
  pointer?: string;
  /** The HTTP status of an `ApiError`. */
  status?: number;
  /** The `retryAfterMs` of the error. */
  retryAfterMs?: number;
}

export interface Case {
  name: string;
  /** Absent if nothing listens. */
  act?: Act;
  /** Options of `getRoom`, as JSON. */
  opts: Record<string, unknown>;
  expected: Outcome;
  /** How many requests the server must receive. */
  requests: number;
  /** By when the call must have settled, in milliseconds. */
  withinMs: number;
  /** Whether it is a redirect: a second request has followed it. */
  redirect?: true;
  /** The result on workerd, where `fetch` behaves otherwise. */
  workerd?: string;
}

const room = JSON.stringify(example);

/** 1 GiB of spaces in about 1 MiB: one block of deflate, again and again. */
const block = deflateRawSync(new Uint8Array(2 ** 20).fill(32), {
  finishFlush: constants.Z_FULL_FLUSH,
});
const bomb = Buffer.concat([
  Buffer.from("1f8b08000000000000ff", "hex"),
  ...Array<Uint8Array>(1024).fill(block),
  // An empty last block, the CRC-32 and the length
  Buffer.from("0300a67fc49a00000040", "hex"),
]);

/** A response as it goes over the wire. */
function response(
  status: number,
  body: string | Uint8Array = room,
  headers: Record<string, string> = {},
): Uint8Array {
  const bytes = typeof body === "string"
    ? new TextEncoder().encode(body)
    : body;
  const all: Record<string, string> = {
    "content-type": "application/json",
    "content-length": String(bytes.length),
    connection: "close",
    ...headers,
  };
  const head = [
    `HTTP/1.1 ${status} Whatever`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n");
  return Buffer.concat([Buffer.from(head), bytes]);
}

const sends = (bytes: string | Uint8Array): Act => (socket) =>
  void socket.end(bytes);

/** Sends something, and leaves the connection open. */
const sendsAndWaits = (bytes: string | Uint8Array): Act => (socket) =>
  void socket.write(bytes);

const chunked = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" +
  "transfer-encoding: chunked\r\nconnection: close\r\n\r\n";

/** A room that spaces fill up to a length, each byte in a chunk of its own. */
const inSingleBytes = (length: number): string =>
  chunked + Array.from(
    room.padEnd(length),
    (char) => `1\r\n${char}\r\n`,
  ).join("") + "0\r\n\r\n";

/** Writes endlessly, as fast as it is read or every `pauseMs`. */
const forever =
  (head: string, piece: string | Uint8Array, pauseMs = 0): Act =>
  async (socket) => {
    socket.setMaxListeners(0);
    socket.write(head);
    // Bounded for a client that never stops: 1 GiB or a minute
    const pieces = pauseMs > 0 ? 60_000 / pauseMs : 2 ** 30 / piece.length;
    for (let i = 0; i < pieces && !socket.destroyed; i++) {
      const flushed = socket.write(piece);
      await new Promise<void>((resolve) => {
        if (flushed) setTimeout(resolve, pauseMs);
        else {
          socket.once("drain", resolve);
          socket.once("close", () => resolve());
        }
      });
    }
    socket.end();
  };

/** Faults first, then the room. */
const then = (...acts: Act[]): Act => (socket, earlier) =>
  (acts[earlier] ?? sends(response(200)))(socket, earlier);

const retry = { baseDelayMs: 1, maxDelayMs: 5 };
const quick = { retry: false, timeoutMs: 400 };
/** Far more than any call takes, also on a busy machine. */
const soon = 20_000;

type CaseData = Omit<Case, "name">;

const isRoom = (act: Act, requests = 1, opts = {}): CaseData => ({
  act,
  opts: { retry, ...opts },
  expected: { result: ["room"] },
  requests,
  withinMs: soon,
});

const fails = (
  result: string | string[],
  act: Act | undefined,
  requests: number,
  opts: Record<string, unknown> = { retry },
  more: Partial<Outcome> = {},
): CaseData => ({
  ...(act && { act }),
  opts,
  expected: { result: [result].flat(), ...more },
  requests,
  withinMs: soon,
});

const invalid = (body: string | Uint8Array, pointer = ""): CaseData =>
  fails("invalid_response", sends(response(200, body)), 1, { retry }, {
    pointer,
  });

const general = (code: string) =>
  JSON.stringify({ errors: [{ code, title: "No" }] });
const bare = (code: string) => JSON.stringify({ code, title: "No" });

const bodies: [string, string][] = [
  ["the general error body", general("10015")],
  ["the bare error body", bare("10005")],
  ["a proxy's HTML", "<html><h1>No</h1></html>"],
  ["no body", ""],
];

const redirects: [string, string][] = [
  ["the same path", ""],
  ["another path", "/elsewhere"],
  ["another origin", "http://localhost:9/elsewhere"],
  ["a file", "file:///etc/passwd"],
  ["data", "data:application/json,%7B%7D"],
  ["nowhere", "::"],
];

const table: Record<string, CaseData> = {
  "nothing listens": fails("network", undefined, 0),
  "a reset before the headers": fails(
    "network",
    (socket) => void socket.resetAndDestroy(),
    3,
  ),
  "a close before the headers": fails("network", sends(""), 3),
  "a reset between headers and body": fails(
    "network",
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n");
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
    3,
  ),
  "a reset inside the body": fails(
    "network",
    (socket) => {
      socket.write(response(200).slice(0, 300));
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
    3,
  ),
  "a body that ends before its Content-Length": fails(
    "network",
    sends(response(200).slice(0, 300)),
    3,
  ),
  "a chunked body without its end": fails(
    "network",
    sends(`${chunked}10\r\n{"data":{"id":"7"\r\n`),
    3,
  ),
  "a malformed chunk": fails("network", sends(`${chunked}zz\r\n{}\r\n`), 3),
  "a malformed status line": fails("network", sends("HELLO\r\n\r\n"), 3),
  "headers that never end": fails(
    ["timeout", "network"],
    forever("HTTP/1.1 200 OK\r\n", "x-more: and more\r\n", 5),
    1,
    quick,
  ),
  "silence before the headers": fails(
    "timeout",
    sendsAndWaits(""),
    1,
    quick,
  ),
  "headers that are cut off": fails(
    "timeout",
    sendsAndWaits("HTTP/1.1 200 OK\r\ncontent-"),
    1,
    quick,
  ),
  "a body that stalls": fails(
    "timeout",
    sendsAndWaits(response(200).slice(0, 300)),
    1,
    quick,
  ),
  "a body that never begins": fails(
    "timeout",
    sendsAndWaits("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"),
    1,
    quick,
  ),
  "a body that trickles for ever": fails(
    "timeout",
    forever(`${chunked}`, "1\r\n \r\n", 5),
    1,
    quick,
  ),
  "10,000 chunks of one byte": isRoom(sends(inSingleBytes(10_000))),
  "chunks of one byte without an end, as fast as they are read": fails(
    "timeout",
    forever(`${chunked}`, "1\r\n \r\n".repeat(5000)),
    1,
    quick,
  ),
  "an endless body": fails(
    "response_too_large",
    forever("HTTP/1.1 200 OK\r\n\r\n", " ".repeat(65_536)),
    1,
    { retry, maxBodyBytes: 1_000_000 },
  ),
  "endless chunks under a small Content-Length": fails(
    // Some parsers refuse both together, as RFC 9112, section 6.3, lets them
    ["response_too_large", "network"],
    forever(
      chunked.replace("transfer", "content-length: 5\r\ntransfer"),
      `10000\r\n${" ".repeat(65_536)}\r\n`,
    ),
    1,
    { retry: false, maxBodyBytes: 1_000_000 },
  ),
  "a Content-Length past the bound": fails(
    "response_too_large",
    forever(
      `HTTP/1.1 200 OK\r\ncontent-length: ${2 ** 30}\r\n\r\n`,
      " ".repeat(65_536),
    ),
    1,
    { retry, maxBodyBytes: 1_000_000 },
  ),
  "a gzip bomb": fails(
    "response_too_large",
    (socket) =>
      void socket.end(
        response(200, bomb, { "content-encoding": "gzip" }),
      ),
    1,
    { retry, maxBodyBytes: 1_000_000 },
  ),
  "a gzip body that is none": fails(
    ["network", "invalid_response"],
    sends(response(200, room, { "content-encoding": "gzip" })),
    1,
    { retry: false },
  ),
  "a Content-Length that is too small": fails(
    "invalid_response",
    sends(response(200, room, { "content-length": "100" })),
    1,
  ),
  "a Content-Length that is too large": fails(
    "network",
    sends(response(200, room, { "content-length": "100000" })),
    3,
  ),
  "a 200 with a byte order mark": isRoom(sends(response(200, `\ufeff${room}`))),
  "a 200 with gzip": isRoom(
    sends(response(200, gzipSync(room), { "content-encoding": "gzip" })),
  ),
  "a 200 with HTML": invalid("<!doctype html><title>Sign in</title>"),
  "a 200 with nothing": invalid(""),
  "a 200 with null": invalid("null"),
  "a 200 with cut JSON": invalid(room.slice(0, 200)),
  "a 200 with invalid UTF-8": invalid(
    new Uint8Array([0x22, 0xc3, 0x28, 0x22]),
  ),
  "a 200 with an error body": invalid(general("10007"), "/data"),
  "a 200 with a field of the wrong type": invalid(
    room.replace('"active":true', '"active":"yes"'),
    "/data/sessions/0/active",
  ),
  "a 200 with 200,000 nested arrays": isRoom(
    sends(
      response(
        200,
        `{"data":{"id":"7","deep":${"[".repeat(2e5)}${"]".repeat(2e5)}}}`,
      ),
    ),
  ),
  "a 200 with duplicate keys": isRoom(
    sends(response(200, '{"data":7,"data":{"id":7,"id":"7"}}')),
  ),
  "a 200 with `__proto__` for a key": isRoom(
    sends(response(200, '{"data":{"id":"7","__proto__":{"id":7}}}')),
  ),
  "a 103 before the answer": {
    ...isRoom(
      sends(
        new Uint8Array([
          ...new TextEncoder().encode("HTTP/1.1 103 Early Hints\r\n\r\n"),
          ...response(200),
        ]),
      ),
    ),
    workerd: "unexpected_status", // it takes the 103 as the response
  },
  "a 204": fails(
    "unexpected_status",
    sends("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
    1,
    { retry },
    { status: 204 },
  ),
  "an error whose body stalls": fails(
    "not_found",
    sendsAndWaits(response(404, general("10005")).slice(0, 110)),
    1,
    quick,
    { status: 404 },
  ),
  "an error whose body is endless": fails(
    "not_found",
    forever("HTTP/1.1 404 Not Found\r\n\r\n", " ".repeat(65_536)),
    1,
    { retry },
    { status: 404 },
  ),
  "an error with a Content-Length past 64 KiB": fails(
    "not_found",
    forever(
      `HTTP/1.1 404 Not Found\r\ncontent-length: ${2 ** 30}\r\n\r\n`,
      " ".repeat(65_536),
    ),
    1,
    { retry },
    { status: 404 },
  ),
  "a 429 that says 0 seconds": isRoom(
    then(sends(response(429, general("10011"), { "retry-after": "0" }))),
    2,
  ),
  "a 429 with a date that is past": isRoom(
    then(
      sends(
        response(429, general("10011"), {
          "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT",
        }),
      ),
    ),
    2,
  ),
  "a 429 that says a day": fails(
    "rate_limited",
    sends(response(429, general("10011"), { "retry-after": "86400" })),
    1,
    { retry },
    { status: 429, retryAfterMs: 86_400_000 },
  ),
  "a 429 that says garbage": isRoom(
    then(sends(response(429, "", { "retry-after": "soon, maybe" }))),
    2,
  ),
  "a 429 that says it twice": fails(
    "rate_limited",
    sends(
      `HTTP/1.1 429 No\r\nretry-after: 60\r\nretry-after: 70\r\n` +
        `content-length: 0\r\nconnection: close\r\n\r\n`,
    ),
    1,
    { retry },
    { status: 429, retryAfterMs: 60_000 },
  ),
  "a 429 with x-ratelimit-reset alone": fails(
    "rate_limited",
    sends(response(429, general("10011"), { "x-ratelimit-reset": "90" })),
    1,
    { retry },
    { status: 429, retryAfterMs: 90_000 },
  ),
  "a 503 once": isRoom(then(sends(response(503, ""))), 2),
  "a 503 twice": isRoom(
    then(sends(response(503, "")), sends(response(500, ""))),
    3,
  ),
  "a connection that breaks once": isRoom(then(sends("")), 2),
  "a body that breaks once": isRoom(
    then(sends(response(200).slice(0, 300))),
    2,
  ),
};

for (const [status, code, again] of statuses) {
  for (const [name, body] of bodies) {
    table[`a ${status} with ${name}`] = fails(
      code,
      sends(response(status, body)),
      again ? 3 : 1,
      { retry },
      { status },
    );
  }
}

// A Content-Length that is not a number must not be trusted
for (const length of ["", "0x10", "-5", "5\r\ncontent-length: 9"]) {
  table[`a Content-Length of ${JSON.stringify(length)}`] = fails(
    ["network", "response_too_large"],
    forever(
      `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`,
      " ".repeat(65_536),
    ),
    1,
    { retry: false, maxBodyBytes: 1_000_000 },
  );
}

for (const [name, location] of redirects) {
  for (const status of [301, 302, 307, 308]) {
    const body = response(status, "", { location: location || "." });
    table[`a ${status} to ${name}`] = {
      ...fails("unexpected_status", sends(body), 1),
      redirect: true,
    };
  }
}

/** Every case, in the order of the table. */
export const cases: Case[] = Object.entries(table).map(([name, data]) => ({
  name,
  ...data,
}));
