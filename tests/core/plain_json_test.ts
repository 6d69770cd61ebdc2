import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { inspect } from "node:util";
import { toPlainJson } from "../../lib/core/plain_json.ts";
import { InvalidArgumentError } from "../../mod.ts";
import { secret, throwing, unreadable } from "../support/unreadable.ts";

Deno.test("toPlainJson() copies what JSON sends, for any JSON", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const sent = JSON.stringify(value);
    assertEquals(JSON.stringify(toPlainJson("room", value)), sent);
  }));
});

Deno.test("toPlainJson() reads each property once, follows toJSON(), and leaves out undefined", () => {
  let reads = 0;
  const payload = {
    get who() {
      return ++reads === 1 ? ["a"] : "all";
    },
    at: new Date(0),
    none: undefined,
  };
  const sent = { who: ["a"], at: "1970-01-01T00:00:00.000Z" };
  assertEquals(toPlainJson("who", payload), sent);
  assertEquals(reads, 1);
});

const circle: Record<string, unknown> = {};
circle.inner = { circle };
/** A list with any number of items, none of which is missing. */
const endless = new Proxy([], {
  get: (target, name) =>
    name === "length"
      ? 2 ** 32 - 1
      : name === "toJSON"
      ? Reflect.get(target, name)
      : 1,
});
/** An object that is deep and wide: each level contains the next one 40 times. */
let wide: unknown = 1;
for (let i = 0; i < 90; i++) wide = Array.from({ length: 40 }, () => wide);
const long = "x".repeat(2e7);

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
  ...Object.entries(unreadable).map(([trap, a]): typeof refused[0] => [
    `a proxy that throws for ${trap}`,
    { a },
    "room.a",
  ]),
  ["a list of 2 ** 32 - 1 items", { endless }, "room.endless"],
  ["a list of too many holes", new Array(2 ** 32 - 1), "room"],
  ["a field of 20 MB", { [long]: NaN }, `room.${long.slice(0, 494)}…`],
  ["a field with a secret", { [`a ${secret}`]: NaN }, "room.a [token]"],
  [
    "a field that moves the cursor",
    { "\x1b[2J\u202e\n": NaN },
    "room.\\u{1b}[2J\\u{202e}\\u{0a}",
  ],
  ["a toJSON() that throws", { toJSON: () => throwing.name }, "room"],
];

for (const [name, value, path] of refused) {
  Deno.test(`toPlainJson() refuses ${name}, and says where`, () => {
    const error = assertThrows(
      () => toPlainJson("room", value, [secret]),
      InvalidArgumentError,
    );
    assertEquals(error.argument, path);
    assert(!inspect(error).includes(secret), inspect(error));
  });
}

Deno.test("toPlainJson() refuses a payload that is too deep, or with more values than anyone sends", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100; i++) deep = [deep];
  const much = new Array(99_999).fill(1);
  for (const most of [deep, much]) {
    assertEquals(toPlainJson("room", most), most);
  }
  const tooMuch = [[deep], [much], wide];
  for (const [i, says] of ["deeper", "100000", "100000"].entries()) {
    const call = () => toPlainJson("room", tooMuch[i]);
    assertThrows(call, InvalidArgumentError, says);
  }
});

Deno.test("toPlainJson() keeps what a getter threw as the cause", () => {
  const error = assertThrows(
    () => toPlainJson("room", throwing),
    InvalidArgumentError,
    "'room.name' cannot be read",
  );
  assertEquals((error.cause as Error).message, `It has ${secret} in it`);
});
