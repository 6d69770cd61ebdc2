// Where a redirect leads, as `fetch` follows it.

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

/** The address of a request; throws as `fetch` does if it can't be one. */
export function toAddress(text: string, base?: URL): URL {
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

/**
 * The request that follows from a response: undefined if it is no redirect. What
 * is for one origin alone, such as `authorization`, is not sent to another one.
 */
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
