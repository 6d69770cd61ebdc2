// `httpFetch`, a `fetchFn` for Node.
import type { Agent } from "node:http";
import { checkArgument } from "../core/arguments.ts";
import { where } from "../core/decode.ts";
import { readOptions } from "../core/options.ts";
import { isRecord } from "../core/redact.ts";
import type { FetchFn, FetchInit } from "./fetch_fn.ts";
import { KeptConnections, type Protocol } from "./node_agent.ts";
import { exchange } from "./node_exchange.ts";
import { redirected, toBytes, toOptions, toTarget } from "./node_request.ts";
import { HttpResponse } from "./node_response.ts";

/** Part of an `Agent` of `node:http` or `node:https`. */
export interface HttpAgent {
  /** The most connections to a host. */
  readonly maxSockets: number;
  /** The most connections to a host that are kept while nobody uses them. */
  readonly maxFreeSockets: number;
  /** Closes its connections. */
  destroy(): void;
}

/** Options for `createHttpFetch`. */
export interface HttpFetchOptions {
  /**
   * The agent that makes and keeps connections. By default, one for each protocol
   * that keeps a connection for 4 s after its last use.
   */
  agent?: HttpAgent | undefined;
}

/** The most redirects that are followed, as in `fetch`. */
const maxRedirects = 20;

const anAgent = /* @__PURE__ */ where<Agent>(
  "an agent of node:http or node:https",
  (value) => isRecord(value) && typeof value.destroy === "function",
);

/** Sends a request, and follows redirects if it has to. */
async function fetchWith(
  agentFor: (protocol: Protocol, keepalive: boolean) => Agent | false,
  url: string,
  init: FetchInit,
): Promise<HttpResponse> {
  const { redirect = "follow", signal, keepalive = true } = init;
  let target = toTarget(url, init);
  if (init.body) target.body = await toBytes(init.body);
  for (let redirects = 0;; redirects++) {
    const protocol = target.url.protocol as Protocol;
    const agent = agentFor(protocol, keepalive);
    const incoming = await exchange({
      options: { ...toOptions(target), agent },
      body: target.body,
      signal,
    });
    const { href } = target.url;
    const response = new HttpResponse(incoming, href, target.method);
    if (redirect === "manual") return response;
    try {
      const location = response.headers.get("location");
      const next = redirected(target, response.status, location);
      if (!next) return response;
      if (redirect === "error" || redirects === maxRedirects) {
        throw new TypeError(
          redirect === "error"
            ? "The response is a redirect"
            : `There are more than ${maxRedirects} redirects`,
        );
      }
      target = next;
    } catch (error) {
      incoming.end();
      throw error;
    }
    incoming.end();
  }
}

/**
 * Makes a function like {@linkcode httpFetch} that uses an agent of your own: for
 * a proxy, for a client certificate or a certificate authority, for a Unix socket,
 * or to limit the connections.
 *
 * An agent is for one protocol: `https:` needs one of `node:https`. Give it
 * `keepAlive: true`, or each call makes a connection of its own.
 *
 * @param options The agent.
 * @returns A `fetchFn` for the functions of this module.
 * @throws {InvalidArgumentError} If the agent is none.
 *
 * @example Limit the connections
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { createHttpFetch } from "@videorooms/telnyx/node";
 * import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 * import http from "node:http"; // node:https for the API
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const served = await serveRooms(fakeRooms({ rooms: [{ id }] }));
 *
 * const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
 * const httpFetch = createHttpFetch({ agent });
 * const room = await getRoom(httpFetch, "any", id, { baseUrl: served.url });
 * assertEquals(room.id, id);
 *
 * agent.destroy();
 * await served.close();
 * ```
 */
export function createHttpFetch(options: HttpFetchOptions = {}): FetchFn {
  const { agent } = readOptions("", options, ["agent"]);
  const own = agent === undefined
    ? undefined
    : checkArgument("agent", anAgent, agent);
  const kept = new KeptConnections();
  const agentFor = (protocol: Protocol, keepalive: boolean) =>
    own ?? (keepalive && kept.agentFor(protocol));
  return (url, init) => fetchWith(agentFor, url, init);
}

/**
 * Sends a request with `node:http` or `node:https`: a `fetchFn` for Node, where
 * calls are faster with it than with `fetch`, and so is the first call of a
 * process, which has to load `fetch`. On Bun, and on Deno from 2.8 on, it works, and
 * `fetch` is the better choice.
 *
 * Every guarantee of this module holds with it. Bodies are decoded (gzip, deflate,
 * br), and bounded after that. Connections are kept for 4 s after their last use,
 * and keep no process alive. If the server closed one meanwhile, a GET is sent
 * again at once; any other request only if nothing of it had been sent. Errors have
 * Node's codes, such as `ECONNREFUSED`. Certificates are checked as Node does it,
 * also by `NODE_EXTRA_CA_CERTS`.
 *
 * What `fetch` does and this does not: HTTP/2, cookies, a cache, `integrity`,
 * `data:` and `blob:` URLs, streams as bodies of requests, blocked ports, and
 * proxies that environment variables name. For a proxy, see
 * {@linkcode createHttpFetch}. It has no time limit of its own: calls have theirs.
 * Tools that replace the global `fetch`, for tests or for tracing, do not see its
 * requests; those that replace `node:http` do.
 *
 * @param url The absolute URL, `http:` or `https:`.
 * @param init The request, as for `fetch`. By default, up to 20 redirects are
 * followed, and `authorization` is not sent to another origin; the calls of this
 * module follow none.
 * @returns The response, when its headers have come. Read its body, or abort the
 * request, so that its connection is free again.
 * @throws {TypeError} If `fetch` would refuse the URL, the method or a header.
 *
 * @example Look up a room
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { httpFetch } from "@videorooms/telnyx/node";
 * import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const served = await serveRooms(fakeRooms({ rooms: [{ id }] }));
 *
 * // Without baseUrl, the API itself
 * const room = await getRoom(httpFetch, "KEY", id, { baseUrl: served.url });
 * assertEquals(room.id, id);
 * await served.close();
 * ```
 */
export const httpFetch: FetchFn = /* @__PURE__ */ createHttpFetch();
