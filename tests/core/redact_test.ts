import "../support/pure.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inspect } from "node:util";
import { secret, unreadable } from "../support/unreadable.ts";
import { redact, redactError, redactJson } from "../../lib/core/redact.ts";

const token = "KEY-secret-0123456789";

/** Asserts that nothing of an error shows a secret. */
function assertHidden(error: Error): void {
  const shown = inspect(error, { depth: Infinity, showHidden: true });
  assert(!shown.includes(token) && !shown.includes(secret), shown);
}

/** Text with the token in it, once or several times. */
const withToken = fc.array(fc.string(), { minLength: 2, maxLength: 5 })
  .map((pieces) => pieces.join(token));

Deno.test("redactJson() redacts the token in any JSON at any depth, keys included, and changes no other", () => {
  const hold = fc.constantFrom<(value: unknown) => unknown>(
    (value) => [value],
    (value) => ({ value }),
    (value) => ({ [token]: value }),
  );
  const holders = fc.array(hold, { maxLength: 45, size: "max" });
  fc.assert(
    fc.property(fc.jsonValue(), holders, withToken, (json, holders, text) => {
      const changed = redactJson(json, [token]);
      assertEquals(JSON.stringify(changed), JSON.stringify(json));
      const nested = holders.reduce<unknown>(
        (value, hold) => hold(value),
        [text, json, { [text]: text }],
      );
      assert(!JSON.stringify(redactJson(nested, [token])).includes(token));
    }),
  );
});

Deno.test("redact() replaces each token in a text, and changes no other text", () => {
  const other = fc.string({ unit: "binary" });
  fc.assert(fc.property(withToken, other, (text, other) => {
    assertEquals(redact(text, [token]), text.split(token).join("[token]"));
    assertEquals(redact(other, [token]), other);
  }));
});

Deno.test("redactError() keeps name, message, code, stack, causes and errors", () => {
  class HttpError extends Error {
    override name = "HttpError";
    code = "ECONNRESET";
    request = { headers: { authorization: `Bearer ${token}` } };
  }
  function theCaller() {
    return new HttpError(`Failed to send ${token}`, {
      cause: new Error(`reset of ${token}`, { cause: `just ${token}` }),
    });
  }
  const error = theCaller();
  Object.assign(error, { errors: [{ message: token, code: "ENETDOWN" }] });
  const copy = redactError(error, [token]);
  assertEquals(copy.name, "HttpError");
  assertEquals(copy.message, "Failed to send [token]");
  assertEquals((copy as Error & { code?: string }).code, "ECONNRESET");
  assert(copy.stack?.includes("theCaller"));
  assertEquals((copy.cause as Error).message, "reset of [token]");
  const [{ message, code }] = Reflect.get(copy, "errors");
  assertEquals([message, code], ["[token]", "ENETDOWN"]);
  assertHidden(copy);
});

Deno.test("redactError() redacts the token in every part of an error", () => {
  const parts = fc.record(
    { name: withToken, message: withToken, stack: withToken, code: withToken },
    { requiredKeys: [] },
  );
  // Some longer than the part of a chain that is kept
  const chain = fc.array(parts, { minLength: 1, maxLength: 40, size: "max" });
  fc.assert(fc.property(chain, (chain) => {
    const error = chain.reduce<Error | undefined>(
      (cause, parts) => Object.assign(new Error("", { cause }), parts),
      undefined,
    );
    assertHidden(redactError(error, [token]));
  }));
});

const circular = new Error("round");
circular.cause = circular;
class Odd extends Array {
  override slice(): never {
    throw new Error(token);
  }
}
const thrown: Record<string, unknown> = {
  "undefined": undefined,
  "a string": token,
  "an object": { token },
  "a function": () => token,
  "a symbol": Symbol(token),
  "an error that is its own cause": circular,
  "an error with an odd list": { errors: Odd.of(new Error(token)) },
  ...Object.fromEntries(
    Object.entries(unreadable).flatMap(([trap, value]) => [
      [`what throws for ${trap}`, value],
      [`errors that throw for ${trap}`, { errors: value }],
    ]),
  ),
};

for (const [name, value] of Object.entries(thrown)) {
  Deno.test(`redactError() turns ${name} into an Error`, () => {
    const copy = redactError(value, [token, secret]);
    assert(copy instanceof Error);
    assertHidden(copy);
  });
}

/** A key, and other secrets of which some are parts of it. */
const keyAndParts = fc.tuple(
  fc.stringMatching(/^[!-~]{12,40}$/),
  fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 })), {
    maxLength: 4,
  }),
).map(([key, cuts]) => ({
  key,
  secrets: [
    ...cuts.map(([from, length]) => key.slice(from, from + length)),
    key,
    ...cuts.map(([from]) => key.slice(0, from)),
  ].filter((secret) => secret !== ""),
}));

Deno.test("redact() leaves no whole key, whatever other secrets are parts of it", () => {
  fc.assert(
    fc.property(
      keyAndParts,
      fc.array(fc.string(), { minLength: 2, maxLength: 5 }),
      ({ key, secrets }, pieces) => {
        const redacted = redact(pieces.join(key), secrets);
        assert(!redacted.includes(key), redacted);
        for (const part of [key.slice(0, 8), key.slice(-8)]) {
          if (pieces.some((piece) => piece.includes(part))) continue;
          assert(!redacted.includes(part), redacted);
        }
      },
    ),
  );
});

Deno.test("redact() finds a key in JSON, in JSON within JSON, and in a JSON Pointer", () => {
  fc.assert(fc.property(keyAndParts, ({ key, secrets }) => {
    const json = JSON.stringify({ key });
    const slashes = json.replaceAll("/", "\\/");
    const twice = JSON.stringify(json);
    const pointer = `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    for (const text of [json, slashes, twice, pointer]) {
      assert(redact(text, secrets).includes("[token]"), text);
    }
  }));
});

Deno.test("redactJson() and redactError() bound what they copy", () => {
  const long = "x".repeat(100_000);
  const wide = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`${i}${long}`, [long, long]]),
  );
  assert(JSON.stringify(redactJson(wide, [token])).length < 50_000);
  const errors = Array(100).fill(new Error(long));
  const copy = redactError(new AggregateError(errors, long), []);
  assertEquals([copy.message.length, Reflect.get(copy, "errors").length], [
    500,
    20,
  ]);
  let [tree, chain] = [new Error("leaf"), new Error("leaf")];
  for (let i = 0; i < 8; i++) tree = new AggregateError(Array(20).fill(tree));
  for (let i = 0; i < 100; i++) chain = new Error("again", { cause: chain });
  const count = (error: unknown): number => {
    const { errors = [], cause } = error as AggregateError;
    const below: unknown[] = cause === undefined ? errors : [...errors, cause];
    return below.reduce((sum: number, each) => sum + count(each), 1);
  };
  for (const error of [tree, chain]) {
    assertEquals(count(redactError(error, [token])), 32);
  }
});

Deno.test("redact() leaves no end of a secret that overlaps itself", () => {
  assertEquals(redact("<abcabcabcabc>", ["abcabcabc"]), "<[token]>");
});

Deno.test("redact() searches for secrets of 8 characters, and no shorter ones", () => {
  assertEquals(redact("to 12345678", ["12345678"]), "to [token]");
  const text = "too many open files: 1234567";
  assertEquals(redact(text, ["any", "1234567"]), text);
});
