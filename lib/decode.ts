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

/** Accepts a string, as an item of an array. */
export const text: Decoder<string> = (value) =>
  typeof value === "string" ? undefined : mismatch("string", value);

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

/** Whether a field has to be there; or may be absent or null. */
type Presence = "required" | "optional";

/**
 * A field as it came, of any type, or none. The phantom `is` tells the compiler
 * alone what the interface says of it, so that a check of another field, type
 * or presence is refused.
 */
interface Field<Name, T, P> {
  readonly is?: (as: [Name, T, P]) => [Name, T, P];
}

type Fields<T> = {
  readonly [Name in keyof T]-?: Field<
    Name,
    NonNullable<T[Name]>,
    Record<never, never> extends Pick<T, Name>
      ? null extends T[Name] ? "optional" : "null is left out"
      : "required"
  >;
};

/**
 * An object with fields that `check` finds right, and any others.
 *
 * `check` names each property in the source, `its.id`, and the type of most in
 * the function that it calls: engines make a few machine instructions of that,
 * and several times as many of a loop over names and decoders.
 */
export function record<T>(
  check: (its: Fields<T>) => Mismatch | undefined,
): Decoder<T> {
  return (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? check(value as Fields<T>)
      : mismatch("object", value);
}

function lacks(value: unknown, presence: Presence): boolean {
  return presence === "optional" && (value ?? null) === null;
}

/** Checks a string. Formats are not enforced: a timestamp stays as it came. */
export function string<Name extends string, P extends Presence>(
  name: Name,
  value: Field<Name, string, P>,
  presence: P,
): Mismatch | undefined {
  if (typeof value !== "string" && !lacks(value, presence)) {
    return within(name, mismatch("string", value));
  }
}

/** Checks a number without a fraction, of any size. */
export function integer<Name extends string, P extends Presence>(
  name: Name,
  value: Field<Name, number, P>,
  presence: P,
): Mismatch | undefined {
  if (!Number.isInteger(value) && !lacks(value, presence)) {
    return within(name, mismatch("integer", value));
  }
}

/** Checks `true` or `false`. */
export function boolean<Name extends string, P extends Presence>(
  name: Name,
  value: Field<Name, boolean, P>,
  presence: P,
): Mismatch | undefined {
  if (typeof value !== "boolean" && !lacks(value, presence)) {
    return within(name, mismatch("boolean", value));
  }
}

/** Checks what is neither, by a decoder of its own. */
export function field<Name extends string, T, P extends Presence>(
  name: Name,
  value: Field<Name, T, P>,
  presence: P,
  decoder: Decoder<T>,
): Mismatch | undefined {
  const inner = lacks(value, presence) ? undefined : decoder(value);
  return inner && within(name, inner);
}
