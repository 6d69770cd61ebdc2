// Which runtime this is. Not that of the client, which is not loaded with a fake.

/** Whether this is Deno. */
export function isDeno(): boolean {
  return "Deno" in globalThis;
}

/** Whether this is Node, not a runtime that is like it. */
export function isNode(): boolean {
  const process: unknown = Reflect.get(globalThis, "process");
  const isLikeNode = typeof process === "object" && process !== null &&
    "versions" in process && typeof process.versions === "object" &&
    process.versions !== null && "node" in process.versions;
  return isLikeNode && !isDeno() && !("Bun" in globalThis);
}
