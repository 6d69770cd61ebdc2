/** Values of a schema of the description, and values just beside it. */
import { deref, description, type Json, listOf, typesOf } from "./described.ts";

/** A UUID of one repeated digit. */
export const uuid = (digit: number): string =>
  "00000000-0000-4000-8000-000000000000".replaceAll("0", `${digit}`);

const entriesOf = (value: unknown) => Object.entries((value ?? {}) as Json);

/** A value of a schema, with every field. */
export function exampleOf(schema: unknown): unknown {
  const at = deref(description, schema);
  const [choice] = [...listOf(at.oneOf), ...listOf(at.anyOf)].reverse();
  if (choice) return exampleOf(choice);
  const [given] = [...listOf(at.examples), ...listOf(at.enum)];
  if (given !== undefined) return given;
  if (at.const !== undefined) return at.const;
  if (at.items) return [exampleOf(at.items), exampleOf(at.items)];
  if (at.additionalProperties) return { a: exampleOf(at.additionalProperties) };
  switch (typesOf(at).types[0]) {
    case "object":
      return Object.fromEntries(
        entriesOf(at.properties)
          .map(([name, field]) => [name, exampleOf(field)]),
      );
    case "integer":
      return at.maximum ?? at.minimum ?? 1;
    case "number":
      return 0.5;
    case "boolean":
      return true;
  }
  if (at.format === "uuid") return uuid(1);
  if (at.format === "date") return "2026-01-01";
  return at.default ?? "Stand-up ☕";
}

/** A value beside a schema, and where in it the mistake is. */
export type Edge = [path: string[], value: unknown];

/** Values of the other types. */
function ofOtherTypes({ types, isNullable }: ReturnType<typeof typesOf>) {
  const values: Json = {
    array: [],
    boolean: true,
    integer: 7,
    object: {},
    string: "true",
  };
  return [
    ...Object.entries(values).flatMap(([type, value]) =>
      types.includes(type) || types.includes("number") && type === "integer"
        ? []
        : [value]
    ),
    ...isNullable ? [] : [null],
  ];
}

/** Values of the type of a schema that break its other rules. */
function outOfRange(at: Json): unknown[] {
  const { minimum, maximum, minLength, minItems, maxProperties } = at;
  const pattern = new RegExp(typeof at.pattern === "string" ? at.pattern : "");
  const texts = ["", "a b", "7", "ftp://a.example", "2026-02-30"];
  const isWrong = (text: string) =>
    at.format !== undefined || at.enum !== undefined || !pattern.test(text) ||
    Number(minLength) > text.length;
  return [
    ...typesOf(at).types.includes("integer") ? [1.5] : [],
    ...minimum === undefined ? [] : [Number(minimum) - 1],
    ...maximum === undefined ? [] : [Number(maximum) + 1],
    ...minItems === undefined ? [] : [[]],
    ...maxProperties === undefined ? [] : [{ a: {}, b: {}, c: {} }],
    ...typesOf(at).types.includes("string") ? texts.filter(isWrong) : [],
  ];
}

/** Values that a schema does not have, each with one mistake. */
export function edgesOf(schema: unknown): Edge[] {
  const at = deref(description, schema);
  if (at.const !== undefined) return [[[], "other"], [[], 7]];
  const choices = [...listOf(at.oneOf), ...listOf(at.anyOf)];
  if (choices.length > 0) {
    // A mistake in one of the choices is one of the whole
    return choices.flatMap(edgesOf).map(([, value]) => [[], value]);
  }
  const example = exampleOf(at);
  /** The edges of an inner value, in the whole of them. */
  const inner = (
    name: string,
    part: unknown,
    put: (value: unknown) => unknown,
  ): Edge[] =>
    edgesOf(part).map(([path, value]) => [[name, ...path], put(value)]);
  return [
    ...[...ofOtherTypes(typesOf(at)), ...outOfRange(at)]
      .map((value): Edge => [[], value]),
    ...entriesOf(at.properties).flatMap(([name, field]) =>
      inner(name, field, (value) => ({ ...example as Json, [name]: value }))
    ),
    ...at.additionalProperties
      ? inner("b", at.additionalProperties, (b) => ({ ...example as Json, b }))
      : [],
    ...at.items
      ? inner("1", at.items, (value) => [listOf(example)[0], value])
      : [],
  ];
}
