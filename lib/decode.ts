/** Where a value is not what it should be. */
export interface Mismatch {
  /** JSON Pointer (RFC 6901), from the value that the decoder was given. */
  pointer: string;
  expected: string;
  received: string;
}

/**
 * Tells where a JSON value is no `T`; nothing when it is one. It never changes
 * or copies the value, so what is accepted is what came, unknown fields too.
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

function mismatch(expected: string, value: unknown): Mismatch {
  return { pointer: "", expected, received: jsonType(value) };
}

/** Puts a field's name or an item's index before the pointer. */
function within(key: string | number, inner: Mismatch): Mismatch {
  const token = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
  inner.pointer = `/${token}${inner.pointer}`;
  return inner;
}

/** Any string. Formats are not enforced: a timestamp stays as it came. */
export const string: Decoder<string> = (value) =>
  typeof value === "string" ? undefined : mismatch("string", value);

/** Any number without a fraction, of any size. */
export const integer: Decoder<number> = (value) =>
  Number.isInteger(value) ? undefined : mismatch("integer", value);

/** `true` or `false`. */
export const boolean: Decoder<boolean> = (value) =>
  typeof value === "boolean" ? undefined : mismatch("boolean", value);

/** What `decoder` accepts, or null. */
export function nullable<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (value) => value === null ? undefined : decoder(value);
}

/** An array of what `decoder` accepts. */
export function array<T>(decoder: Decoder<T>): Decoder<T[]> {
  return (value) => {
    if (!Array.isArray(value)) return mismatch("array", value);
    for (let i = 0; i < value.length; i++) {
      const inner = decoder(value[i]);
      if (inner) return within(i, inner);
    }
  };
}

/**
 * A field as it came, of any type, or none. The phantom `is` tells the compiler
 * alone what the interface says of it, so that a check of another field or of
 * another type is refused.
 */
interface Field<Name, Type, Presence> {
  readonly is?: (as: [Name, Type, Presence]) => [Name, Type, Presence];
}

type Fields<T> = {
  readonly [Name in keyof T]-?: Field<
    Name,
    Exclude<T[Name], undefined>,
    Record<never, never> extends Pick<T, Name> ? "optional" : "required"
  >;
};

/**
 * An object with fields that `check` finds right, and any others.
 *
 * `check` names each property in the source, `its.id`, since engines read a
 * property by a name that is written there several times faster than by one
 * that they are handed.
 */
export function record<T>(
  check: (its: Fields<T>) => Mismatch | undefined,
): Decoder<T> {
  return (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? check(value as Fields<T>)
      : mismatch("object", value);
}

/** Checks a field that has to be there. */
export function required<Name extends string, T>(
  name: Name,
  value: Field<Name, T, "required">,
  decoder: Decoder<T>,
): Mismatch | undefined {
  const inner = decoder(value);
  return inner && within(name, inner);
}

/** Checks a field that may be absent. */
export function optional<Name extends string, T>(
  name: Name,
  value: Field<Name, T, "optional">,
  decoder: Decoder<T>,
): Mismatch | undefined {
  const inner = value === undefined ? undefined : decoder(value);
  return inner && within(name, inner);
}
