import "../support/pure.ts";
import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { inspect } from "node:util";
import { failureOf, isConnectFailure } from "../../lib/core/failure.ts";
import { InvalidArgumentError, NetworkError } from "../../mod.ts";
import { retryDelay } from "../../lib/core/mod.ts";
import { secret, unreadable } from "../support/unreadable.ts";

const request = {
  waitingFor: "response" as const,
  url: "https://api.telnyx.com/v2/rooms",
  secrets: [secret],
  note: "; check before you repeat it",
  isOfPage: false,
};

const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
const cyclic: { cause?: unknown } = {};
cyclic.cause = cyclic;
const throwingText = {
  toString() {
    throw new Error(secret);
  },
};

const failures: [name: string, thrown: unknown, isConnect: boolean][] = [
  ["a code", refused, true],
  ["the code of its cause", new Error("failed", { cause: refused }), true],
  ["an empty code, and that of its cause", { code: "", cause: refused }, true],
  ["a code that is no text", { code: 7, cause: refused }, true],
  ["a code that throws", { code: throwingText, cause: refused }, true],
  ["an empty code, and words of Deno", {
    code: "",
    message: "client error (Connect)",
  }, true],
  [
    "another code, and the cause's",
    { code: "ECONNRESET", cause: refused },
    false,
  ],
  ...["constructor", "toString", "__proto__"].map(
    (code): [string, unknown, boolean] => [`a code ${code}`, { code }, false],
  ),
  ["itself as the cause", cyclic, false],
  ["itself as one of several", { errors: [cyclic] }, false],
  ["a message that is no text", { message: throwingText }, false],
  ["nothing that can be read", unreadable.get, false],
];

for (const [name, thrown, isConnect] of failures) {
  Deno.test(`isConnectFailure() of an error with ${name} is ${isConnect}, so that a write is ${isConnect ? "" : "not "}repeated`, () => {
    assertEquals(isConnectFailure(thrown), isConnect);
    const error = failureOf(thrown, request);
    assertInstanceOf(error, NetworkError);
    assertEquals(error.message.includes("check before"), !isConnect);
    assert(!inspect(error).includes(secret), inspect(error));
    const state = { attempt: 1, remainingMs: 9000, random: 0 };
    assertEquals(
      retryDelay(new NetworkError("failed", { cause: thrown }), {
        ...state,
        repeatable: false,
      }),
      isConnect ? 0 : undefined,
    );
  });
}

Deno.test("failureOf() says what is wrong with fetchFn though the code is empty, and keeps the cause", () => {
  const error = failureOf(
    { code: "", message: "Illegal invocation", cause: { message: secret } },
    request,
  );
  assertInstanceOf(error, InvalidArgumentError);
  assertEquals(error.argument, "fetchFn");
  assertEquals((error.cause as Error).message, "Illegal invocation");
  assert(!inspect(error, { depth: 9 }).includes(secret), inspect(error));
});

Deno.test("failureOf() tells a foreign reason on one line, without control characters", () => {
  const thrown = new Error("a\nFAKE LOG LINE\x1b[2J");
  const { message } = failureOf(thrown, { ...request, note: "" });
  assert(message.endsWith("(a FAKE LOG LINE\\u{1b}[2J)"), message);
});
