// One request of `httpFetch` and its response, over one connection.
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { builtin } from "./node_builtin.ts";
import { isBun, isDeno } from "../core/runtime.ts";
import { onAbort } from "./timer.ts";

/** A request, ready to be sent. */
export interface Outgoing {
  /** The options of `node:http`. */
  options: RequestOptions;
  /** The body, if there is one. */
  body: Uint8Array | undefined;
  /** Aborts it, until the body of the response has been read. */
  signal: AbortSignal | undefined;
}

/** A response whose body has not been read yet. */
export class Incoming {
  /** Why it ended early, if it did: an error, or the reason of the signal. */
  failure: { reason: unknown } | undefined;
  /** The response. */
  readonly message: IncomingMessage;
  #request: ClientRequest;
  #stopListening: (() => void) | undefined;

  constructor(
    request: ClientRequest,
    message: IncomingMessage,
    stopListening: (() => void) | undefined,
  ) {
    this.message = message;
    this.#request = request;
    this.#stopListening = stopListening;
    message.on("error", (error) => this.fail(error));
  }

  /** Notes why it ended early, if it did: what comes after its end is no part. */
  fail(reason: unknown): void {
    if (!this.message.complete) this.failure ??= { reason };
  }

  /** What is done when all of it was read. */
  release(): void {
    this.#stopListening?.();
  }

  /** Ends it. A connection whose response has arrived whole is kept. */
  end(): void {
    this.#stopListening?.();
    if (this.message.complete) this.message.resume();
    else this.#request.destroy();
  }

  /** Ends it with the reason of its signal. */
  abort(reason: unknown): void {
    this.failure = { reason };
    this.end();
  }
}

/** How often a request is sent again because its connection was closed. */
const maxRepeats = 3;

/** The codes of a connection that the server closed. */
const closedCodes: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  "ECONNRESET",
  "EPIPE",
]);

/** Waits until the runtime has looked at its connections once more. */
function lookAtConnections(then: () => void): void {
  const { setImmediate } = builtin("node:timers");
  // The first one may run before that, and the second one only after it
  setImmediate(() => setImmediate(then));
}

/**
 * Sends a request, and again where the connection had been closed while nobody
 * used it: at once if the method is safe; any other one only if nothing of it was
 * sent, which is why it waits until the runtime has seen what the server did.
 */
export function exchange(outgoing: Outgoing, tries = 0): Promise<Incoming> {
  const { options, body, signal } = outgoing;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const isHttps = options.protocol === "https:";
    const request = builtin(isHttps ? "node:https" : "node:http")
      .request(options);
    const isSafe = options.method === "GET" || options.method === "HEAD";
    /** Whether its connection had been kept, where the request does not say. */
    let isKept: boolean | undefined;
    let isSent = false;
    let incoming: Incoming | undefined;

    const stopListening = signal && onAbort(signal, (reason) => {
      if (incoming) return incoming.abort(reason);
      stopListening?.();
      reject(reason);
      request.destroy();
    });
    request.on("error", (error) => {
      if (incoming) return incoming.fail(error);
      if (signal?.aborted) return; // and so it was told
      stopListening?.();
      const isClosed = (isKept ?? request.reusedSocket) &&
        closedCodes.has(Reflect.get(error, "code"));
      const mayRepeat = isClosed && (isSafe || !isSent) && tries < maxRepeats;
      if (mayRepeat) resolve(exchange(outgoing, tries + 1));
      else reject(error);
    });
    const rejectUnanswered = (why: string) => {
      stopListening?.();
      reject(new TypeError(why));
    };
    // Without a listener, Node ends such a request in silence, and Deno itself
    request.on("upgrade", (_, socket) => {
      socket.destroy();
      rejectUnanswered("The response changes the protocol (HTTP 101)");
    });
    request.on("close", () => {
      if (!incoming) rejectUnanswered("The connection was closed");
    });
    request.on("response", (message) => {
      incoming = new Incoming(request, message, stopListening);
      resolve(incoming);
    });
    const finish = () => {
      isSent = true;
      request.end(body);
    };
    if (isDeno()) {
      request.once("socket", () => {
        isKept = request.reusedSocket;
        // With it, Deno itself sends any request again, also one that was done
        request.reusedSocket = false;
      });
    }
    // Deno and Bun give a request its connection only when it has ended
    if (isSafe || isDeno() || isBun()) return finish();
    request.once("socket", () => {
      if (request.reusedSocket) lookAtConnections(finish);
      else finish();
    });
  });
}
