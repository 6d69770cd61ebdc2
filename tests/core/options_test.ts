import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { inspect } from "node:util";
import { readOptions } from "../../lib/core/options.ts";
import { InvalidArgumentError } from "../../mod.ts";
import { secret, throwing, unreadable } from "../support/unreadable.ts";

const known = ["baseUrl", "timeoutMs", "name"];

Deno.test("readOptions() copies own properties that are not undefined, each read once", () => {
  let reads = 0;
  const options = {
    get timeoutMs() {
      return ++reads;
    },
    baseUrl: undefined,
    other: undefined,
  };
  const copy = readOptions("", options, known);
  assertEquals(Object.entries(copy), [["timeoutMs", 1]]);
  assertEquals([copy.timeoutMs, reads], [1, 1]);
});

class Getters {
  get baseUrl() {
    return "https://evil.example";
  }
}

const inherited: [name: string, options: object, argument: string][] = [
  ["a known name", Object.create({ baseUrl: "x" }), "baseUrl"],
  [
    "an unknown name two levels up",
    Object.create(Object.create({ base_url: 1 })),
    "base_url",
  ],
  ["a getter of its class", new Getters(), "baseUrl"],
];

for (const [name, options, argument] of inherited) {
  Deno.test(`readOptions() refuses ${name} that is inherited`, () => {
    const error = assertThrows(
      () => readOptions("", options, known),
      InvalidArgumentError,
      "is inherited: make it a property of the object itself",
    );
    assertEquals(error.argument, argument);
  });
}

Deno.test("readOptions() accepts options of a class, and what hides an inherited name", () => {
  class Options {
    timeoutMs = 5;
  }
  assertEquals(readOptions("", new Options(), known).timeoutMs, 5);
  const options = Object.create({ timeoutMs: 1 }, {
    timeoutMs: { value: 2, enumerable: true },
  });
  assertEquals(readOptions("", options, known).timeoutMs, 2);
});

/** A proxy whose prototypes have no end. */
function endless(): object {
  return new Proxy({}, { getPrototypeOf: endless });
}

const refused: [name: string, options: object, argument: string][] = [
  ["a getter that throws", throwing, "name"],
  ["a getter that throws no error", {
    get name() {
      throw secret;
    },
  }, "name"],
  ...Object.entries(unreadable).map(([trap, options]): typeof refused[0] => [
    `a proxy that throws for ${trap}`,
    options,
    trap === "get" ? "name" : "opts",
  ]),
  ["a proxy whose prototypes have no end", endless(), "opts"],
];

for (const [name, options, argument] of refused) {
  Deno.test(`readOptions() names ${name}, and keeps the secret`, () => {
    const error = assertThrows(
      () => readOptions("", options, known, [secret]),
      InvalidArgumentError,
      "cannot be read",
    );
    assertEquals(error.argument, argument);
    assert(error.cause instanceof Error);
    assert(!inspect(error).includes(secret), inspect(error));
  });
}

Deno.test("readOptions() names the nearest option, and the object", () => {
  assertThrows(
    () => readOptions("", { timeout: 5 }, known),
    InvalidArgumentError,
    "'timeout' is unknown: did you mean 'timeoutMs'?",
  );
  assertThrows(
    () => readOptions("retry", JSON.parse('{"__proto__":1}'), known),
    InvalidArgumentError,
    "'retry.__proto__' is unknown",
  );
});
