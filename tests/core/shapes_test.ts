/** What each operation accepts as its result is what the description says. */
import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidResponseError } from "../../mod.ts";
import { parseResponse } from "../../lib/core/mod.ts";
import {
  description,
  type Field,
  fieldsOf,
  findOperation,
  operations,
  valuesOf,
  withField,
  wrongFor,
} from "../support/described.ts";

/** A value that notes, by their pointers, the fields of objects that are read. */
function noting(value: unknown, read: Set<string>, pointer = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const inner = Reflect.get(target, key);
      if (typeof key === "symbol") return inner;
      // As the description, it has the first item of each list
      if (Array.isArray(target) && key !== "0") return inner;
      if (!Array.isArray(target)) read.add(`${pointer}/${key}`);
      return noting(inner, read, `${pointer}/${key}`);
    },
  });
}

for (const operation of operations.values()) {
  if (!operation.result) continue;
  const name = `${operation.method} ${operation.path}`;
  const schema = findOperation(description, operation)?.schema;
  const whole = valuesOf(schema, "whole");
  const parse = (body: unknown) =>
    parseResponse(operation, {
      status: operation.status,
      headers: new Headers(),
      body: JSON.stringify(body),
    });
  /** Any whole body, and what makes the values of its fields. */
  const forEachField = (
    check: (body: unknown, field: Field, g: fc.GeneratorValue) => void,
  ) =>
    fc.assert(
      fc.property(whole, fc.gen(), (body, g) => {
        for (const field of fieldsOf(schema, body)) {
          check(body, field, g);
        }
      }),
      { numRuns: 5 },
    );
  const refusal = (body: unknown) =>
    assertThrows(() => parse(body), InvalidResponseError);

  Deno.test(`${name} accepts any described result, unchanged`, () => {
    const bodies = valuesOf(schema, "tolerated");
    fc.assert(
      fc.property(bodies, (body) => {
        // As text, so that the order of the keys counts, and `__proto__`
        const text = JSON.stringify(JSON.parse(JSON.stringify(body)));
        assertEquals(JSON.stringify(parse(body)), text);
      }),
      { numRuns: 20 },
    );
  });

  Deno.test(`${name} refuses a wrong value of each field, with its pointer`, () =>
    forEachField((body, field, g) => {
      const error = refusal(withField(body, field, g(wrongFor, field)));
      assertEquals(error.pointer, `${field.holder}/${field.name}`);
      assertEquals(error.expected, field.types[0]);
    }));

  Deno.test(`${name} requires what is described as required, and takes null where it is described`, () =>
    forEachField((body, field) => {
      if (field.isNullable) parse(withField(body, field, null));
      const without = withField(body, field, undefined);
      if (!field.isRequired) {
        parse(without);
        return;
      }
      const error = refusal(without);
      assertEquals(error.pointer, `${field.holder}/${field.name}`);
      assertEquals(error.received, "nothing");
    }));

  Deno.test(`${name} reads every described field, and no other`, () =>
    fc.assert(
      fc.property(whole, (body) => {
        const read = new Set<string>();
        assertEquals(operation.result?.(noting(body, read)), undefined);
        const described = fieldsOf(schema, body)
          .map(({ holder, name }) => `${holder}/${name}`);
        assertEquals(read, new Set(described));
      }),
      { numRuns: 5 },
    ));
}

Deno.test("Every operation with a result is described with one, and no other", () => {
  assert(operations.size > 20);
  for (const [name, operation] of operations) {
    const { schema } = findOperation(description, operation) ?? {};
    assertEquals(schema === undefined, operation.result === undefined, name);
  }
});
