// What differs between runtimes.

import { isRecord } from "../core/redact.ts";
import { globalProperty, isDeno, isLikeNode } from "../core/runtime.ts";

/** Whether Deno may ask a URL without a prompt; true where it does not say. */
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

/** Whether this is a runtime of servers, and no browser. */
export function isServer(): boolean {
  // In Deno, it takes a microsecond to ask for the process
  return isDeno() || isLikeNode();
}

/** Whether this is a web page. */
export function isPage(): boolean {
  return !isServer() && isRecord(Reflect.get(globalThis, "document"));
}
