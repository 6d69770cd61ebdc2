// Which requests a server for tests takes: those of this machine's programs and
// of pages that this machine serves, not those that other pages make a browser
// send (cross-site requests, and names that point to this machine: DNS rebinding).
import { type Refusal, refusal } from "./refusal.ts";

/** The host name in a `Host` header or URL, without its port; `""` if odd. */
export function hostnameOf(host: string): string {
  const url = `http://${host}`;
  if (/[/\\?#@\s]/.test(host) || !URL.canParse(url)) return "";
  return new URL(url).hostname.replace(/\.$/, "");
}

/** Whether a host name is this machine's wherever it is looked up. */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$/.test(hostname) || hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** An address as the host of a URL: `[::1]` for `::1`. */
export function toHost(address: string): string {
  const v4 = address.replace(/^::ffff:(?=[\d.]+$)/i, "");
  return v4.includes(":") ? `[${v4}]` : v4;
}

/** Whether a page elsewhere makes a browser send it, as for an image. */
function isEmbedded(site: string | undefined, hostname: string): boolean {
  // A program's, the user's own, or that of a page of this server
  if (site === undefined || site === "none" || site === "same-origin") {
    return false;
  }
  // The site of a loopback name is that name, on any port
  return !(site === "same-site" && isLoopback(hostname));
}

const quoted = (text: string) => JSON.stringify(text.slice(0, 100));

/** The parts of a request that tell who made a browser send it. */
export interface Sender {
  host: string | undefined;
  origin: string | undefined;
  /** The `Sec-Fetch-Site` header, which browsers send and pages cannot change. */
  site: string | undefined;
  /** The host that the server was told to listen on, and its address. */
  own: readonly (string | undefined)[];
}

/** The refusal of a request that is not for this server, or not of this machine. */
export function strangerProblem(
  { host = "", origin, site, own }: Sender,
): Refusal | undefined {
  const hostname = hostnameOf(host);
  const isOwn = own.some((it) =>
    it !== undefined && hostnameOf(toHost(it)) === hostname
  );
  if (hostname === "" || !(isOwn || isLoopback(hostname))) {
    return refusal(
      403,
      `The Host header ${quoted(host)} is neither this server's own nor a ` +
        "loopback one, so a web page may have sent the request: use the " +
        "server's own URL, or have it listen on that name (host).",
    );
  }
  if (origin === undefined) {
    return isEmbedded(site, hostname)
      ? refusal(
        403,
        "Pages of other sites may not use this server, as it is for tests: type " +
          "its URL into the address bar, or send the request from a program.",
      )
      : undefined;
  }
  const [, authority = ""] = /^[a-z][a-z\d+.-]*:\/\/(.+)$/i.exec(origin) ?? [];
  if (isLoopback(hostnameOf(authority)) || authority === host) return;
  return refusal(
    403,
    `Pages of ${quoted(origin)} may not use this server, as it is for tests: ` +
      "serve the page from localhost, or send the request from a program.",
  );
}
