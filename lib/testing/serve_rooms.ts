import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readOptions } from "../core/options.ts";
import { isControlOn, isControlUrl, toLocal } from "./control_access.ts";
import { isDeno } from "../core/runtime.ts";
import { strangerProblem, toHost } from "./local_only.ts";
import { Refusal, refusal } from "./refusal.ts";

/** Options for `serveRooms`. */
export interface ServeRoomsOptions {
  /**
   * The port; 0 picks a free one.
   *
   * @default {0}
   */
  port?: number | undefined;
  /**
   * The address to listen on.
   *
   * @default {"127.0.0.1"}
   */
  host?: string | undefined;
  /**
   * Whether the routes and the page below `/_fake/` are served, with which anybody
   * who reaches the server can change the fake. Default: if `host` is loopback.
   */
  control?: boolean | undefined;
}

/** The names of the options; the compiler holds them complete. */
const optionNames = Object.keys(
  { port: true, host: true, control: true } satisfies Record<
    keyof ServeRoomsOptions,
    true
  >,
);

/** A fake provider that is being served. */
export interface ServedRooms {
  /** The `baseUrl` for a client, such as `http://127.0.0.1:7070/v2`. */
  url: string;
  /** Closes the server and all connections. */
  close(): Promise<void>;
}

/** What lets pages read responses: those that may send requests at all. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*, authorization",
  "access-control-allow-methods": "*",
  "access-control-expose-headers": "*",
};

const controlIsOff = new Refusal(403, {
  error:
    "The routes and the page below /_fake/ are off, as the server listens on an " +
    "address that others can reach: set 'control' (--control) to turn them on.",
});

/** The most bytes of a request's body: 1 MiB. */
const maxBodyBytes = 1_048_576;

/** The body of a request; undefined if it is too large. */
function readRequestBody(
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<string | undefined> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > maxBodyBytes) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    request.on("data", (piece: Uint8Array) => {
      size += piece.byteLength;
      if (size > maxBodyBytes) {
        text = "";
        resolve(undefined); // and what comes still is dropped
      } else text += decoder.decode(piece, { stream: true });
    });
    request.on("end", () => resolve(text + decoder.decode()));
    request.on("error", reject);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** Refuses a request, and drops its body. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body }: Refusal,
  headers: Record<string, string> = {},
): void {
  request.resume();
  // A body in chunks may never end. To break another one off would break the
  // connection before the client, which still sends, has read the response
  const isChunked = request.headers["transfer-encoding"] !== undefined;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    ...isChunked && { connection: "close" },
    ...headers,
  }).end(JSON.stringify(body));
}

function breakOff(response: ServerResponse): void {
  // Deno up to 2.7.4 breaks only a body, and only with an error; the client gets
  // none of it
  if (isDeno() && !response.headersSent) {
    response.writeHead(200, { "content-length": "2" }).write("{");
  }
  response.destroy(new Error("The connection was broken off"));
}

/** The URL of a request, whose target may be absolute, or `//` and more. */
function urlOf({ url = "/", headers }: IncomingMessage): URL {
  const isAbsolute = !url.startsWith("/") && URL.canParse(url);
  const { pathname, search } = isAbsolute
    ? new URL(url)
    : { pathname: url.startsWith("/") ? url : "/", search: "" };
  return new URL(`http://${headers.host}${pathname}${search}`);
}

/** A request, and where its response goes. */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** Whether it is for a route below `/_fake/` or the page. */
  isControl: boolean;
}

/** Responds as the fake does; rejects if its body breaks, or the client left. */
async function answer(
  fake: { fetch(url: URL, init?: RequestInit): Promise<Response> },
  { request, response, url, isControl }: Exchange,
  signal: AbortSignal,
): Promise<void> {
  const { method = "GET", headers } = request;
  const body = await readRequestBody(request, signal);
  if (body === undefined) {
    const problem = `The body is larger than ${maxBodyBytes} bytes.`;
    const tooLarge = refusal(413, problem, { title: "Content Too Large" });
    refuse(request, response, tooLarge, cors);
    return;
  }
  const sent = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, `${value}`]),
  );
  const [target, passed] = isControl ? toLocal(url, sent) : [url, sent];
  const fetched = await fake.fetch(target, {
    method,
    ...body && { body },
    headers: passed,
    signal,
  });
  const all = {
    ...isControl ? {} : cors,
    ...Object.fromEntries(fetched.headers),
  };
  response.writeHead(fetched.status, all).flushHeaders();
  const { once } = builtin("node:events");
  for await (const chunk of fetched.body ?? []) {
    signal.throwIfAborted();
    if (!response.write(chunk)) await once(response, "drain", { signal });
  }
  response.end();
}

/** The modules of Node that it needs. */
interface Modules {
  "node:events": {
    once(
      emitter: object,
      event: string,
      options?: { signal: AbortSignal },
    ): Promise<unknown[]>;
  };
  "node:http": typeof import("node:http");
}

/** A module of Node. Not an `import`, which would fail in bundlers and workers. */
function builtin<Name extends keyof Modules>(name: Name): Modules[Name] {
  const process:
    | { getBuiltinModule?<Name>(name: Name): Modules[Name & keyof Modules] }
    | undefined = Reflect.get(globalThis, "process");
  const found = process?.getBuiltinModule?.(name);
  if (found) return found;
  const needed = isDeno()
    ? "this Deno is too old: use Deno 2.1 or later"
    : "this runtime has no node:http: use Deno, Bun, or Node 20.16 or later";
  throw new TypeError(`Cannot serve as ${needed}`);
}

/**
 * Serves a fake over HTTP, to test a program that runs in another process or is
 * written in another language. It needs Deno 2.1, Node 20.16 or Bun, or later. A
 * body that the fake breaks off breaks the connection.
 *
 * It is for the programs of this machine. A request gets a 403 if its `Host` is
 * neither the server's own nor a loopback one (`localhost`, `127.0.0.1`, `[::1]`),
 * if it has an `Origin` that is neither the server's own nor a loopback one, on any
 * port, or if it has none and its `Sec-Fetch-Site` says that a page of another site
 * embeds it (an image, a form); and a 413 if its body is larger than 1 MiB. The fake
 * does not see these requests.
 *
 * @param fake The fake, or anything else with such a `fetch`.
 * @param options Where to listen.
 * @returns The server's URL, and a function to close it.
 * @throws {TypeError} If this runtime has no `node:http`.
 * @throws {InvalidArgumentError} If an option is unknown.
 * @throws {Error} If it cannot listen there: the system's error, with a `code` such
 * as `"EADDRINUSE"`.
 *
 * @example
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const served = await serveRooms(fakeRooms({ rooms: [{ id }] }));
 *
 * const room = await getRoom(fetch, "any", id, { baseUrl: served.url });
 * assertEquals(room.id, id);
 * await served.close();
 * ```
 */
export async function serveRooms(
  fake: { fetch(url: URL, init?: RequestInit): Promise<Response> },
  options: ServeRoomsOptions = {},
): Promise<ServedRooms> {
  const read = readOptions("", options, optionNames);
  const { port = 0, host = "127.0.0.1" } = read;
  const control = isControlOn(host, read.control);
  const server = builtin("node:http").createServer((request, response) => {
    const { host: requested, origin } = request.headers;
    const problem = strangerProblem({
      host: requested,
      origin,
      site: request.headers["sec-fetch-site"]?.toString(),
      own: [host, request.socket.localAddress],
    });
    if (problem) return refuse(request, response, problem);
    const url = urlOf(request);
    const isControl = isControlUrl(url.href);
    if (isControl && !control) return refuse(request, response, controlIsOff);
    if (request.method === "OPTIONS" && !isControl) {
      response.writeHead(204, cors).end();
      return;
    }
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    response.on("error", () => {}); // the client left while it was written
    answer(fake, { request, response, url, isControl }, gone.signal)
      .catch(() => breakOff(response));
  });
  await builtin("node:events").once(server.listen(port, host), "listening");
  const address = server.address() as AddressInfo;
  return {
    url: `http://${toHost(host)}:${address.port}/v2`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
