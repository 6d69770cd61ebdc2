// Decoders: functions that check a value, and the pieces to build them from.

/** How a value differs from what was expected. */
export interface Mismatch {
  /** JSON Pointer (RFC 6901) from the checked value. */
  pointer: string;
  /** What was expected, in words. */
  expected: string;
  /** What was found. It may be a secret, so errors only describe it. */
  value: unknown;
  /**
   * What was found, in words.
   *
   * @default {the JSON type of the value}
   */
  received?: string;
}

/**
 * Returns the first mismatch with `T`, or nothing. It never changes or copies
 * the value, so unknown fields are kept.
 */
export interface Decoder<T> {
  (value: unknown): Mismatch | undefined;
  /** Carries `T` for the compiler; no decoder has this property. */
  readonly type?: (value: T) => T;
}

/** The JSON type of a value, in words; `"nothing"` for undefined. */
export function jsonType(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const articles: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["array", "an"],
  ["boolean", "a"],
  ["function", "a"],
  ["integer", "an"],
  ["non-empty string", "a"],
  ["number", "a"],
  ["object", "an"],
  ["string", "a"],
]);

/** A JSON type as a sentence has it, `an object`; other words as they are. */
export function withArticle(words: string): string {
  const article = articles.get(words);
  return article === undefined ? words : `${article} ${words}`;
}

/** What is wrong with a value, as the end of a sentence about it. */
export function problemOf(expected: string, received: string): string {
  if (received === "nothing") return "is missing";
  return `must be ${withArticle(expected)}, received ${withArticle(received)}`;
}

/**
 * Makes a decoder of values that pass a test.
 *
 * @param expected What is expected, in words: `"an even number"`.
 * @param test Whether a value is right.
 * @returns The decoder.
 *
 * @example
 * ```ts
 * import { where } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const even = where<number>("an even number", (value) => Number(value) % 2 === 0);
 * assertEquals(even(3)?.expected, "an even number");
 * assertEquals(even(4), undefined);
 * ```
 */
export function where<T>(
  expected: string,
  test: (value: unknown) => unknown,
): Decoder<T> {
  return (value) => test(value) ? undefined : { pointer: "", expected, value };
}

/** Makes a decoder of values of a JSON type, or of functions. */
function ofType<T>(expected: string): Decoder<T> {
  return where(expected, (value) => jsonType(value) === expected);
}

/** Accepts a string, in any format: timestamps are not checked. */
export const string: Decoder<string> = /* @__PURE__ */ ofType("string");

const nonEmpty: Decoder<string> = /* @__PURE__ */ where(
  "non-empty string",
  (value) => value !== "",
);

/**
 * Accepts the id of a record: a string that is not empty.
 *
 * @example
 * ```ts
 * import { recordId } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(recordId("")?.expected, "non-empty string");
 * ```
 */
export const recordId: Decoder<string> = (value): Mismatch | undefined =>
  string(value) ?? nonEmpty(value);

/** Accepts `true` and `false`. */
export const boolean: Decoder<boolean> = /* @__PURE__ */ ofType("boolean");

/** Accepts any number. */
export const number: Decoder<number> = /* @__PURE__ */ ofType("number");

/** Accepts an integer of any size. */
export const integer: Decoder<number> = /* @__PURE__ */ where(
  "integer",
  (value) => Number.isInteger(value),
);

/** Accepts an object with any fields. */
export const anyObject: Decoder<object> = /* @__PURE__ */ ofType("object");

/** Accepts any function. */
export const anyFunction: Decoder<CallableFunction> = /* @__PURE__ */ ofType(
  "function",
);

/** A check of a value, as decoders are, whatever their types. */
type Check = (value: unknown) => Mismatch | undefined;

/** A key as a part of a JSON Pointer (RFC 6901). */
function escapeKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A mismatch inside a field or an item, as one of the whole. */
function within(key: string | number, mismatch: Mismatch): Mismatch {
  return { ...mismatch, pointer: `/${key}${mismatch.pointer}` };
}

/**
 * Accepts an array of what `decoder` accepts.
 *
 * @param decoder The decoder of each item.
 * @returns The decoder of the array.
 *
 * @example
 * ```ts
 * import { array, string } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(array(string)(["a", 1])?.pointer, "/1");
 * ```
 */
export function array<T, List extends readonly T[] = T[]>(
  decoder: Decoder<T>,
): Decoder<List> {
  return (value) => {
    if (!Array.isArray(value)) return { pointer: "", expected: "array", value };
    for (let i = 0; i < value.length; i++) {
      const mismatch = decoder(value[i]);
      if (mismatch) return within(i, mismatch);
    }
  };
}

/**
 * Accepts an object whose fields `decoder` accepts, whatever their names.
 *
 * @param decoder The decoder of each field.
 * @returns The decoder of the object.
 *
 * @example
 * ```ts
 * import { integer, recordOf } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(recordOf(integer)({ a: 1, b: "2" })?.pointer, "/b");
 * ```
 */
export function recordOf<T>(decoder: Decoder<T>): Decoder<Record<string, T>> {
  return (value) => {
    const mismatch = anyObject(value);
    if (mismatch) return mismatch;
    for (const [name, item] of Object.entries(value as object)) {
      const inner = decoder(item);
      if (inner) return within(escapeKey(name), inner);
    }
  };
}

/** Checks that a value is an object with a field that `check` accepts. */
export function requiredField(
  value: unknown,
  name: string,
  check: Check,
): Mismatch | undefined {
  const mismatch = anyObject(value);
  if (mismatch) return mismatch;
  const inner = check((value as Record<string, unknown>)[name]);
  return inner && within(name, inner);
}

/** Whether a field is required, or may be absent but not null. */
type Presence = "required" | "optional";

/**
 * The fields of an interface with their decoders and presence; the compiler
 * checks them against the interface. A decoder alone means that the field may
 * be null or absent.
 */
export type Shape<T> = {
  readonly [Name in keyof T]-?: null extends T[Name]
    ? Decoder<NonNullable<T[Name]>>
    : readonly [
      decoder: Decoder<NonNullable<T[Name]>>,
      presence: Record<never, never> extends Pick<T, Name> ? "optional"
        : "required",
    ];
};

/** A field of a {@linkcode Shape}. */
interface Field {
  name: string;
  check: Check;
  presence: Presence | "nullable";
  /** The `typeof` of the values that `check` accepts, if that is all it asks. */
  type: string | undefined;
}

/** The decoders that ask for a `typeof` alone. */
const types: ReadonlyMap<unknown, string> = /* @__PURE__ */ new Map<
  unknown,
  string
>([[string, "string"], [number, "number"], [boolean, "boolean"]]);

/** What a {@linkcode Shape} says about a field. */
type Entry = Check | readonly [decoder: Check, presence: Presence];

function toField(name: string, entry: Entry): Field {
  const [check, presence] = typeof entry === "function"
    ? [entry, "nullable"] as const
    : entry;
  return { name, check, presence, type: types.get(check) };
}

/** Whether a field may have this value without a check. */
function mayBeEmpty(value: unknown, presence: Field["presence"]): boolean {
  if (value === undefined) return presence !== "required";
  return value === null && presence === "nullable";
}

/**
 * Accepts an object with fields of this shape, and any others.
 *
 * @param shape The decoder of each field: alone if the field may be null or
 * absent, or else in a pair with `"required"` or `"optional"`.
 * @returns The decoder of the object.
 * @throws {TypeError} If the shape is no object.
 *
 * @example
 * ```ts
 * import { object, recordId, string } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * interface Delivery {
 *   id: string;
 *   status?: string | null;
 * }
 * const delivery = object<Delivery>({
 *   id: [recordId, "required"],
 *   status: string,
 * });
 * assertEquals(delivery({ id: "1", status: null, attempts: [] }), undefined);
 * assertEquals(delivery({ status: "delivered" })?.pointer, "/id");
 * ```
 */
export function object<T>(shape: Shape<T>): Decoder<T> {
  if (anyObject(shape)) {
    throw new TypeError(`The shape ${problemOf("object", jsonType(shape))}`);
  }
  // Prepared at the first use: a program uses few of the decoders that it imports
  let fields: Field[] | undefined;
  return (value) => {
    const mismatch = anyObject(value);
    if (mismatch) return mismatch;
    const record = value as Record<string, unknown>;
    fields ??= Object.entries(shape)
      .map(([name, entry]) => toField(name, entry as Entry));
    for (const field of fields) {
      const item = record[field.name];
      // Which is most of them: a call for each would take longer
      const type = typeof item;
      if (type === field.type) continue;
      if (mayBeEmpty(item, field.presence)) continue;
      const inner = field.check(item);
      if (inner) return within(field.name, inner);
    }
  };
}
