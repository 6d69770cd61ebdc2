import "../support/pure.ts";
import { assertEquals, assertThrows } from "@std/assert";
import {
  array,
  boolean,
  type Decoder,
  integer,
  jsonType,
  type Mismatch,
  object,
  string,
} from "../../lib/core/decode.ts";

interface Sample {
  id: string;
  size?: number | null;
  open?: boolean | null;
  note?: string | null;
  kind?: string;
  parts?: Sample[] | null;
}

const sample: Decoder<Sample> = object<Sample>({
  id: [string, "required"],
  size: integer,
  open: boolean,
  note: string,
  kind: [string, "optional"],
  parts: (value) => array(sample)(value),
});

const ofSample = (fields: object) => ({ id: "a", ...fields });

type Decode = (value: unknown) => Mismatch | undefined;

/** What the shapes of the operations do not show: see `shapes_test.ts`. */
const cases: [Decode, value: unknown, mismatch?: string][] = [
  [array(array(sample)), [[], [{}]], "/1/0/id: string, not nothing"],
  [array(sample), {}, ": array, not object"],
  [sample, ofSample({ size: -0, open: false, note: null, more: {} })],
  [sample, ofSample({ size: 1e300, parts: null, kind: "b" })],
  [sample, ofSample({ size: Infinity }), "/size: integer, not number"],
  [sample, ofSample({ kind: null }), "/kind: string, not null"],
  [sample, "a", ": object, not string"],
  [sample, undefined, ": object, not nothing"],
];

for (const [decoder, value, expected] of cases) {
  Deno.test(`Decoder of ${JSON.stringify(value)} returns ${expected ?? "undefined"}`, () => {
    const wrong = decoder(value);
    assertEquals(
      wrong &&
        `${wrong.pointer}: ${wrong.expected}, not ${jsonType(wrong.value)}`,
      expected,
    );
  });
}

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
