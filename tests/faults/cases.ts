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
  /** Whether it is a redirect: a second request has followed it. */
  redirect?: true;
  /** The result on workerd, where `fetch` behaves otherwise. */
  workerd?: string;
}

/** What cases have in common. */
type Common = Outcome & Partial<Omit<Case, "name" | "act" | "expected">>;

const retry = { baseDelayMs: 1, maxDelayMs: 5 };
// What has much to read takes long on a busy machine
const patient = { timeoutMs: 60_000, attemptTimeoutMs: 60_000 };
// The request must come before, also on a busy machine
const quick = { retry: false, timeoutMs: 2000 };
const maxBodyBytes = 1_000_000;

const room = JSON.stringify(example);
const general = (code: string) =>
  JSON.stringify({ errors: [{ code, title: "No" }] });

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
  const bytes = Buffer.from(body);
  const all = {
    "content-type": "application/json",
    "content-length": String(bytes.length),
    connection: "close",
    ...headers,
  };
  const lines = Object.entries(all).map((header) => `${header.join(": ")}\r\n`);
  const head = `HTTP/1.1 ${status} Whatever\r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

const sends = (bytes: string | Uint8Array): Act => (socket) =>
  void socket.end(bytes);
const responds = (...parts: Parameters<typeof response>): Act =>
  sends(response(...parts));
const half = response(200).slice(0, 300);

/** Sends something, and leaves the connection open. */
const sendsAndWaits = (bytes: string | Uint8Array): Act => (socket) =>
  void socket.write(bytes);

/** Sends something, and resets the connection a moment later. */
const sendsAndResets = (bytes: string | Uint8Array): Act => (socket) => {
  socket.write(bytes);
  setTimeout(() => socket.resetAndDestroy(), 20);
};

const ok = "HTTP/1.1 200 OK\r\n";
const chunked = `${ok}content-type: application/json\r\n` +
  "transfer-encoding: chunked\r\nconnection: close\r\n\r\n";
const spaces = " ".repeat(65_536);

/** A room that spaces fill up to a length, each byte in a chunk of its own. */
const inSingleBytes = (length: number): string =>
  chunked + room.padEnd(length).replace(/./gs, "1\r\n$&\r\n") + "0\r\n\r\n";

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
const once = (...acts: Act[]): Act => (socket, earlier) =>
  (acts[earlier] ?? responds(200))(socket, earlier);

const busy = (retryAfter: string): Act =>
  responds(429, general("10011"), { "retry-after": retryAfter });
const deep = `${"[".repeat(2e5)}${"]".repeat(2e5)}`;
const notFound = "HTTP/1.1 404 Not Found\r\n";

const errorBodies = {
  "the general error body": general("10015"),
  "the bare error body": JSON.stringify({ code: "10005", title: "No" }),
  "a proxy's HTML": "<html><h1>No</h1></html>",
  "no body": "",
};
const targets = {
  "the same path": ".",
  "another path": "/elsewhere",
  "another origin": "http://localhost:9/elsewhere",
  "a file": "file:///etc/passwd",
  "data": "data:application/json,%7B%7D",
  "nowhere": "::",
};

/** What faults have in common, and what the server does, by their names. */
const groups: [Common, Record<string, Act>][] = [
  // Those that wait come first: they are played beside the others
  [{ result: ["timeout"], opts: quick }, {
    "silence before the headers": sendsAndWaits(""),
    "headers that are cut off": sendsAndWaits(`${ok}content-`),
    "a body that stalls": sendsAndWaits(half),
    "a body that never begins": sendsAndWaits(`${ok}content-length: 9\r\n\r\n`),
    "a body that trickles for ever": forever(chunked, "1\r\n \r\n", 5),
  }],
  // Both ends are busy all the time
  [{ result: ["timeout"], opts: { ...quick, timeoutMs: 1000 } }, {
    "chunks of one byte without an end, as fast as they are read": forever(
      chunked,
      "1\r\n \r\n".repeat(5000),
    ),
  }],
  // What some parsers refuse
  [{ result: ["timeout", "network"], opts: quick }, {
    "headers that never end": forever(ok, "x-more: and more\r\n", 5),
  }],
  [{
    result: ["not_found"],
    status: 404,
    opts: { ...quick, timeoutMs: 4000 }, // the head must come before
  }, {
    "an error whose body stalls": sendsAndWaits(
      response(404, general("10005")).slice(0, 110),
    ),
  }],

  [{ result: ["network"], requests: 3 }, {
    "a reset before the headers": (socket) => void socket.resetAndDestroy(),
    "a close before the headers": sends(""),
    "a reset between headers and body": sendsAndResets(
      `${ok}content-length: 500\r\n\r\n`,
    ),
    "a reset inside the body": sendsAndResets(half),
    "a body that ends before its Content-Length": sends(half),
    "a chunked body without its end": sends(
      `${chunked}10\r\n{"data":{"id":"7"\r\n`,
    ),
    "a malformed chunk": sends(`${chunked}zz\r\n{}\r\n`),
    "a malformed status line": sends("HELLO\r\n\r\n"),
    "a Content-Length that is too large": responds(200, room, {
      "content-length": "100000",
    }),
  }],

  [{
    result: ["response_too_large"],
    opts: { ...patient, retry, maxBodyBytes },
  }, {
    "an endless body": forever(`${ok}\r\n`, spaces),
    "a Content-Length past the bound": forever(
      `${ok}content-length: ${2 ** 30}\r\n\r\n`,
      spaces,
    ),
    "a gzip bomb": responds(200, bomb, { "content-encoding": "gzip" }),
  }],
  [{
    // A Content-Length that is not a number must not be trusted; some refuse it
    result: ["response_too_large", "network"],
    opts: { ...patient, retry: false, maxBodyBytes },
  }, {
    // RFC 9112, section 6.3, lets them refuse both together
    "endless chunks under a small Content-Length": forever(
      chunked.replace("transfer", "content-length: 5\r\ntransfer"),
      `10000\r\n${spaces}\r\n`,
    ),
    ...Object.fromEntries(
      ["", "0x10", "-5", "5\r\ncontent-length: 9"].map((length) => [
        `a Content-Length of ${JSON.stringify(length)}`,
        forever(`${ok}content-length: ${length}\r\n\r\n`, spaces),
      ]),
    ),
  }],
  [{ result: ["network", "invalid_response"], opts: { retry: false } }, {
    "a gzip body that is none": responds(200, room, {
      "content-encoding": "gzip",
    }),
  }],

  [{ result: ["invalid_response"], pointer: "" }, {
    "a Content-Length that is too small": responds(200, room, {
      "content-length": "100",
    }),
    "a 200 with HTML": responds(200, "<!doctype html><title>Sign in</title>"),
    "a 200 with nothing": responds(200, ""),
    "a 200 with null": responds(200, "null"),
    "a 200 with cut JSON": responds(200, room.slice(0, 200)),
    "a 200 with invalid UTF-8": responds(200, Buffer.from('"\xc3("', "latin1")),
  }],
  [{ result: ["invalid_response"], pointer: "/data" }, {
    "a 200 with an error body": responds(200, general("10007")),
  }],
  [{ result: ["invalid_response"], pointer: "/data/sessions/0/active" }, {
    "a 200 with a field of the wrong type": responds(
      200,
      room.replace('"active":true', '"active":"yes"'),
    ),
  }],

  [{ result: ["room"] }, {
    "a 200 with a byte order mark": responds(200, `\ufeff${room}`),
    "a 200 with 200,000 nested arrays": responds(
      200,
      `{"data":{"id":"7","deep":${deep}}}`,
    ),
    "a 200 with duplicate keys": responds(
      200,
      '{"data":7,"data":{"id":7,"id":"7"}}',
    ),
    "a 200 with `__proto__` for a key": responds(
      200,
      '{"data":{"id":"7","__proto__":{"id":7}}}',
    ),
    "10,000 chunks of one byte": sends(inSingleBytes(10_000)),
    "a 200 with gzip": responds(200, gzipSync(room), {
      "content-encoding": "gzip",
    }),
  }],
  // workerd takes the 103 as the response
  [{ result: ["room"], workerd: "unexpected_status" }, {
    "a 103 before the answer": sends(
      `HTTP/1.1 103 Early Hints\r\n\r\n${response(200)}`,
    ),
  }],

  [{ result: ["room"], requests: 2 }, {
    "a 429 that says 0 seconds": once(busy("0")),
    "a 429 with a date that is past": once(
      busy("Wed, 21 Oct 2015 07:28:00 GMT"),
    ),
    "a 429 that says garbage": once(busy("soon, maybe")),
    "a 503 once": once(responds(503, "")),
    "a connection that breaks once": once(sends("")),
    "a body that breaks once": once(sends(half)),
  }],
  [{ result: ["room"], requests: 3 }, {
    "a 503 twice": once(responds(503, ""), responds(500, "")),
  }],

  [{ result: ["unexpected_status"], status: 204 }, {
    "a 204": sends("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
  }],
  [{ result: ["not_found"], status: 404 }, {
    "an error whose body is endless": forever(`${notFound}\r\n`, spaces),
    "an error with a Content-Length past 64 KiB": forever(
      `${notFound}content-length: ${2 ** 30}\r\n\r\n`,
      spaces,
    ),
  }],
  [{ result: ["rate_limited"], status: 429, retryAfterMs: 86_400_000 }, {
    "a 429 that says a day": busy("86400"),
  }],
  [{ result: ["rate_limited"], status: 429, retryAfterMs: 60_000 }, {
    "a 429 that says it twice": busy("60\r\nretry-after: 70"),
  }],
  [{ result: ["rate_limited"], status: 429, retryAfterMs: 90_000 }, {
    "a 429 with x-ratelimit-reset alone": responds(429, general("10011"), {
      "x-ratelimit-reset": "90",
    }),
  }],

  ...statuses.map(([status, code, isTemporary]): typeof groups[0] => [
    { result: [code], status, requests: isTemporary ? 3 : 1 },
    Object.fromEntries(
      Object.entries(errorBodies).map(([name, body]) => [
        `a ${status} with ${name}`,
        responds(status, body),
      ]),
    ),
  ]),
  [
    { result: ["unexpected_status"], redirect: true },
    Object.fromEntries(
      Object.entries(targets).flatMap(([name, location]) =>
        [301, 302, 307, 308].map((status) => [
          `a ${status} to ${name}`,
          responds(status, "", { location }),
        ])
      ),
    ),
  ],
];

/** Every case. */
export const cases: Case[] = [
  {
    name: "nothing listens",
    opts: { retry },
    expected: { result: ["network"] },
    requests: 0,
  },
  ...groups.flatMap(([common, acts]) => {
    const {
      opts = { ...patient, retry },
      requests = 1,
      redirect,
      workerd,
      ...expected
    } = common;
    const more = { ...redirect && { redirect }, ...workerd && { workerd } };
    return Object.entries(acts)
      .map(([name, act]) => ({ name, act, opts, expected, requests, ...more }));
  }),
];
