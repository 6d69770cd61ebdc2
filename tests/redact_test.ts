import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inspect } from "node:util";
import { redact, redactError } from "../lib/redact.ts";

const token = "KEY-secret-0123456789";

Deno.test("redact() blots the token out of any JSON, keys included", () => {
  const withToken = fc.string().map((text) => `${text}${token}${text}`);
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
    assert(!JSON.stringify(redact(value, token)).includes(token));
  }));
});

Deno.test("redact() leaves JSON without the token as it is", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assertEquals(
      JSON.stringify(redact(value, token)),
      JSON.stringify(value),
    );
  }));
});

Deno.test("redact() ends in a value that is nested too deep", () => {
  const text = `${"[".repeat(10_000)}"${token}"${"]".repeat(10_000)}`;
  assert(
    !inspect(redact(JSON.parse(text), token), { depth: 99 })
      .includes(token),
  );
});

Deno.test("redactError() keeps name, message, code, stack and causes", () => {
  class HttpError extends Error {
    override name = "HttpError";
    code = "ECONNRESET";
    request = { headers: { authorization: `Bearer ${token}` } };
  }
  const error = new HttpError(`Sent ${token} in vain`, {
    cause: new Error(`reset of ${token}`, { cause: `just ${token}` }),
  });
  const copy = redactError(error, token);
  assertEquals(copy.name, "HttpError");
  assertEquals(copy.message, "Sent [token] in vain");
  assertEquals((copy as Error & { code?: string }).code, "ECONNRESET");
  assert(copy.stack?.includes("redact_test.ts"));
  assertEquals((copy.cause as Error).message, "reset of [token]");
  assert(!inspect(copy, { depth: Infinity, showHidden: true }).includes(token));
});

const thrown: [string, unknown][] = [
  ["undefined", undefined],
  ["a string", token],
  ["an object", { token }],
  ["a function", () => token],
  ["a symbol", Symbol(token)],
];

for (const [name, value] of thrown) {
  Deno.test(`redactError() makes an Error of ${name}`, () => {
    const copy = redactError(value, token);
    assert(copy instanceof Error);
    assert(!inspect(copy, { showHidden: true }).includes(token));
  });
}

Deno.test("redactError() ends in a chain of causes without an end", () => {
  const error = new Error("round");
  error.cause = error;
  assertEquals(redactError(error, token).message, "round");
});
