// Node's own modules, which not every runtime has.
import type { IncomingMessage } from "node:http";
import { isRecord } from "../core/redact.ts";
import { globalProperty } from "../core/runtime.ts";

/** The part of a readable stream of Node that `./node` needs. */
export type Readable = Pick<
  IncomingMessage,
  "on" | "off" | "read" | "readableEnded" | "destroyed"
>;

/** The functions of `node:zlib` that undo an encoding; each has a `…Sync`, too. */
export type Decoding = "gunzip" | "inflate" | "inflateRaw" | "brotliDecompress";

interface DecodingLimit {
  maxOutputLength: number;
}

type Zlib =
  & Record<
    Decoding,
    (
      bytes: Uint8Array,
      limit: DecodingLimit,
      done: (error: Error | null, decoded: Uint8Array) => void,
    ) => void
  >
  & Record<
    `${Decoding}Sync`,
    (bytes: Uint8Array, limit: DecodingLimit) => Uint8Array
  >
  & Record<
    "createGunzip" | "createInflate" | "createBrotliDecompress",
    () => Readable
  >;

/** What `./node` needs of Node's modules. */
interface Builtins {
  "node:http": typeof import("node:http");
  "node:https": Pick<typeof import("node:http"), "Agent" | "request">;
  "node:stream": {
    pipeline(streams: Readable[], done: (error?: unknown) => void): unknown;
  };
  "node:timers": { setImmediate(callback: () => void): unknown };
  "node:zlib": Zlib;
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
      "use Node 20.16, Deno 2.8 or Bun 1.3, or later, or pass fetch instead",
  );
}

/** Whether this is a Deno whose `node:http` cannot be used: one before 2.8. */
function isOldDeno(): boolean {
  const version = globalProperty("Deno", "version");
  if (!isRecord(version)) return false;
  const [major = 0, minor = 0] = `${version.deno}`.split(".").map(Number);
  return major < 2 || (major === 2 && minor < 8);
}

/** Throws where the modules of Node cannot be used. It loads none of them. */
export function requireNode(): void {
  if (!moduleGetter()) throw missing("node:http");
  if (isOldDeno()) {
    throw new TypeError(
      "@videorooms/telnyx/node needs Deno 2.8 or later, since a body that breaks " +
        "off would end the process of an older one: pass fetch instead",
    );
  }
}

/** The modules that were asked for before. */
const loaded = /* @__PURE__ */ new Map<string, unknown>();

/** One of Node's modules; an `import` would fail without saying what to do. */
export function builtin<Name extends keyof Builtins>(
  name: Name,
): Builtins[Name] {
  const found = loaded.get(name) ?? moduleGetter()?.(name);
  if (!found) throw missing(name);
  loaded.set(name, found);
  return found as Builtins[Name];
}
