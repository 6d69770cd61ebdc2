// The request of `httpFetch` from the arguments of a `fetch`.
import type { RequestOptions } from "node:http";
import type { FetchInit } from "./fetch_fn.ts";
import { acceptedEncodings } from "./node_decoding.ts";
import { type Target, toAddress } from "./node_redirect.ts";

/** The methods that `fetch` refuses. */
const refusedMethods = ["CONNECT", "TRACE", "TRACK"];

/** The headers that say how a message is sent, which is not the caller's. */
const refusedHeaders: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "connection",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** White space around a header's value, which `fetch` leaves out. */
const outerSpace = /^[\t\n\r ]+|[\t\n\r ]+$/g;

/** A header's value without white space around it; most have none. */
function trimmed(value: string): string {
  return value === value.trim() ? value : value.replace(outerSpace, "");
}

/** Headers by names in lower case, with those that `fetch` adds. */
function toHeaders(init: FetchInit): Record<string, string> {
  const headers: Record<string, string> = {
    accept: "*/*",
    "accept-encoding": acceptedEncodings,
    "user-agent": "node", // as Node's own fetch says
  };
  const given: unknown = init.headers ?? {};
  // A wrapper may have made a `Headers` of them
  const isIterable = typeof given === "object" && given !== null &&
    Symbol.iterator in given;
  const entries = isIterable
    ? given as Iterable<[string, string]>
    : Object.entries(init.headers ?? {});
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    if (refusedHeaders.has(key)) {
      throw new TypeError(`The header ${key} can't be set`);
    }
    // The length is that of the body, whatever the caller says
    if (key !== "content-length") headers[key] = trimmed(`${value}`);
  }
  return headers;
}

/** The bytes of a body. */
export async function toBytes(body: string | Blob): Promise<Uint8Array> {
  return typeof body === "string"
    ? new TextEncoder().encode(body)
    : new Uint8Array(await body.arrayBuffer());
}

/** Makes the first request, without its body; throws where `fetch` rejects. */
export function toTarget(url: string, init: FetchInit): Target {
  const method = (init.method ?? "GET").toUpperCase();
  if (refusedMethods.includes(method)) {
    throw new TypeError(`The method ${method} can't be used`);
  }
  const isSafe = method === "GET" || method === "HEAD";
  if (isSafe && init.body !== undefined && init.body !== null) {
    throw new TypeError(`A request with the method ${method} has no body`);
  }
  const headers = toHeaders(init);
  return { url: toAddress(url), method, headers, body: undefined };
}

/** The options of `node:http` for a request. */
export function toOptions({ url, method, headers, body }: Target) {
  const { protocol, hostname, port, pathname, search } = url;
  return {
    protocol,
    // An IPv6 address has brackets only in a URL
    hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    port,
    path: pathname + search,
    method,
    // An object, since instrumentations and agents lose what is in a list
    headers: body === undefined
      ? headers
      : { ...headers, "content-length": `${body.byteLength}` },
    joinDuplicateHeaders: true,
  } satisfies RequestOptions;
}
