import "../support/pure.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inspect } from "node:util";
import { redact, redactError, redactJson } from "../../lib/core/redact.ts";

const token = "KEY-secret-0123456789";

/** Text with the token in it, once or several times. */
const withToken = fc.array(fc.string(), { minLength: 2, maxLength: 5 })
  .map((pieces) => pieces.join(token));

Deno.test("redactJson() redacts the token in any JSON, keys included", () => {
  const json = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      withToken,
      fc.jsonValue(),
      fc.array(tie("node"), { maxLength: 4 }),
      fc.dictionary(withToken, tie("node"), { maxKeys: 4 }),
    ),
  })).node;
  fc.assert(fc.property(json, (value) => {
    assert(!JSON.stringify(redactJson(value, [token])).includes(token));
  }));
});

Deno.test("redactJson() does not change JSON without the token", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assertEquals(
      JSON.stringify(redactJson(value, [token])),
      JSON.stringify(value),
    );
  }));
});

Deno.test("redactJson() redacts the token at any depth", () => {
  const hold = fc.constantFrom<(value: unknown) => unknown>(
    (value) => [value],
    (value) => ({ value }),
    (value) => ({ [token]: value }),
  );
  const depths = fc.array(hold, { minLength: 25, maxLength: 45, size: "max" });
  fc.assert(fc.property(depths, withToken, (holders, text) => {
    const nested = holders.reduce(
      (value, hold) => hold(value),
      text as unknown,
    );
    assert(!JSON.stringify(redactJson(nested, [token])).includes(token));
  }));
});

Deno.test("redact() replaces each token in a text", () => {
  fc.assert(fc.property(withToken, (text) => {
    assertEquals(redact(text, [token]), text.split(token).join("[token]"));
  }));
});

Deno.test("redactError() keeps name, message, code, stack and causes", () => {
  class HttpError extends Error {
    override name = "HttpError";
    code = "ECONNRESET";
    request = { headers: { authorization: `Bearer ${token}` } };
  }
  const error = new HttpError(`Failed to send ${token}`, {
    cause: new Error(`reset of ${token}`, { cause: `just ${token}` }),
  });
  const copy = redactError(error, [token]);
  assertEquals(copy.name, "HttpError");
  assertEquals(copy.message, "Failed to send [token]");
  assertEquals((copy as Error & { code?: string }).code, "ECONNRESET");
  assert(copy.stack?.includes("redact_test.ts"));
  assertEquals((copy.cause as Error).message, "reset of [token]");
  assert(!inspect(copy, { depth: Infinity, showHidden: true }).includes(token));
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
    const seen = inspect(redactError(error, [token]), {
      depth: Infinity,
      showHidden: true,
    });
    assert(!seen.includes(token));
  }));
});

const thrown: [string, unknown][] = [
  ["undefined", undefined],
  ["a string", token],
  ["an object", { token }],
  ["a function", () => token],
  ["a symbol", Symbol(token)],
];

for (const [name, value] of thrown) {
  Deno.test(`redactError() turns ${name} into an Error`, () => {
    const copy = redactError(value, [token]);
    assert(copy instanceof Error);
    assert(!inspect(copy, { showHidden: true }).includes(token));
  });
}

Deno.test("redactError() ends on a circular chain of causes", () => {
  const error = new Error("round");
  error.cause = error;
  assertEquals(redactError(error, [token]).message, "round");
});

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

Deno.test("redact() changes no text without a secret", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assertEquals(redact(text, [token]), text);
  }));
});

Deno.test("redactJson() and redactError() bound what they copy", () => {
  const long = "x".repeat(100_000);
  const wide = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`${i}${long}`, [long, long]]),
  );
  assert(JSON.stringify(redactJson(wide, [token])).length < 50_000);
  let error = new Error(long);
  for (let i = 0; i < 100; i++) error = new Error(long, { cause: error });
  const copy = redactError(
    new AggregateError(Array(100).fill(error), long),
    [token],
  );
  assert(copy.message.length <= 500);
  const members = redactError(
    new AggregateError(Array(100).fill(new Error(long))),
    [token],
  );
  assertEquals((members as AggregateError).errors.length, 20);
});

Deno.test("redact() leaves no end of a secret that overlaps itself", () => {
  assertEquals(redact("<abcabcabcabc>", ["abcabcabc"]), "<[token]>");
});

Deno.test("redact() searches for secrets of 8 characters, and no shorter ones", () => {
  assertEquals(redact("to 12345678", ["12345678"]), "to [token]");
  const text = "too many open files: 1234567";
  assertEquals(redact(text, ["any", "1234567"]), text);
});

Deno.test("redactError() copies at most 32 errors of a tree, however it branches", () => {
  let error = new Error("leaf");
  for (let i = 0; i < 8; i++) error = new AggregateError(Array(20).fill(error));
  const count = (error: unknown): number => {
    const { errors = [], cause } = error as AggregateError;
    const below: unknown[] = cause === undefined ? errors : [...errors, cause];
    return below.reduce((sum: number, each) => sum + count(each), 1);
  };
  assertEquals(count(redactError(error, [token])), 32);
});

Deno.test("redactError() reads no more of odd lists than it can", () => {
  const trap = new Proxy([1], {
    get() {
      throw new Error(token);
    },
  });
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  class Odd extends Array {
    override slice(): never {
      throw new Error(token);
    }
  }
  for (const errors of [trap, proxy, Odd.of(new Error(token))]) {
    const copy = redactError(Object.assign(new Error("x"), { errors }), [
      token,
    ]);
    assert(!inspect(copy).includes(token));
  }
});
