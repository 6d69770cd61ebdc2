import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { toPlainJson } from "../../lib/core/plain_json.ts";
import { InvalidArgumentError } from "../../mod.ts";

Deno.test("toPlainJson() copies what JSON sends, for any JSON", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const sent = JSON.stringify(value);
    assertEquals(JSON.stringify(toPlainJson("room", value)), sent);
  }));
});

Deno.test("toPlainJson() reads each property once, so that what is checked is what is sent", () => {
  let reads = 0;
  const payload = {
    get who() {
      return ++reads === 1 ? ["a"] : "all";
    },
  };
  assertEquals(toPlainJson("who", payload), { who: ["a"] });
  assertEquals(reads, 1);
});

Deno.test("toPlainJson() follows toJSON() once, and leaves out undefined", () => {
  const at = new Date(0);
  assertEquals(toPlainJson("room", { at, none: undefined }), {
    at: "1970-01-01T00:00:00.000Z",
  });
});

const circle: Record<string, unknown> = {};
circle.inner = { circle };
const throwing = {
  get name() {
    throw new Error("secret");
  },
};
/** A list whose second item is missing. */
const holes = [1];
holes[2] = 3;

const refused: [name: string, value: unknown, path: string][] = [
  ["a hole in a list", { list: holes }, "room.list.1"],
  ["undefined in a list", { list: [undefined] }, "room.list.0"],
  ["a Map", { map: new Map([["a", 1]]) }, "room.map"],
  ["a Set", new Set([1]), "room"],
  ["bytes", { bytes: new Uint8Array(2) }, "room.bytes"],
  ["a BigInt", { big: 1n }, "room.big"],
  ["a function", { f: () => 1 }, "room.f"],
  ["a symbol", { s: Symbol("a") }, "room.s"],
  ["NaN", { n: NaN }, "room.n"],
  ["Infinity", [Infinity], "room.0"],
  ["an object that contains itself", circle, "room.inner.circle"],
  ["a getter that throws", throwing, "room.name"],
  [
    "a toJSON() that throws",
    {
      toJSON() {
        throw new Error("secret");
      },
    },
    "room",
  ],
];

for (const [name, value, path] of refused) {
  Deno.test(`toPlainJson() refuses ${name}, and says where`, () => {
    const error = assertThrows(
      () => toPlainJson("room", value),
      InvalidArgumentError,
    );
    assertEquals(error.argument, path);
    assert(!error.message.includes("secret"));
  });
}

Deno.test("toPlainJson() refuses a payload that is too deep", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i++) deep = [deep];
  assertThrows(() => toPlainJson("room", deep), InvalidArgumentError, "deeper");
});
