/**
 * What the provider documents about each field, written independently of the
 * decoders so that a mistake in either one shows. The compiler checks it against
 * the interfaces, and the property tests check the decoders against it.
 */
import fc from "fast-check";
import type { PageMeta } from "../../mod.ts";

export type Kind =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "object"
  | "array";

/** A field that is not required may be absent or null. */
export interface Field {
  kind: Kind;
  required?: true;
}

type KindOf<T> = T extends string ? "string"
  : T extends number ? "integer" | "number"
  : T extends boolean ? "boolean"
  : T extends readonly unknown[] ? "array"
  : "object";

/** The kind of every field of an interface, and whether it is required. */
export type FieldsOf<T> = {
  [Name in keyof T]-?:
    & { kind: KindOf<NonNullable<T[Name]>> }
    & (Record<never, never> extends Pick<T, Name>
      ? null extends T[Name] ? { required?: never } : never
      : null extends T[Name] ? never
      : { required: true });
};

export const id = { kind: "string", required: true } as const;
export const string = { kind: "string" } as const;
export const integer = { kind: "integer" } as const;

type Json = fc.JsonValue;
export type JsonObject = { [key: string]: Json };

/** JSON integers, which have no upper limit. */
const anyInteger = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1e21, -1e300, Number.MAX_VALUE),
);

export const ofKind: Record<Kind, fc.Arbitrary<Json>> = {
  string: fc.oneof(fc.string({ unit: "grapheme" }), fc.uuid()),
  integer: anyInteger,
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  object: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Json>,
  array: fc.array(fc.jsonValue()) as fc.Arbitrary<Json>,
};

/** Any value that the field does not accept. */
export function wrongFor({ kind, required }: Field): fc.Arbitrary<Json> {
  const numeric = ["integer", "number"];
  const near = numeric.includes(kind) ? numeric : [kind];
  const others = Object.entries(ofKind)
    .filter(([other]) => !near.includes(other));
  return fc.oneof(
    ...others.map(([, arbitrary]) => arbitrary),
    ...(kind === "number" ? [] : [fc.constant(1.5)]),
    ...(required ? [fc.constant(null)] : []),
  );
}

/** A record of these fields and some unknown ones; if `whole`, none is absent. */
export function record(
  fields: Record<string, Field>,
  inner: Record<string, fc.Arbitrary<Json>>,
  whole: boolean,
): fc.Arbitrary<JsonObject> {
  const known = fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, { kind, required }]) => {
        const any = inner[name] ?? ofKind[kind];
        // An id is not empty
        const value = name === "id" ? any.filter((text) => text !== "") : any;
        return [name, required || whole ? value : fc.option(value)];
      }),
    ),
    whole ? {} : {
      requiredKeys: Object.keys(fields).filter((name) =>
        fields[name]?.required
      ),
    },
  );
  const unknown = fc.dictionary(
    fc.oneof(
      fc.string(),
      fc.constantFrom("__proto__", "constructor", "toString", "data", "a/b~c"),
    ).filter((name) => !Object.hasOwn(fields, name)),
    fc.jsonValue({ maxDepth: 2 }),
    { maxKeys: 3 },
  );
  // Through entries, so that a key "__proto__" stays a key
  return fc.tuple(known, unknown).map(([a, b]) =>
    Object.fromEntries([...Object.entries(a), ...Object.entries(b)])
  ) as fc.Arbitrary<JsonObject>;
}

/** The fields of a body with one record. */
export const bodyFields: Record<"data", Field> = {
  data: { kind: "object", required: true },
};

/** The fields of a page of records. */
export const pageFields: Record<"data" | "meta", Field> = {
  data: { kind: "array", required: true },
  meta: { kind: "object", required: true },
};

export const metaFields: FieldsOf<PageMeta> = {
  page_number: integer,
  page_size: integer,
  total_pages: { ...integer, required: true },
  total_results: integer,
};

/** Pages of records. */
export function pagesOf(
  item: fc.Arbitrary<JsonObject>,
  whole: boolean,
): fc.Arbitrary<JsonObject> {
  return record(pageFields, {
    data: fc.array(item, { minLength: whole ? 1 : 0, maxLength: 3 }),
    meta: record(metaFields, {}, whole),
  }, whole);
}
