import "../support/pure.ts";
import { assertEquals } from "@std/assert";
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

const cases: [
  (value: unknown) => Mismatch | undefined,
  unknown,
  string | undefined,
][] = [
  [array(sample), [], undefined],
  [array(sample), [{ id: "a" }, { id: "b" }], undefined],
  [array(sample), [{ id: "a" }, 2], "/1: object, not number"],
  [array(array(sample)), [[], [{}]], "/1/0/id: string, not nothing"],
  [array(sample), {}, ": array, not object"],
  [sample, { id: "" }, undefined],
  [sample, { id: 1 }, "/id: string, not number"],
  [sample, { id: null }, "/id: string, not null"],
  [sample, { id: "a", size: -0 }, undefined],
  [sample, { id: "a", size: 1e300 }, undefined],
  [sample, { id: "a", size: 1.5 }, "/size: integer, not number"],
  [sample, { id: "a", size: Infinity }, "/size: integer, not number"],
  [sample, { id: "a", size: "1" }, "/size: integer, not string"],
  [sample, { id: "a", open: false }, undefined],
  [sample, { id: "a", open: 0 }, "/open: boolean, not number"],
  [sample, { id: "a", open: null }, undefined],
  [sample, { id: "a", parts: null }, undefined],
  [
    sample,
    { id: "a", parts: [{ id: "b", parts: [{}] }] },
    "/parts/0/parts/0/id: string, not nothing",
  ],
  [sample, { id: "a", size: 1, note: null, more: {} }, undefined],
  [sample, { id: "a" }, undefined],
  [sample, {}, "/id: string, not nothing"],
  [sample, { id: "a", size: null }, undefined],
  [sample, { id: "a", kind: null }, "/kind: string, not null"],
  [sample, { id: "a", kind: "b" }, undefined],
  [sample, { id: "a", note: [] }, "/note: string, not array"],
  [sample, [], ": object, not array"],
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
