import "../support/pure.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { array, integer, object, string } from "../../lib/core/decode.ts";

interface Sample {
  id: string;
}
const sample = object<Sample>({ id: [string, "required"] });

// What the shapes of the operations do not show: see `shapes_test.ts`

Deno.test("array() points into lists of lists, and integer() takes no infinite number", () => {
  const mismatch = array(array(sample))([[], [{}]]);
  assertEquals(mismatch?.pointer, "/1/0/id");
  assertEquals(integer(Infinity)?.expected, "integer");
});

for (
  const [shape, message] of [
    [undefined, "The shape is missing"],
    [null, "The shape must be an object, received null"],
    [[string], "The shape must be an object, received an array"],
    ["id", "The shape must be an object, received a string"],
  ]
) {
  Deno.test(`object() throws where it is declared, if "${message}"`, () => {
    const declare = () => Reflect.apply(object, undefined, [shape]);
    assertEquals(assertThrows(declare, TypeError).message, message);
  });
}

Deno.test("object() compiles only with the fields of the interface", () => {
  interface Two {
    id: string;
    size?: number;
  }
  object<Two>({ id: [string, "required"], size: [integer, "optional"] });
  // @ts-expect-error: a field is missing
  object<Two>({ id: [string, "required"] });
  object<Two>({
    id: [string, "required"],
    // @ts-expect-error: another type
    size: [string, "optional"],
  });
  object<Two>({
    id: [string, "required"],
    // @ts-expect-error: accepts null, which the interface does not allow
    size: integer,
  });
  object<Two>({
    // @ts-expect-error: a required field may not be absent
    id: [string, "optional"],
    // @ts-expect-error: an optional field may be absent
    size: [integer, "required"],
  });
  object<Two>({
    id: [string, "required"],
    size: [integer, "optional"],
    // @ts-expect-error: a field that the interface does not have
    more: [string, "optional"],
  });
  object<{ note?: string | null }>({
    // @ts-expect-error: refuses null, which the interface allows
    note: [string, "optional"],
  });
  object<{ parts?: Sample[] }>({
    // @ts-expect-error: another decoder's type
    parts: [sample, "optional"],
  });
});
