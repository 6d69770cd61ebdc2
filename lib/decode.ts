/**
 * Where a value is not what it should be.
 */
export interface Mismatch {
  /** JSON Pointer (RFC 6901), from the value that the decoder was given. */
  pointer: string;
  /** What should be there, in words. */
  expected: string;
  /** What is there. It may be a secret: an error only describes it. */
  value: unknown;
}

/**
 * Returns the first mismatch with `T`, or nothing. It never changes or copies
 * the value, so what is accepted is what came, unknown fields included.
 */
export interface Decoder<T> {
  (value: unknown): Mismatch | undefined;
  /** Says what `T` is to the compiler alone: no decoder has it. */
  readonly type?: (value: T) => T;
}

/** The JSON type of a value, in words; `"nothing"` for what is absent. */
export function jsonType(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** A decoder of values that pass a test. */
export function where<T>(
  expected: string,
  test: (value: unknown) => unknown,
): Decoder<T> {
  return (value) => test(value) ? undefined : { pointer: "", expected, value };
}

/** A decoder of values of a JSON type, or functions. */
function ofType<T>(expected: string): Decoder<T> {
  return (value) =>
    jsonType(value) === expected ? undefined : { pointer: "", expected, value };
}

/** Accepts a string. Formats are not enforced: a timestamp stays as it came. */
export const string: Decoder<string> = /* @__PURE__ */ ofType("string");

/** Accepts `true` and `false`. */
export const boolean: Decoder<boolean> = /* @__PURE__ */ ofType("boolean");

/** Accepts any number. */
export const number: Decoder<number> = /* @__PURE__ */ ofType("number");

/** Accepts a number without a fraction, of any size. */
export const integer: Decoder<number> = /* @__PURE__ */ where(
  "integer",
  (value) => Number.isInteger(value),
);

/** Accepts an object, whatever is in it. */
export const anyObject: Decoder<object> = /* @__PURE__ */ ofType("object");

/** Accepts any function. */
// deno-lint-ignore no-explicit-any
export const anyFunction: Decoder<any> = /* @__PURE__ */ ofType("function");

const anyArray: Decoder<unknown[]> = /* @__PURE__ */ ofType("array");

/**
 * Puts a field's name or an item's index before the pointer. The texts of the
 * API's own fields have nothing that RFC 6901 would escape.
 */
function within(key: string | number, inner: Mismatch): Mismatch {
  inner.pointer = `/${key}${inner.pointer}`;
  return inner;
}

/** Accepts an array of what `decoder` accepts. */
export function array<T>(decoder: Decoder<T>): Decoder<T[]> {
  return (value) => {
    const wrong = anyArray(value);
    if (wrong) return wrong;
    for (let i = 0; i < (value as unknown[]).length; i++) {
      const inner = decoder((value as unknown[])[i]);
      if (inner) return within(i, inner);
    }
  };
}

/** Accepts an object with fields of any name that `decoder` accepts. */
export function recordOf<T>(decoder: Decoder<T>): Decoder<Record<string, T>> {
  return (value) => {
    const wrong = anyObject(value);
    if (wrong) return wrong;
    for (const [name, item] of Object.entries(value as object)) {
      const inner = decoder(item);
      const escaped = name.replaceAll("~", "~0").replaceAll("/", "~1");
      if (inner) return within(escaped, inner);
    }
  };
}

/** Whether a field has to be there, or may be absent, but not null. */
type Presence = "required" | "optional";

/**
 * The fields of an interface, each with its decoder and its presence, which the
 * compiler holds equal to what the interface says. A decoder alone is that of a
 * field that may also be null or absent.
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
  const fields = Object.entries(shape).map((field) => field.flat() as Field);
  const texts = fields.flatMap(([name, decoder]) =>
    decoder === string ? name : []
  );
  const others = fields.filter(([, decoder]) => decoder !== string);
  return (value) => {
    const wrong = anyObject(value);
    if (wrong) return wrong;
    // Most fields are text, and a loop over these alone is fast
    let i = 0;
    while (
      i < texts.length &&
      typeof (value as Items)[texts[i] as string] === "string"
    ) {
      i++;
    }
    for (const field of texts[i] ? fields : others) {
      const item = (value as Items)[field[0]]; // Bun destructures an array slowly
      if (
        item === undefined ? field[2] === "required" : item !== null || field[2]
      ) {
        const inner = field[1](item);
        if (inner) return within(field[0], inner);
      }
    }
  };
}
