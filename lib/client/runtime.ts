// Which runtime this is, asked by what only that runtime has: bundlers put a
// `process` into browsers as well.

function hasVersion(global: string, path: readonly string[]): boolean {
  let value: unknown = Reflect.get(globalThis, global);
  for (const name of path) {
    if (value === null || typeof value !== "object") return false;
    value = Reflect.get(value, name);
  }
  return typeof value === "string" && value !== "";
}

/** Whether this is Deno. */
export const isDeno: boolean = /* @__PURE__ */ hasVersion("Deno", [
  "version",
  "deno",
]);

/** Whether this is Bun. */
export const isBun: boolean = /* @__PURE__ */ hasVersion("Bun", ["version"]);

/** Whether this is a runtime of servers, and no browser. */
export const isServer: boolean = isDeno || isBun ||
  /* @__PURE__ */ hasVersion("process", ["versions", "node"]);
