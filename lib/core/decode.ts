// Decoders: functions that check a value, and the pieces to build them from.

/** How a value differs from what was expected. */
export interface Mismatch {
  /** JSON Pointer (RFC 6901) from the checked value. */
  pointer: string;
  /** What was expected, in words. */
  expected: string;
  /** What was found. It may be a secret, so errors only describe it. */
  value: unknown;
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
function withArticle(words: string): string {
  const article = articles.get(words);
  return article === undefined ? words : `${article} ${words}`;
}

/** What is wrong with a value, as the end of a sentence about it. */
export function problemOf(expected: string, received: string): string {
  if (received === "nothing") return "is missing";
  return `must be ${withArticle(expected)}, received ${withArticle(received)}`;
}

/** Makes a decoder of values that pass a test. */
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

/** Accepts the id of a record: a string that is not empty. */
export const recordId: Decoder<string> = (value) =>
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
// deno-lint-ignore no-explicit-any
export const anyFunction: Decoder<any> = /* @__PURE__ */ ofType("function");

const anyArray: Decoder<unknown[]> = /* @__PURE__ */ ofType("array");

/**
 * Prepends a field's name or an item's index to the pointer. The API's own
 * names contain nothing that RFC 6901 would escape.
 */
function within(key: string | number, mismatch: Mismatch): Mismatch {
  mismatch.pointer = `/${key}${mismatch.pointer}`;
  return mismatch;
}

/** Accepts an array of what `decoder` accepts. */
export function array<T, List extends readonly T[] = T[]>(
  decoder: Decoder<T>,
): Decoder<List> {
  return (value) => {
    const mismatch = anyArray(value);
    if (mismatch) return mismatch;
    for (let i = 0; i < (value as unknown[]).length; i++) {
      const inner = decoder((value as unknown[])[i]);
      if (inner) return within(i, inner);
    }
  };
}

/** Accepts an object whose fields `decoder` accepts, whatever their names. */
export function recordOf<T>(decoder: Decoder<T>): Decoder<Record<string, T>> {
  return (value) => {
    const mismatch = anyObject(value);
    if (mismatch) return mismatch;
    for (const [name, item] of Object.entries(value as object)) {
      const inner = decoder(item);
      const escaped = name.replaceAll("~", "~0").replaceAll("/", "~1");
      if (inner) return within(escaped, inner);
    }
  };
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

/** Accepts an object with fields of this shape, and any others. */
export function object<T>(shape: Shape<T>): Decoder<T> {
  type Items = Record<string, unknown>;
  type Field = [name: string, Decoder<unknown>, Presence?];
  // Most fields are strings, and a loop that checks only these is fast
  const texts: string[] = [];
  const others: Field[] = [];
  const fields = Object.entries(shape).map((entry) => {
    const field = entry.flat() as Field;
    if (field[1] === string) texts.push(field[0]);
    else others.push(field);
    return field;
  });
  return (value) => {
    const mismatch = anyObject(value);
    if (mismatch) return mismatch;
    let i = 0;
    while (
      i < texts.length &&
      typeof (value as Items)[texts[i] as string] === "string"
    ) {
      i++;
    }
    for (const field of texts[i] ? fields : others) {
      const item = (value as Items)[field[0]]; // destructuring is slow in Bun
      if (
        item === undefined ? field[2] === "required" : item !== null || field[2]
      ) {
        const inner = field[1](item);
        if (inner) return within(field[0], inner);
      }
    }
  };
}
