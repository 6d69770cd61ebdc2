import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidResponseError } from "../mod.ts";
import { resolve } from "./pointer.ts";
import { type Field, type JsonObject, wrongFor } from "./fields.ts";

/**
 * Tests that a function refuses a body in which any of these fields is wrong, at
 * its place, and takes null for those that are not required, or none.
 *
 * @param name The function, or the operation whose result it reads.
 * @param parse Reads the text of a body.
 * @param whole Bodies with every field.
 * @param levels Where in a body which fields are.
 */
export function testShape(
  name: string,
  parse: (text: string) => unknown,
  whole: fc.Arbitrary<JsonObject>,
  levels: [path: string, fields: Record<string, Field>][],
): void {
  const fields = levels.flatMap(([path, fields]) =>
    Object.entries(fields).map(([name, field]) => ({ path, name, field }))
  );
  for (const { path, name: key, field } of fields) {
    const pointer = `${path}/${key}`;
    const changed = (
      body: JsonObject,
      change: (holder: JsonObject) => void,
    ) => {
      const copy = structuredClone(body);
      change(resolve(copy, path) as JsonObject);
      return JSON.stringify(copy);
    };
    const refusal = (text: string) =>
      assertThrows(() => parse(text), InvalidResponseError);

    Deno.test(`${name} refuses a wrong ${pointer} there`, () => {
      fc.assert(
        fc.property(whole, wrongFor(field), (body, value) => {
          const error = refusal(changed(body, (holder) => holder[key] = value));
          assertEquals(error.pointer, pointer);
          assertEquals(error.expected, field.kind);
        }),
        { numRuns: 15 },
      );
    });

    Deno.test(`${name} ${field.required ? "needs" : "does without"} ${pointer}`, () => {
      fc.assert(
        fc.property(whole, (body) => {
          const text = changed(body, (holder) => delete holder[key]);
          if (!field.required) {
            parse(text);
            parse(changed(body, (holder) => holder[key] = null));
            return;
          }
          const error = refusal(text);
          assertEquals(error.pointer, pointer);
          assertEquals(error.received, "nothing");
        }),
        { numRuns: 5 },
      );
    });
  }
}
