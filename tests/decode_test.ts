import { assertEquals } from "@std/assert";
import {
  array,
  boolean,
  integer,
  type Mismatch,
  nullable,
  optional,
  record,
  required,
  string,
} from "../lib/decode.ts";

interface Sample {
  id: string;
  size?: number;
  note?: string | null;
}

const note = nullable(string);
const sample = record<Sample>((its) =>
  required("id", its.id, string) ??
    optional("size", its.size, integer) ??
    optional("note", its.note, note)
);

const cases: [
  (value: unknown) => Mismatch | undefined,
  unknown,
  string | undefined,
][] = [
  [string, "", undefined],
  [string, 1, ": string, not number"],
  [string, null, ": string, not null"],
  [integer, -0, undefined],
  [integer, 1e300, undefined],
  [integer, 1.5, ": integer, not number"],
  [integer, Infinity, ": integer, not number"],
  [integer, "1", ": integer, not string"],
  [boolean, false, undefined],
  [boolean, 0, ": boolean, not number"],
  [nullable(string), null, undefined],
  [nullable(string), undefined, ": string, not nothing"],
  [array(integer), [], undefined],
  [array(integer), [1, 2], undefined],
  [array(integer), [1, "2"], "/1: integer, not string"],
  [array(array(integer)), [[], [0, null]], "/1/1: integer, not null"],
  [array(integer), {}, ": array, not object"],
  [sample, { id: "a", size: 1, note: null, more: {} }, undefined],
  [sample, { id: "a" }, undefined],
  [sample, {}, "/id: string, not nothing"],
  [sample, { id: "a", size: null }, "/size: integer, not null"],
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
    required("a/b~c", its["a/b~c"], string)
  );
  assertEquals(odd({})?.pointer, "/a~1b~0c");
});

Deno.test("record() has to agree with the interface: the compiler says so", () => {
  record<Sample>((its) => {
    // @ts-expect-error: a required field that may be absent
    optional("id", its.id, string);
    // @ts-expect-error: an optional field that may not be absent
    required("size", its.size, integer);
    // @ts-expect-error: null is refused, and the interface allows it
    optional("note", its.note, string);
    // @ts-expect-error: null is accepted, and the interface does not know it
    optional("size", its.size, nullable(integer));
    // @ts-expect-error: another type
    optional("size", its.size, string);
    // @ts-expect-error: another field
    optional("note", its.size, note);
    // @ts-expect-error: a field that the interface does not have
    return its.more;
  });
});
