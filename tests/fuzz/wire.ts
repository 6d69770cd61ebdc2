/**
 * The misbehaving server of the scenarios on the other end of connections in
 * memory, so that `httpFetch` plays them with the HTTP of `node:http`.
 */
import { Buffer } from "node:buffer";
import http from "node:http";
import { Duplex } from "node:stream";
import { createHttpFetch } from "../../lib/client/node.ts";
import type { FetchFn } from "../../mod.ts";
import {
  type Behavior,
  type Exchange,
  type Server,
  success,
} from "./scenario.ts";

/** The client's end of a connection. */
class Connection extends Duplex {
  #onRequest: (connection: Connection) => void;

  constructor(onRequest: (connection: Connection) => void) {
    super();
    this.#onRequest = onRequest;
  }

  override _read(): void {}

  override _write(
    bytes: Uint8Array,
    _encoding: string,
    done: () => void,
  ): void {
    // None has a body, and each comes in one piece
    if (Buffer.from(bytes).includes("\r\n\r\n")) this.#onRequest(this);
    done();
  }

  // What an agent calls of a socket
  setTimeout(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

const unaborted = new AbortController().signal;

/** The head of a response. */
function headOf({ status, retryAfter }: Behavior & { kind: "answer" }) {
  const framing = status === 204 || status === 304
    ? ""
    : status === 205
    ? "content-length: 0\r\n"
    : "transfer-encoding: chunked\r\n";
  const asks = retryAfter === undefined ? "" : `retry-after: ${retryAfter}\r\n`;
  return `HTTP/1.1 ${status} Any\r\n${framing}${asks}\r\n`;
}

/** Serves a script over connections in memory. */
export function wire(script: Behavior[], whole: Uint8Array): Server {
  const exchanges: Exchange[] = [];
  const overlaps: string[] = [];
  const begun: number[] = [];
  let timers = 0;
  function onRequest(connection: Connection): void {
    const behavior = script[exchanges.length] ?? success;
    const exchange = { ignoresAbort: false, done: false, signal: unaborted };
    exchanges.push(exchange);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const after = (ms: number, act: () => void) => {
      timers++;
      timer = setTimeout(() => {
        timers--;
        timer = undefined;
        act();
      }, ms);
    };
    connection.once("close", () => {
      if (timer !== undefined) timers--;
      clearTimeout(timer);
      exchange.done = true;
    });
    if (behavior.kind === "silence") return;
    if (behavior.kind === "break") {
      return after(behavior.afterMs, () => void connection.push(null));
    }
    const { pieces, gapMs, end, status, afterMs } = behavior;
    const size = Math.ceil(whole.length / pieces);
    const next = (i: number) => {
      if (i === pieces && end === "stalls") return;
      if (i === pieces && end === "breaks") return void connection.push(null);
      if (i === pieces) {
        exchange.done = true;
        return void connection.push("0\r\n\r\n");
      }
      const piece = whole.subarray(i * size, (i + 1) * size);
      connection.push(
        Buffer.concat([
          Buffer.from(`${piece.length.toString(16)}\r\n`),
          piece,
          Buffer.from("\r\n"),
        ]),
      );
      after(gapMs, () => next(i + 1));
    };
    after(afterMs, () => {
      connection.push(headOf(behavior));
      if ([204, 205, 304].includes(status)) exchange.done = true;
      else next(0);
    });
  }

  const agent = new http.Agent({ keepAlive: true });
  Reflect.set(agent, "createConnection", () => new Connection(onRequest));
  const httpFetch = createHttpFetch({ agent });
  const fetchFn: FetchFn = (url, init) => {
    for (const [i, { done }] of exchanges.entries()) {
      if (!done) overlaps.push(`request ${i} goes on`);
    }
    begun.push(Date.now());
    return httpFetch(url.replace("https:", "http:"), init);
  };
  return { fetchFn, exchanges, overlaps, begun, timers: () => timers };
}
