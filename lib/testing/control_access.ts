// Who may use the routes below `/_fake/`: programs, and the fake's own page.
import { hostnameOf, isLoopback, toHost } from "./local_only.ts";
import type { FakeRequest } from "./log.ts";

/** The path that the routes and the page are below. */
export const controlPath = "/_fake/";

/** The header of a request that changes something, which no form can send. */
export const controlHeader = "x-fake-rooms";

/** Whether a URL is of a control route or of the page, and not of a file. */
export function isControlUrl(url: string): boolean {
  if (!url.includes("/_fake") || !URL.canParse(url)) return false;
  const { pathname } = new URL(url);
  return pathname === "/_fake" ||
    (pathname.startsWith(controlPath) && !pathname.startsWith("/_fake/files/"));
}

/** Whether a server on this address serves the routes, unless it is told. */
export function isControlOn(host: string, control?: boolean): boolean {
  return control ?? isLoopback(hostnameOf(toHost(host)));
}

/** A request for the routes as one of this machine, whatever name the server has. */
export function toLocal(
  url: URL,
  headers: Record<string, string>,
): [url: URL, headers: Record<string, string>] {
  if (isLoopback(url.hostname)) return [url, headers];
  const local = new URL(url);
  local.hostname = "127.0.0.1";
  // Its own page keeps its rights, and no other page gains any by the new name
  const origin = headers.origin === url.origin ? local.origin : "null";
  return [local, {
    ...headers,
    host: local.host,
    ...headers.origin !== undefined && { origin },
  }];
}

/** Why a request may not be for this machine; undefined if it may. */
function hostProblem({ url, headers }: FakeRequest): string | undefined {
  const { hostname, host } = new URL(url);
  const isLocal = isLoopback(hostname) &&
    isLoopback(hostnameOf(headers.host ?? host));
  if (isLocal) return;
  return "The host must be a loopback one here, such as 127.0.0.1, since a web " +
    "page may have another name for this machine.";
}

/** Why a request may not use the routes; undefined if it may. */
export function controlProblem(request: FakeRequest): string | undefined {
  const { method, url, headers } = request;
  const { origin: own } = new URL(url);
  const { origin, "sec-fetch-site": site } = headers;
  const problem = hostProblem(request);
  if (problem !== undefined) return problem;
  if (origin !== undefined && origin !== own) {
    return `Pages of other origins may not use ${controlPath}: open ` +
      `${own}${controlPath}, or send the request from a program.`;
  }
  if (site !== undefined && site !== "none" && site !== "same-origin") {
    return `Pages of other origins may not use ${controlPath}: type its URL ` +
      "into the address bar, or send the request from a program.";
  }
  const isRead = method === "GET" || method === "HEAD";
  if (!isRead && headers[controlHeader] === undefined) {
    return `A request that changes something needs the header ` +
      `'${controlHeader}: 1', which no form of a web page can send.`;
  }
}
