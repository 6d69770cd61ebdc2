/** Requests that browsers never send, but that reach a server. */
import assert from "node:assert/strict";

const webSocket = "connection: upgrade\r\nupgrade: websocket\r\n" +
  "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==";
const json = "content-type: application/json\r\ncontent-length:";

/** Requests as they stand on the wire; `path` is one that the server knows. */
const oddRequests = (path: string): string[] => [
  "TRACE / HTTP/1.1\r\nhost: x",
  `TRACE ${path} HTTP/1.1\r\nhost: x`,
  "CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443",
  "OPTIONS * HTTP/1.1\r\nhost: x",
  "PROPFIND / HTTP/1.1\r\nhost: x",
  `GET http://example.com${path} HTTP/1.1\r\nhost: example.com`,
  "GET http:// HTTP/1.1\r\nhost: x",
  "GET //[ HTTP/1.1\r\nhost: x",
  "GET //example.com:99999/ HTTP/1.1\r\nhost: x",
  "GET /%ff%zz%00 HTTP/1.1\r\nhost: x",
  "GET /rooms/%ff HTTP/1.1\r\nhost: x",
  "GET /rooms/%2e%2e/constructor HTTP/1.1\r\nhost: x",
  "GET /% HTTP/1.1\r\nhost: x",
  "GET /%E0%A4%A HTTP/1.1\r\nhost: x",
  "GET /rooms/%00 HTTP/1.1\r\nhost: x",
  "GET /rooms/%2F%2e%2e%5c HTTP/1.1\r\nhost: x",
  "GET /rooms/__proto__ HTTP/1.1\r\nhost: x",
  "GET /rooms/%0d%0ax:y HTTP/1.1\r\nhost: x",
  `GET /rooms/${"a".repeat(10_000)} HTTP/1.1\r\nhost: x`,
  `GET ${path}%00 HTTP/1.1\r\nhost: x`,
  `GET ${path}%2F HTTP/1.1\r\nhost: x`,
  `GET ${path}%zz HTTP/1.1\r\nhost: x`,
  `GET ${path}?%zz&%00=%ff HTTP/1.1\r\nhost: x`,
  `GET ${path} HTTP/1.0`,
  `GET ${path}`,
  `GET ${path} HTTP/1.1`,
  `GET ${path} HTTP/3.7\r\nhost: x`,
  `get ${path} http/1.1\r\nhost: x`,
  `GET ${path} HTTP/1.1\r\nhost:`,
  `GET ${path} HTTP/1.1\r\nhost: a b`,
  `GET ${path} HTTP/1.1\r\nhost: [::1`,
  `GET ${path} HTTP/1.1\r\nhost: x:99999`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nx-large: ${"a".repeat(200_000)}`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\n${"x: y\r\n".repeat(5000)}z: z`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nbroken`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nbroken : x`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nx-null: \0`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nx-folded: a\r\n b`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nhost: y`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\n${webSocket}`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nx-latin: \xe9\xff`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Basic \xff`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n{{{`,
  `HEAD ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n{{{`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} x\r\n\r\n{`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 1\r\n\r\n{`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 4\r\n\r\nnull`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 26\r\n\r\n{"name":{"toString":null}} `,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 2\r\nexpect: 100-continue\r\n\r\n{}`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 9999\r\n\r\n{`, // cut off
  "",
  "\0\0\0\0",
];

/**
 * Sends bytes, and returns the first line of the response; `""` if there is none
 * within these milliseconds.
 */
async function send(
  port: number,
  text: string,
  patienceMs: number,
): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const end = text.includes("\r\n\r\n") ? "" : "\r\n\r\n";
  const bytes = Uint8Array.from(
    [...text + end].map((character) => character.charCodeAt(0)),
  );
  const answer = new Uint8Array(1024);
  const timer = setTimeout(() => connection.close(), patienceMs);
  try {
    for (let sent = 0; sent < bytes.length;) {
      sent += await connection.write(bytes.subarray(sent));
    }
    const length = await connection.read(answer) ?? 0;
    const head = new TextDecoder().decode(answer.subarray(0, length));
    return head.split("\r\n")[0] ?? "";
  } catch {
    return ""; // the server closed the connection
  } finally {
    clearTimeout(timer);
  }
}

interface OddRequestsOptions {
  /** What the server printed so far, for the message. */
  log?: () => string;
  /**
   * Requests, by how they start, that the platform itself answers with a 500,
   * whatever the program.
   */
  notOurs?: string[];
}

/** workerd cannot make a URL of these; a worker does not see them. */
export const onWorkerd: OddRequestsOptions = {
  notOurs: [
    "CONNECT",
    "OPTIONS *",
    "GET http:",
    "GET /path HTTP/1.1 host: a b",
    "GET /path HTTP/1.1 host: [::1",
    "GET /path HTTP/1.1 host: x:99999",
    "GET /path HTTP/1.1 host: x host: y",
    "POST /path HTTP/1.1 host: x content-type: application/json content-length: x",
  ],
};

/** Next.js does not decode these, and shows its own page. */
export const onNext: OddRequestsOptions = {
  notOurs: ["OPTIONS *", "GET /rooms/%ff", "GET /path%zz"],
};

/**
 * Sends a server odd requests: none may be a failure of its own, and it must
 * answer a usual request after each.
 *
 * @param port Where it listens on this machine.
 * @param path A path that it knows.
 * @param options What it printed, and what is the platform's own.
 */
export async function sendOddRequests(
  port: number,
  path: string,
  { log = () => "", notOurs = [] }: OddRequestsOptions = {},
): Promise<void> {
  const failures: string[] = [];
  for (const request of oddRequests(path)) {
    const what = request.slice(0, 120).replace(path, "/path")
      .replace(/\s+/g, " ");
    const line = await send(port, request, 500);
    // 501 and 505 are for methods and versions that the parser does not know
    const isFailure = /^\S+ 5(?!01|05)\d/.test(line);
    if (isFailure && !notOurs.some((start) => what.startsWith(start))) {
      failures.push(`${what}: ${line}`);
    }
    const usual = await send(port, "GET /none HTTP/1.1\r\nhost: x", 10_000);
    assert(
      /^HTTP\/1\.1 4\d\d/.test(usual),
      `${usual || "No answer"} after ${what}: ${log()}`,
    );
  }
  assert(failures.length === 0, `${failures.join("\n")}\n${log()}`);
}
