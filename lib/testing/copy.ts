import { isPlain } from "../core/plain_json.ts";
import { propertyOf } from "../core/redact.ts";

/** A value that is not JSON, in words: its class or its type. */
function kindOf(value: unknown): string {
  if (typeof value === "number") return `${value}`; // NaN or Infinity
  const name = propertyOf(propertyOf(value, "constructor"), "name");
  return `a ${typeof name === "string" && name ? name : typeof value}`;
}

/** How deep a room may be; one that contains itself has no end. */
const maxDepth = 100;

/**
 * A deep copy of JSON data that keeps undefined fields. It reads everything once.
 *
 * @throws {TypeError} If JSON cannot say it as it is.
 */
export function copy<T>(value: T, depth = 0): T {
  if (depth > maxDepth) {
    throw new TypeError(
      `Cannot copy the room as it is deeper than ${maxDepth} levels, or ` +
        "contains itself",
    );
  }
  if (Array.isArray(value)) {
    return Array.from(value, (item) => copy(item, depth + 1)) as T;
  }
  const isJson = value === undefined || value === null ||
    typeof value === "string" || typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value));
  if (isJson) return value;
  if (typeof value !== "object" || !isPlain(value)) {
    throw new TypeError(
      `Cannot copy the room as it must be JSON data, received ${kindOf(value)}`,
    );
  }
  const fields = Object.entries(value)
    .map(([name, field]) => [name, copy(field, depth + 1)]);
  return Object.fromEntries(fields) as T;
}
