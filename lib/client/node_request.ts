// The requests of `httpFetch`: from the arguments of a `fetch`, and from redirects.
import type { RequestOptions } from "node:http";
import type { FetchInit } from "./fetch_fn.ts";
import { acceptedEncodings } from "./node_decoding.ts";

/** A request that may be redirected. */
export interface Target {
  /** The address, without a fragment. */
  url: URL;
  /** The method, in capitals. */
  method: string;
  /** The headers, by names in lower case. */
  headers: Record<string, string>;
  /** The body, if there is one. */
  body: Uint8Array | undefined;
}

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
  if (typeof given !== "object" || given === null) {
    throw new TypeError("The headers must be an object"); // they may be a key
  }
  // A wrapper may have made a `Headers` of them
  const entries = Symbol.iterator in given
    ? given as Iterable<[string, string]>
    : Object.entries<string>(init.headers ?? {});
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

/** The address of a request; throws as `fetch` does if it can't be one. */
function toAddress(text: string, base?: URL): URL {
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TypeError(`The URL must be http: or https:, not ${url.protocol}`);
  }
  if (url.username || url.password) {
    throw new TypeError("The URL must have no credentials");
  }
  if (url.hash) url.hash = "";
  return url;
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

/** The statuses that lead elsewhere. */
const redirects: ReadonlySet<number> = /* @__PURE__ */ new Set([
  301,
  302,
  303,
  307,
  308,
]);

/** The headers that are for one origin alone. */
const ownHeaders = ["authorization", "cookie", "host", "proxy-authorization"];

/** Whether a redirect turns the method into GET: 303, and a POST by custom. */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

/** The headers without those of these names. */
function without(
  headers: Record<string, string>,
  isDropped: (name: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !isDropped(name)),
  );
}

/** The request that follows from a response; undefined if it is no redirect. */
export function redirected(
  from: Target,
  status: number,
  location: string | null,
): Target | undefined {
  if (!redirects.has(status) || location === null) return undefined;
  const target = { ...from, url: toAddress(location, from.url) };
  if (becomesGet(status, from.method)) {
    target.method = "GET";
    target.body = undefined;
    target.headers = without(
      target.headers,
      (name) => name.startsWith("content-"),
    );
  }
  if (target.url.origin !== from.url.origin) {
    target.headers = without(
      target.headers,
      (name) => ownHeaders.includes(name),
    );
  }
  return target;
}
