// Reads a payload once into plain JSON data, which is then checked and sent.
import { jsonType } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";

/** How deep a payload may be. */
const maxDepth = 100;

function refuse(path: string, problem: string): never {
  throw new InvalidArgumentError(path, problem);
}

/** A property, read once; a getter may throw. */
function read(path: string, value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return refuse(path, "cannot be read: a getter or proxy threw an error");
  }
}

/** What JSON says instead of a value with `toJSON()`, such as a date. */
function replaced(path: string, value: object): unknown {
  const toJSON = read(path, value, "toJSON");
  if (typeof toJSON !== "function") return value;
  try {
    return toJSON.call(value);
  } catch {
    return refuse(path, "cannot be read: its toJSON() threw an error");
  }
}

/** Whether an object is written as `{}` or `[]`, not made by another class. */
export function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null ||
    // Also that of another realm
    Object.getPrototypeOf(prototype) === null;
}

/**
 * Copies a value as JSON would send it. What JSON would drop or change in silence
 * is refused: functions, symbols, NaN, holes, and objects such as a `Map`.
 *
 * @param path The name of the value in errors, such as `room.video_layout`.
 */
export function toPlainJson(
  path: string,
  value: unknown,
  ancestors: readonly object[] = [],
): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    refuse(path, `must be a finite number, received ${value}`);
  }
  if (
    value === null || value === undefined || typeof value === "string" ||
    typeof value === "number" || typeof value === "boolean"
  ) return value;
  if (typeof value !== "object") {
    return refuse(path, `must be JSON data, received ${jsonType(value)}`);
  }
  if (ancestors.includes(value)) refuse(path, "must not contain itself");
  if (ancestors.length >= maxDepth) {
    refuse(path, `must not be deeper than ${maxDepth} levels`);
  }
  const below = [...ancestors, value];
  const data = replaced(path, value);
  if (typeof data !== "object" || data === null) {
    return toPlainJson(path, data, below);
  }
  if (Array.isArray(data)) {
    return Array.from({ length: data.length }, (_, i) => {
      const item = read(`${path}.${i}`, data, `${i}`);
      return item === undefined
        ? refuse(`${path}.${i}`, "is missing")
        : toPlainJson(`${path}.${i}`, item, below);
    });
  }
  if (!isPlain(data)) {
    refuse(path, "must be a plain object, not one of another class");
  }
  const copy: [string, unknown][] = [];
  for (const name of Object.keys(data)) {
    const item = read(`${path}.${name}`, data, name);
    if (item === undefined) continue;
    copy.push([name, toPlainJson(`${path}.${name}`, item, below)]);
  }
  return Object.fromEntries(copy);
}
