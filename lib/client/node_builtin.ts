// Node's own modules, which not every runtime has.
import { isRecord } from "../core/redact.ts";

/** The modules that `./node` needs. */
interface Builtins {
  "node:http": typeof import("node:http");
  "node:https": typeof import("node:https");
  "node:stream": typeof import("node:stream");
  "node:timers": typeof import("node:timers");
  "node:zlib": typeof import("node:zlib");
}

/** The function of Node that gives its modules; undefined without one. */
function moduleGetter(): ((name: string) => unknown) | undefined {
  const process: unknown = Reflect.get(globalThis, "process");
  if (!isRecord(process)) return undefined;
  const { getBuiltinModule } = process;
  return typeof getBuiltinModule === "function"
    ? (name) => getBuiltinModule.call(process, name)
    : undefined;
}

/** The error where a module is missing. */
function missing(name: string): TypeError {
  return new TypeError(
    `@videorooms/telnyx/node needs ${name}, which this runtime does not have: ` +
      "use Node 20.16, Deno 2.1 or Bun 1.2, or later, or pass fetch instead",
  );
}

/** Throws where there are no modules of Node. It loads none of them. */
export function requireNode(): void {
  if (!moduleGetter()) throw missing("node:http");
}

/**
 * One of Node's modules. Not an `import`: bundlers, browsers and workers would
 * report a file that is missing, and not what to do.
 *
 * @throws {TypeError} If the runtime has none.
 */
export function builtin<Name extends keyof Builtins>(
  name: Name,
): Builtins[Name] {
  const found = moduleGetter()?.(name);
  if (!found) throw missing(name);
  return found as Builtins[Name];
}
