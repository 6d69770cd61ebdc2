/**
 * The misbehaving server of the scenarios on the other end of connections in
 * memory, so that `httpFetch` plays them with the HTTP of `node:http`.
 */
import { Buffer } from "node:buffer";
import http from "node:http";
import { Duplex } from "node:stream";
import { createHttpFetch } from "../../lib/client/node.ts";
import type { FetchFn } from "../../mod.ts";
import { type Answer, isEmpty, type ScriptedServer } from "./scenario.ts";

/** The client's end of a connection, with what an agent calls of a socket. */
class Connection extends Duplex {
  readonly setTimeout = () => this;
  readonly setKeepAlive = () => this;
  readonly setNoDelay = () => this;
  readonly ref = () => this;
  readonly unref = () => this;
}

/** The head of a response. */
function headOf({ status, retryAfter }: Answer) {
  const framing = status === 205
    ? "content-length: 0\r\n"
    : isEmpty(status)
    ? ""
    : "transfer-encoding: chunked\r\n";
  const asks = retryAfter === undefined ? "" : `retry-after: ${retryAfter}\r\n`;
  return `HTTP/1.1 ${status} Any\r\n${framing}${asks}\r\n`;
}

/** `httpFetch` to a server, over connections in memory. */
export function wire(server: ScriptedServer): FetchFn {
  function onRequest(connection: Connection): void {
    let isChunked = false;
    const exchange = server.respond({
      head(answer) {
        isChunked = !isEmpty(answer.status);
        connection.push(headOf(answer));
      },
      piece: (bytes) => {
        connection.push(`${bytes.length.toString(16)}\r\n`);
        connection.push(bytes);
        connection.push("\r\n");
      },
      end: () => isChunked && connection.push("0\r\n\r\n"),
      break: () => connection.push(null),
    });
    connection.once("close", () => exchange.stop());
  }

  const agent = new http.Agent({ keepAlive: true });
  const connect = () => {
    const connection: Connection = new Connection({
      read() {},
      write(bytes: Uint8Array, _encoding, done) {
        // No request has a body, and each comes in one piece
        if (Buffer.from(bytes).includes("\r\n\r\n")) onRequest(connection);
        done();
      },
    });
    return connection;
  };
  Reflect.set(agent, "createConnection", connect);
  const httpFetch = createHttpFetch({ agent });
  return (url, init) => {
    server.begin();
    return httpFetch(url.replace("https:", "http:"), init);
  };
}
