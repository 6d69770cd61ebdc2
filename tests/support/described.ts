/**
 * Random values of the schemas of an OpenAPI document. The tests read from the
 * description of the API, which is written independently of the decoders, what
 * a response may be.
 */
import fc from "fast-check";
import ours from "../../contracts/telnyx_rooms.openapi.json" with {
  type: "json",
};
import * as core from "../../lib/core/mod.ts";
import type { Operation } from "../../lib/core/mod.ts";
import { fillPath } from "../../lib/core/path.ts";
import { resolve } from "./pointer.ts";

/** A part of a document, unchecked. */
export type Json = Record<string, unknown>;

/** The description of the API by this project. */
export const description: Json = ours;

/** Every operation of the module, by the name of its function. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(core).flatMap(([name, value]) =>
    name.endsWith("Operation")
      ? [[name.replace(/Operation$/, ""), value as Operation]]
      : []
  ),
);

/**
 * What is left of a value:
 *
 * - `whole`: every field, and no null
 * - `tolerated`: any of the fields that are not required, or null, unknown fields,
 *   and strings and integers beyond their format
 */
type Extent = "whole" | "tolerated";

/** How deep a value of a circular schema may be. */
const maxDepth = 9;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : [];

/** Follows local references to their value. */
export function deref(document: Json, value: unknown): Json {
  for (let hops = 0; hops < 32 && isObject(value); hops++) {
    if (typeof value.$ref !== "string") return value;
    value = resolve(document, value.$ref);
  }
  return {};
}

/** A schema with what it has of others. */
export function merged(document: Json, schema: unknown): Json {
  const own = deref(document, schema);
  const parts = [
    ...listOf(own.allOf).map((part) => merged(document, part)),
    own,
  ];
  return Object.assign(
    {},
    ...parts,
    own.allOf && {
      properties: Object.assign(
        {},
        ...parts.map(({ properties }) => properties),
      ),
      required: parts.flatMap(({ required }) => listOf(required)),
    },
  );
}

/** The types of a schema without null, and whether it allows null. */
export function typesOf(
  schema: Json,
): { types: string[]; isNullable: boolean } {
  const all = [schema.type ?? []].flat().map(String);
  const types = all.filter((type) => type !== "null");
  return { types, isNullable: types.length < all.length };
}

/** What a document says of an operation, whatever the names of its ids. */
export function findOperation(
  document: Json,
  { method, path, status }: Pick<Operation, "method" | "path" | "status">,
): { parameters: Json[]; payload: unknown; schema: unknown } | undefined {
  const form = (path: string) => fillPath(path, () => "{}");
  const [, item] = Object.entries(deref(document, document.paths))
    .find(([own]) => form(own) === form(path)) ?? [];
  const { parameters: shared, [method.toLowerCase()]: operation } = deref(
    document,
    item,
  );
  if (!operation) return undefined;
  const { parameters, requestBody, responses } = deref(document, operation);
  const response = deref(document, deref(document, responses)[status]);
  const schemaOf = (body: unknown) => {
    const { content } = deref(document, body);
    const media = deref(document, content)["application/json"];
    return deref(document, media).schema;
  };
  return {
    parameters: [...listOf(shared), ...listOf(parameters)]
      .map((parameter) => deref(document, parameter)),
    /** The body of the request, and of a success, if they have one. */
    payload: schemaOf(requestBody),
    schema: schemaOf(response),
  };
}

const unknownFields = fc.dictionary(
  fc.oneof(
    fc.string(),
    fc.constantFrom("__proto__", "constructor", "toString", "data", "a/b~c"),
  ),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
);

/** JSON integers, which have no upper limit. */
const anyInteger = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1e21, -1e300, Number.MAX_VALUE),
);

const anyString = fc.oneof(fc.string({ unit: "grapheme" }), fc.uuid());
const nonEmpty = anyString.filter((text) => text !== "");

/** Any JSON values of each type. */
const ofType: Record<string, fc.Arbitrary<unknown>> = {
  string: anyString,
  integer: anyInteger,
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  object: fc.dictionary(fc.string(), fc.jsonValue()),
  array: fc.array(fc.jsonValue()),
};

const formats: Record<string, fc.Arbitrary<string>> = {
  "uuid": fc.uuid(),
  "date-time": fc.date({
    noInvalidDate: true,
    min: new Date("2000-01-01T00:00:00Z"),
    max: new Date("2100-01-01T00:00:00Z"),
  }).map((date) => date.toISOString()),
};

/** Values of one type of a schema that has no inner ones. */
function scalars(type: string, schema: Json, isExact: boolean) {
  const min = Number(schema.minimum ?? 0);
  const max = Number(schema.maximum ?? min + 1000);
  if (type === "integer" && isExact) return fc.integer({ min, max });
  if (type === "number" && isExact) return fc.double({ min, max, noNaN: true });
  if (type !== "string") return ofType[type] ?? fc.constant("any");
  const format = formats[`${schema.format}`];
  if (isExact) return format ?? nonEmpty;
  return format ? nonEmpty : anyString; // a record's id is never empty
}

/** The values of an object with these fields. */
function objects(
  fields: Record<string, fc.Arbitrary<unknown>>,
  required: unknown[],
  extent: Extent,
): fc.Arbitrary<unknown> {
  const requiredKeys = Object.keys(fields)
    .filter((name) => extent === "whole" || required.includes(name));
  const known = fc.record(fields, { requiredKeys });
  if (extent === "whole") return known;
  // Through entries, so that a key "__proto__" stays a key
  return fc.tuple(unknownFields, known).map(([more, known]) =>
    Object.fromEntries([
      ...Object.entries(more).filter(([name]) => !Object.hasOwn(fields, name)),
      ...Object.entries(known),
    ])
  );
}

/** Random values of a schema of the description. */
export function valuesOf(
  schema: unknown,
  extent: Extent,
  depth = 0,
): fc.Arbitrary<unknown> {
  const inner = (part: unknown) =>
    depth > maxDepth ? fc.constant(null) : valuesOf(part, extent, depth + 1);
  const at = deref(description, schema);
  const [choice] = [...listOf(at.anyOf), ...listOf(at.oneOf)];
  if (choice) return inner(choice);
  const { types: [type = "object"], isNullable } = typesOf(at);
  const size = { minLength: extent === "whole" ? 1 : 0, maxLength: 3 };
  let values = scalars(type, at, extent === "whole");
  if (at.items) values = fc.array(inner(at.items), size);
  else if (isObject(at.additionalProperties)) {
    const value = inner(at.additionalProperties);
    values = extent === "whole"
      ? fc.record({ toString: value })
      : fc.dictionary(fc.constantFrom("left", "toString"), value);
  } else if (at.properties) {
    const fields = Object.entries(at.properties)
      .map(([name, field]) => [name, inner(field)]);
    values = objects(Object.fromEntries(fields), listOf(at.required), extent);
  }
  return isNullable && extent !== "whole" ? fc.option(values) : values;
}

/** A field of a body: where it is, and what it may be. */
export interface Field {
  /** JSON Pointer of the object that has it. */
  holder: string;
  name: string;
  types: string[];
  isNullable: boolean;
  isRequired: boolean;
}

/** Every field of a whole value, with the first item of each list. */
export function fieldsOf(
  schema: unknown,
  value: unknown,
  holder = "",
): Field[] {
  const { properties, required, items, additionalProperties } = deref(
    description,
    schema,
  );
  if (items) return fieldsOf(items, listOf(value)[0], `${holder}/0`);
  const entries = Object.entries(isObject(value) ? value : {});
  return entries.flatMap(([name, item]) => {
    const inner = (properties as Json | undefined)?.[name] ??
      additionalProperties;
    const isRequired = listOf(required).includes(name);
    const types = typesOf(deref(description, inner));
    const field = { holder, name, isRequired, ...types };
    return [field, ...fieldsOf(inner, item, `${holder}/${name}`)];
  });
}

/** A copy of a body in which a field has another value, or is not there. */
export function withField(
  body: unknown,
  field: Field,
  value: unknown,
): unknown {
  const copy = structuredClone(body);
  const holder = resolve(copy, field.holder) as Json;
  if (value === undefined) delete holder[field.name];
  else holder[field.name] = value;
  return copy;
}

/** Any JSON value that a field does not accept. */
export function wrongFor({ types: [type], isNullable }: Field) {
  const numeric = ["integer", "number"];
  const near = numeric.includes(`${type}`) ? numeric : [`${type}`];
  const others = Object.entries(ofType)
    .flatMap(([other, values]) => near.includes(other) ? [] : [values]);
  return fc.oneof(
    ...others,
    ...type === "number" ? [] : [fc.constant(1.5)],
    ...isNullable ? [] : [fc.constant(null)],
  );
}

const { schemas } = ours.components;

/** Any room that is tolerated. */
export const anyRoom = valuesOf(
  schemas.Room,
  "tolerated",
) as fc.Arbitrary<Record<string, fc.JsonValue>>;
