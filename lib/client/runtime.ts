// Which runtime this is, asked by what only that runtime has: bundlers put a
// `process` into browsers as well.

import { isRecord } from "../core/redact.ts";

/** A property of a global object; undefined if there is none. */
function globalProperty(name: string, property: string): unknown {
  const value: unknown = Reflect.get(globalThis, name);
  return isRecord(value) ? value[property] : undefined;
}

/** Whether this is Deno. */
export function isDeno(): boolean {
  return isRecord(globalProperty("Deno", "version"));
}

/**
 * Whether Deno may send a request to a URL without asking anybody; true where it
 * does not say.
 */
export function hasNetPermission(url: string): boolean {
  const permissions = globalProperty("Deno", "permissions");
  if (!isRecord(permissions)) return true;
  const { querySync } = permissions;
  if (typeof querySync !== "function") return true;
  const { protocol, hostname, port } = new URL(url);
  const host = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  try {
    return querySync.call(permissions, { name: "net", host }).state ===
      "granted";
  } catch {
    return true; // an older or another one
  }
}

/** Whether this is Bun. */
export function isBun(): boolean {
  return typeof globalProperty("Bun", "version") === "string";
}

/** Whether this is a runtime of servers, and no browser. */
export function isServer(): boolean {
  // In Deno, it takes a microsecond to ask for the process
  if (isDeno()) return true;
  const versions = globalProperty("process", "versions");
  return isRecord(versions) && typeof versions.node === "string";
}

/** Whether this is a web page. */
export function isPage(): boolean {
  return !isServer() && isRecord(Reflect.get(globalThis, "document"));
}
