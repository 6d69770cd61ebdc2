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
  /** What is there, in words; by default, the value's JSON type. */
  received?: string;
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
  test: (value: unknown) => boolean,
): Decoder<T> {
  return (value) => test(value) ? undefined : { pointer: "", expected, value };
}

/** Accepts a string. Formats are not enforced: a timestamp stays as it came. */
export const string: Decoder<string> = /* @__PURE__ */ where(
  "string",
  (value) => typeof value === "string",
);

/** Accepts a number without a fraction, of any size. */
export const integer: Decoder<number> = /* @__PURE__ */ where(
  "integer",
  Number.isInteger,
);

/** Accepts `true` and `false`. */
export const boolean: Decoder<boolean> = /* @__PURE__ */ where(
  "boolean",
  (value) => typeof value === "boolean",
);

/** Puts a field's name or an item's index before the pointer. */
function within(key: string | number, inner: Mismatch): Mismatch {
  const token = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
  inner.pointer = `/${token}${inner.pointer}`;
  return inner;
}

/** Accepts an array of what `decoder` accepts. */
export function array<T>(decoder: Decoder<T>): Decoder<T[]> {
  return (value) => {
    if (!Array.isArray(value)) {
      return { pointer: "", expected: "array", value };
    }
    for (let i = 0; i < value.length; i++) {
      const inner = decoder(value[i]);
      if (inner) return within(i, inner);
    }
  };
}

/** Whether a field has to be there, may be absent, or may be that or null. */
type Presence = "required" | "optional" | "nullable";

/**
 * The fields of an interface, each with its decoder and its presence, which the
 * compiler holds equal to what the interface says.
 */
export type Shape<T> = {
  readonly [Name in keyof T]-?: readonly [
    decoder: Decoder<NonNullable<T[Name]>>,
    presence: null extends T[Name] ? "nullable"
      : Record<never, never> extends Pick<T, Name> ? "optional"
      : "required",
  ];
};

/** Accepts an object with fields of this shape, and any others. */
export function object<T>(shape: Shape<T>): Decoder<T> {
  const fields = Object.entries(shape) as [
    string,
    [Decoder<unknown>, Presence],
  ][];
  // Most fields are text. A loop over their names alone, without a call for
  // each, takes two thirds of the time: see docs/performance.md
  const texts = fields.filter(([, [decoder]]) => decoder === string);
  const names = texts.map(([name]) => name);
  const others = fields.filter((field) => !texts.includes(field));
  const check = (
    value: unknown,
    [name, [decoder, presence]]: typeof fields[number],
  ) => {
    if (
      value === undefined && presence !== "required" ||
      value === null && presence === "nullable"
    ) return;
    const inner = decoder(value);
    return inner && within(name, inner);
  };
  return (value) => {
    if (jsonType(value) !== "object") {
      return { pointer: "", expected: "object", value };
    }
    const record = value as Record<string, unknown>;
    for (let i = 0; i < names.length; i++) {
      const text = record[names[i] as string];
      if (typeof text === "string") continue;
      const wrong = check(text, texts[i] as typeof fields[number]);
      if (wrong) return wrong;
    }
    for (const field of others) {
      const wrong = check(record[field[0]], field);
      if (wrong) return wrong;
    }
  };
}
