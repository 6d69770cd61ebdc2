/** Requests that browsers never send, but that reach a server. */
import assert from "node:assert/strict";
import type { Server } from "./servers.ts";

/** Lines that begin a request; `path` is one that the server knows. */
const startLines = (path: string) => [
  `TRACE ${path} HTTP/1.1`,
  "CONNECT example.com:443 HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "PROPFIND / HTTP/1.1",
  `GET http://example.com${path} HTTP/1.1`,
  "GET http:// HTTP/1.1",
  "GET //[ HTTP/1.1",
  "GET //example.com:99999/ HTTP/1.1",
  "GET /%ff%zz%00 HTTP/1.1",
  "GET /rooms/%ff HTTP/1.1",
  "GET /rooms/%00 HTTP/1.1",
  "GET /rooms/%2e%2e/constructor HTTP/1.1",
  "GET /rooms/__proto__ HTTP/1.1",
  "GET /rooms/%0d%0ax:y HTTP/1.1",
  `GET /rooms/${"a".repeat(10_000)} HTTP/1.1`,
  `GET ${path}%2F HTTP/1.1`,
  `GET ${path}%zz HTTP/1.1`,
  `GET ${path}?%zz&%00=%ff HTTP/1.1`,
  `GET ${path}`,
  `GET ${path} HTTP/3.7`,
  `get ${path} http/1.1`,
];

/** What follows the first line of a `GET`. */
const heads = [
  "",
  "host:",
  "host: a b",
  "host: [::1",
  "host: x:99999",
  "host: x\r\nhost: y",
  `host: x\r\nx-large: ${"a".repeat(200_000)}`,
  `host: x\r\n${"x: y\r\n".repeat(5000)}z: z`,
  "host: x\r\nbroken",
  "host: x\r\nx-null: \0",
  "host: x\r\nx-folded: a\r\n b",
  "host: x\r\nconnection: upgrade\r\nupgrade: h2c",
  "host: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n" +
  "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
  "host: x\r\nauthorization: Basic \xff",
  "host: x\r\ncontent-length: 3\r\n\r\n{{{",
];

/** The length, or what says it, and the body of a `POST` of JSON. */
const bodies = [
  "content-length: x\r\n\r\n{",
  "content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
  "transfer-encoding: chunked\r\n\r\nzz\r\n",
  "content-length: 1\r\n\r\n{",
  "content-length: 4\r\n\r\nnull",
  'content-length: 26\r\n\r\n{"name":{"toString":null}} ',
  "content-length: 2\r\nexpect: 100-continue\r\n\r\n{}",
  "content-length: 9999\r\n\r\n{", // cut off
];

/** All odd requests, as they stand on the wire. */
const oddRequests = (path: string): string[] => [
  ...startLines(path).map((line) => `${line}\r\nhost: x`),
  ...heads.map((head) => `GET ${path} HTTP/1.1\r\n${head}`),
  ...bodies.map((body) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${body}`
  ),
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
  const bytes = Uint8Array.from(text + end, (each) => each.charCodeAt(0));
  const timer = setTimeout(() => connection.close(), patienceMs);
  try {
    // A server may answer before it has read everything
    const sending = new Blob([bytes]).stream()
      .pipeTo(connection.writable, { preventClose: true }).catch(() => {});
    const { value } = await connection.readable.getReader().read();
    await sending;
    return new TextDecoder().decode(value).split("\r\n")[0] ?? "";
  } catch {
    return ""; // the server closed the connection
  } finally {
    clearTimeout(timer);
  }
}

/** workerd cannot make a URL of these; a worker does not see them. */
export const onWorkerd = [
  "CONNECT",
  "OPTIONS *",
  "GET http:",
  "GET /path HTTP/1.1 host: a b",
  "GET /path HTTP/1.1 host: [::1",
  "GET /path HTTP/1.1 host: x:99999",
  "GET /path HTTP/1.1 host: x host: y",
  "POST /path HTTP/1.1 host: x content-type: application/json content-length: x",
];

/** Next.js does not decode these, and shows its own page. */
export const onNext = ["OPTIONS *", "GET /rooms/%ff", "GET /path%zz"];

/**
 * Sends a server odd requests: none may be a failure of its own, and it must
 * answer a usual request after each. `path` is one that it knows, and `notOurs` are
 * those, by how they start, that the platform itself answers with a 500.
 */
export async function sendOddRequests(
  { origin, printed }: Server,
  path: string,
  notOurs: string[] = [],
): Promise<void> {
  const port = Number(new URL(origin).port);
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
    if (!/^HTTP\/1\.1 4\d\d/.test(usual)) {
      failures.push(`${what}: ${usual || "no answer"} to the next request`);
    }
  }
  assert(failures.length === 0, `${failures.join("\n")}\n${printed()}`);
}
