// Which runtime this is, asked by what only that runtime has: bundlers put a
// `process` into browsers as well.

import { isRecord } from "./redact.ts";

/** A property of a global object; undefined if there is none. */
export function globalProperty(name: string, property: string): unknown {
  const value: unknown = Reflect.get(globalThis, name);
  return isRecord(value) ? value[property] : undefined;
}

/** Whether this is Deno. */
export function isDeno(): boolean {
  return isRecord(globalProperty("Deno", "version"));
}

/** Whether this is Bun. */
export function isBun(): boolean {
  return typeof globalProperty("Bun", "version") === "string";
}

/** Whether this is Node, or a runtime that is like it. */
export function isLikeNode(): boolean {
  const versions = globalProperty("process", "versions");
  return isRecord(versions) && typeof versions.node === "string";
}

/** Whether this is Node itself. */
export function isNode(): boolean {
  return isLikeNode() && !isDeno() && !isBun();
}
