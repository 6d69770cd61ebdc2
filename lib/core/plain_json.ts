// Reads a payload once into plain JSON data, which is then checked and sent.
import { jsonType } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";
import { lengthOf, maxValues, readForeign, shown } from "./foreign.ts";

/** How deep a payload may be. */
const maxDepth = 100;

/** A payload that is being read. */
interface Reading {
  /** Texts to redact from errors. */
  readonly secrets: readonly string[];
  /** How many values were read: proxies can have any number, without an end. */
  count: number;
}

function refuse(path: string, problem: string, { secrets }: Reading): never {
  throw new InvalidArgumentError(shown(path, secrets), problem);
}

/** A property, read once. */
function read(
  path: string,
  value: object,
  name: string,
  { secrets }: Reading,
): unknown {
  return readForeign(path, secrets, () => Reflect.get(value, name));
}

/** What JSON says instead of a value with `toJSON()`, such as a date. */
function replaced(path: string, value: object, reading: Reading): unknown {
  const toJSON = read(path, value, "toJSON", reading);
  return typeof toJSON === "function"
    ? readForeign(path, reading.secrets, () => toJSON.call(value))
    : value;
}

/** Whether an object is written as `{}` or `[]`, not made by another class. */
export function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null ||
    // Also that of another realm
    Object.getPrototypeOf(prototype) === null;
}

/** Copies a list, of which no item may be missing. */
function copyList(
  path: string,
  list: readonly unknown[],
  reading: Reading,
  ancestors: readonly object[],
): unknown[] {
  const length = lengthOf(path, list, reading.secrets);
  return Array.from({ length }, (_, i) => {
    const item = read(`${path}.${i}`, list, `${i}`, reading);
    return item === undefined
      ? refuse(`${path}.${i}`, "is missing", reading)
      : copyOf(`${path}.${i}`, item, reading, ancestors);
  });
}

/** Copies a plain object without its fields that are undefined. */
function copyFields(
  path: string,
  value: object,
  reading: Reading,
  ancestors: readonly object[],
): unknown {
  const names = readForeign(path, reading.secrets, () => Object.keys(value));
  const copy: [string, unknown][] = [];
  for (const name of names) {
    const item = read(`${path}.${name}`, value, name, reading);
    if (item === undefined) continue;
    copy.push([name, copyOf(`${path}.${name}`, item, reading, ancestors)]);
  }
  return Object.fromEntries(copy);
}

function copyOf(
  path: string,
  value: unknown,
  reading: Reading,
  ancestors: readonly object[],
): unknown {
  if (++reading.count > maxValues) {
    refuse(
      path,
      `is too much: the payload has over ${maxValues} values`,
      reading,
    );
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    refuse(path, `must be a finite number, received ${value}`, reading);
  }
  if (
    value === null || value === undefined || typeof value === "string" ||
    typeof value === "number" || typeof value === "boolean"
  ) return value;
  if (typeof value !== "object") {
    return refuse(
      path,
      `must be JSON data, received ${jsonType(value)}`,
      reading,
    );
  }
  if (ancestors.includes(value)) {
    refuse(path, "must not contain itself", reading);
  }
  if (ancestors.length >= maxDepth) {
    refuse(path, `must not be deeper than ${maxDepth} levels`, reading);
  }
  const below = [...ancestors, value];
  const data = replaced(path, value, reading);
  if (typeof data !== "object" || data === null) {
    return copyOf(path, data, reading, below);
  }
  const [isList, isCopied] = readForeign(
    path,
    reading.secrets,
    () => [Array.isArray(data), isPlain(data)],
  );
  if (!isCopied) {
    refuse(path, "must be a plain object, not one of another class", reading);
  }
  return isList
    ? copyList(path, data as unknown[], reading, below)
    : copyFields(path, data, reading, below);
}

/**
 * Copies a value as JSON would send it. What JSON would drop or change in silence
 * is refused: functions, symbols, NaN, holes, and objects such as a `Map`; and so
 * is what cannot be read, is deeper than 100 levels, or has over 100,000 values.
 */
export function toPlainJson(
  path: string,
  value: unknown,
  secrets: readonly string[] = [],
): unknown {
  return copyOf(path, value, { secrets, count: 0 }, []);
}
