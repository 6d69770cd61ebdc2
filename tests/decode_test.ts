import { assertEquals } from "@std/assert";
import {
  array,
  boolean,
  type Decoder,
  field,
  integer,
  type Mismatch,
  record,
  string,
} from "../lib/decode.ts";

interface Unnullable {
  size?: number;
}

interface Sample {
  id: string;
  size?: number | null;
  open?: boolean | null;
  note?: string | null;
  parts?: Sample[] | null;
}

const sample: Decoder<Sample> = record((its) =>
  string("id", its.id, "required") ??
    integer("size", its.size, "optional") ??
    boolean("open", its.open, "optional") ??
    string("note", its.note, "optional") ??
    field("parts", its.parts, "optional", array(sample))
);

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
  [sample, { id: "a", note: [] }, "/note: string, not array"],
  [sample, [], ": object, not array"],
  [sample, "a", ": object, not string"],
  [sample, undefined, ": object, not nothing"],
];

for (const [decoder, value, expected] of cases) {
  Deno.test(`decode: ${JSON.stringify(value)} is ${expected ?? "fine"}`, () => {
    const wrong = decoder(value);
    assertEquals(
      wrong && `${wrong.pointer}: ${wrong.expected}, not ${wrong.received}`,
      expected,
    );
  });
}

Deno.test("record() escapes a name in the pointer, as RFC 6901 has it", () => {
  const odd = record<{ "a/b~c": string }>((its) =>
    string("a/b~c", its["a/b~c"], "required")
  );
  assertEquals(odd({})?.pointer, "/a~1b~0c");
});

Deno.test("record() has to agree with the interface: the compiler says so", () => {
  record<Sample>((its) => {
    // @ts-expect-error: a required field that may be absent
    string("id", its.id, "optional");
    // @ts-expect-error: an optional field that may not be absent
    integer("size", its.size, "required");
    // @ts-expect-error: another type
    string("size", its.size, "optional");
    // @ts-expect-error: another decoder's type
    field("parts", its.parts, "optional", sample);
    // @ts-expect-error: another field
    string("note", its.id, "required");
    // @ts-expect-error: a field that the interface does not have
    return its.more;
  });
  record<Unnullable>((its) =>
    // @ts-expect-error: null is accepted, and the interface does not know it
    integer("size", its.size, "optional")
  );
});
