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
 *
 * The phantom `type` keeps a decoder's `T` exact in both directions, so that
 * the compiler refuses a record whose statement and interface disagree.
 */
export interface Decoder<T> {
  (value: unknown): Mismatch | undefined;
  readonly type?: (value: T) => T;
}

/** The JSON type of a value, in words; `"nothing"` for what is absent. */
export function jsonType(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Nothing when the value is of the JSON type that is expected. */
function mismatch(expected: string, value: unknown): Mismatch | undefined {
  const received = jsonType(value);
  return received === expected
    ? undefined
    : { pointer: "", expected, received };
}

/** Puts a field's name or an item's index before the pointer. */
function within(key: string | number, inner: Mismatch): Mismatch {
  const token = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
  inner.pointer = `/${token}${inner.pointer}`;
  return inner;
}

/** Any string. Formats are not enforced: a timestamp stays as it came. */
export const string: Decoder<string> = (value) => mismatch("string", value);

/** Any number without a fraction, of any size. */
export const integer: Decoder<number> = (value) =>
  Number.isInteger(value) ? undefined : mismatch("integer", value);

/** `true` or `false`. */
export const boolean: Decoder<boolean> = (value) => mismatch("boolean", value);

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

/** Marks a field that every record must have. */
export interface Required<T> extends Decoder<T> {
  readonly required: true;
}

/** What `decoder` accepts, in a field that may not be absent. */
export function required<T>(decoder: Decoder<T>): Required<T> {
  return Object.assign((value: unknown) => decoder(value), {
    required: true as const,
  });
}

/** One decoder a field: a required one exactly where the field is not optional. */
type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? Decoder<Exclude<T[K], undefined>> & { readonly required?: never }
    : Required<T[K]>;
};

/** An object with these fields, and any others. */
export function record<T>(fields: Fields<T>): Decoder<T> {
  const entries: [string, Decoder<unknown> & { required?: true }][] = Object
    .entries(fields);
  return (value) => {
    const wrong = mismatch("object", value);
    if (wrong) return wrong;
    for (const [name, decoder] of entries) {
      const field = (value as Record<string, unknown>)[name];
      if (field !== undefined || decoder.required) {
        const inner = decoder(field);
        if (inner) return within(name, inner);
      }
    }
  };
}
