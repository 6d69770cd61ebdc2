import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { inspect } from "node:util";
import { readOptions } from "../../lib/core/options.ts";
import { InvalidArgumentError } from "../../mod.ts";

const known = ["baseUrl", "timeoutMs"];
const key = "KEY0123456789abcdef";

Deno.test("readOptions() copies own properties, without those that are undefined", () => {
  const options = { timeoutMs: 5, baseUrl: undefined, other: undefined };
  const copy = readOptions("", options, known);
  assertEquals(Object.entries(copy), [["timeoutMs", 5]]);
});

Deno.test("readOptions() gives a copy that inherits nothing", () => {
  const copy = readOptions<{ baseUrl?: string }>("", {}, known);
  Object.defineProperty(Object.prototype, "baseUrl", {
    value: "https://evil.example",
    enumerable: true,
    configurable: true,
  });
  try {
    assertEquals(copy.baseUrl, undefined);
    assertEquals(readOptions("", copy, known), copy);
    assertEquals(Object.keys(readOptions("", {}, known)), []);
  } finally {
    Reflect.deleteProperty(Object.prototype, "baseUrl");
  }
});

Deno.test("readOptions() reads each property once", () => {
  let reads = 0;
  const options = {
    get timeoutMs() {
      return ++reads;
    },
  };
  const copy = readOptions("", options, known);
  assertEquals([copy.timeoutMs, copy.timeoutMs, reads], [1, 1, 1]);
});

class Getters {
  get baseUrl() {
    return "https://evil.example";
  }
}

const inherited: [name: string, options: object, argument: string][] = [
  ["a known name", Object.create({ baseUrl: "x" }), "baseUrl"],
  ["an unknown name", Object.create({ base_url: "x" }), "base_url"],
  [
    "a name two levels up",
    Object.create(Object.create({ timeoutMs: 1 })),
    "timeoutMs",
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

/** Options a trap of which throws. */
const trapped = (trap: string) =>
  new Proxy({ timeoutMs: 5 }, {
    [trap]() {
      throw new Error(`Failed: ${key}`);
    },
  });
const revoked = Proxy.revocable({}, {});
revoked.revoke();
/** A proxy whose prototypes have no end. */
function endless(): object {
  return new Proxy({}, { getPrototypeOf: endless });
}

const unreadable: [name: string, options: object, argument: string][] = [
  ["a getter that throws", {
    get timeoutMs() {
      throw new Error(`Failed: ${key}`);
    },
  }, "timeoutMs"],
  ["a getter that throws no error", {
    get timeoutMs() {
      throw key;
    },
  }, "timeoutMs"],
  ["a proxy whose get throws", trapped("get"), "timeoutMs"],
  ["a proxy whose ownKeys throws", trapped("ownKeys"), "opts"],
  ["a proxy whose getPrototypeOf throws", trapped("getPrototypeOf"), "opts"],
  [
    "a proxy whose getOwnPropertyDescriptor throws",
    trapped("getOwnPropertyDescriptor"),
    "opts",
  ],
  ["a proxy that was revoked", revoked.proxy, "opts"],
  ["a proxy whose prototypes have no end", endless(), "opts"],
];

for (const [name, options, argument] of unreadable) {
  Deno.test(`readOptions() names ${name}, and keeps the secret`, () => {
    const error = assertThrows(
      () => readOptions("", options, known, [key]),
      InvalidArgumentError,
      "cannot be read",
    );
    assertEquals(error.argument, argument);
    assert(error.cause instanceof Error);
    assert(!`${inspect(error)}${error.stack}`.includes(key), inspect(error));
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
