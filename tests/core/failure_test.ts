import "../support/pure.ts";
import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { inspect } from "node:util";
import { failureOf, isConnectFailure } from "../../lib/core/failure.ts";
import { InvalidArgumentError, NetworkError } from "../../mod.ts";
import { retryDelay } from "../../lib/core/mod.ts";
import { secret, unreadable } from "../support/unreadable.ts";

const note = "; check before you repeat it";
const request = {
  waitingFor: "response" as const,
  url: "https://api.telnyx.com/v2/rooms",
  secrets: [secret],
  note,
  isOfPage: false,
};

/** What `fetch` throws in Node: the reason is the cause. */
const failed = (code: string | undefined, message: string) =>
  new TypeError("fetch failed", {
    cause: Object.assign(
      new Error(message),
      code === undefined ? {} : { code },
    ),
  });

/** What it throws when it tried several addresses at once. */
const failedAtEach = (...codes: string[]) => {
  const errors = codes.map((code) => Object.assign(new Error(), { code }));
  return new TypeError("fetch failed", { cause: new AggregateError(errors) });
};

const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
const cyclic: { cause?: unknown } = {};
cyclic.cause = cyclic;
const throwingText = {
  toString() {
    throw new Error(secret);
  },
};

/** What Node, Bun and Deno throw where TLS fails before anything is sent. */
const handshakes: [code: string | undefined, message: string][] = [
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"],
  ["CERT_REVOKED", "certificate revoked"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "SSL routines::wrong version number"],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "tlsv1 alert protocol version"],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "no common cipher, on Node 20"],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", "the same on Node 24"],
  [
    "ECONNRESET", // of Node: the server closes
    "Client network socket disconnected before secure TLS connection was established",
  ],
  ["UNKNOWN_CERTIFICATE_VERIFICATION_ERROR", "unknown, of Bun"],
  [
    undefined, // of Deno
    "error sending request for url (https://x/): client error (Connect): tls handshake eof",
  ],
];

/** Failures that may come after the request, or have words of permanent ones. */
const laterFailures: typeof handshakes = [
  ["ECONNRESET", "read ECONNRESET"],
  ["EPROTO", "EPROTO: The TLS handshake failed."], // Bun's for any of them
  ["ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC", "bad record mac"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "certificate required"],
  ["UND_ERR_SOCKET", "other side closed"],
  [undefined, "Protocol not supported (os error 93)"],
  [undefined, "the proxy says: extension not implemented yet"],
  [undefined, "the proxy says: bad port"],
  [undefined, "no redirect, but an Illegal invocation on the other side"],
  [undefined, "reset by redirect.example.com"],
];

const textsOf = (failures: typeof handshakes): Record<string, unknown> =>
  Object.fromEntries(
    failures.map(([code, text]) => [`${code}: ${text}`, failed(code, text)]),
  );

/** Failures before anything was sent. */
const connecting: Record<string, unknown> = {
  "a code": refused,
  "the code of its cause": new Error("failed", { cause: refused }),
  "an empty code, and that of its cause": { code: "", cause: refused },
  "a code that is no text": { code: 7, cause: refused },
  "a code that throws": { code: throwingText, cause: refused },
  "an empty code, and words of Deno": {
    code: "",
    message: "client error (Connect)",
  },
  "no address that it reached": failedAtEach("ECONNREFUSED", "ENETUNREACH"),
  ...textsOf(handshakes),
};

/** Failures after which the request may have been carried out. */
const sending: Record<string, unknown> = {
  "another code, and the cause's": { code: "ECONNRESET", cause: refused },
  "a code constructor": { code: "constructor" },
  "a code __proto__": { code: "__proto__" },
  "one of several addresses that it reached": failedAtEach(
    "ECONNREFUSED",
    "ECONNRESET",
  ),
  "itself as the cause": cyclic,
  "itself as one of several": { errors: [cyclic] },
  "a message that is no text": { message: throwingText },
  "nothing that can be read": unreadable.get,
  "a text": secret,
  "a symbol": Symbol(secret),
  "nothing": undefined,
  ...textsOf(laterFailures),
};

for (const failures of [connecting, sending]) {
  const isConnect = failures === connecting;
  for (const [name, thrown] of Object.entries(failures)) {
    Deno.test(`isConnectFailure() of an error with ${name} is ${isConnect}, so that a write is ${isConnect ? "" : "not "}repeated`, () => {
      assertEquals(isConnectFailure(thrown), isConnect);
      const error = failureOf(thrown, request);
      assertInstanceOf(error, NetworkError);
      assertEquals(error.message.endsWith(note), !isConnect);
      assert(!inspect(error).includes(secret), inspect(error));
      const state = { attempt: 1, remainingMs: 9000, random: 0 };
      const again = new NetworkError("failed", { cause: thrown });
      assertEquals(retryDelay(again, state), 0);
      assertEquals(
        retryDelay(again, { ...state, repeatable: false }),
        isConnect ? 0 : undefined,
      );
    });
  }
}

const undici = (message: string) => failed("UND_ERR_INVALID_ARG", message);

/** Failures that can never succeed, by what the error says. */
const permanent: Record<string, Record<string, Error>> = {
  "--allow-net=api.telnyx.com": {
    "a missing permission": Object.assign(
      new Error('Requires net access to "x"'),
      { name: "NotCapable" },
    ),
  },
  "(url, init) => env.SERVICE.fetch(url, init)": {
    "an unbound fetch": new TypeError(
      "Illegal invocation: function called with incorrect `this`",
    ),
    "a fetch of Firefox without its window": new TypeError(
      "'fetch' called on an object that does not implement interface Window.",
    ),
  },
  "must be like fetch": {
    "an option that the platform lacks": new TypeError(
      "The 'cache' field is not implemented.",
    ),
    "a mode that workerd lacks": new TypeError(
      "Unsupported cache mode: only-if-cached",
    ),
    "an argument that undici does not take": undici("invalid upgrade"),
  },
  "pass (url, init) => undici.fetch(url, { ...init, dispatcher })": {
    "a dispatcher of another version": undici("invalid onRequestStart method"),
  },
  "check 'baseUrl'": {
    "a blocked port": failed(undefined, "bad port"),
    "a port that Deno blocks": new TypeError(
      "Fetch failed: Requests to port 6667 are blocked",
    ),
  },
  "its client was closed": {
    "a closed client": failed("UND_ERR_CLOSED", "closed"),
    "a destroyed client": failed("UND_ERR_DESTROYED", "destroyed"),
  },
};

for (const [says, failures] of Object.entries(permanent)) {
  for (const [name, thrown] of Object.entries(failures)) {
    Deno.test(`failureOf() says what to do after ${name}, which no retry mends`, () => {
      const error = failureOf(thrown, request);
      assertInstanceOf(error, InvalidArgumentError);
      assertEquals(error.argument, "fetchFn");
      assert(error.message.includes(says), error.message);
      assert(!error.message.endsWith(note), error.message);
    });
  }
}

Deno.test("failureOf() says what is wrong with fetchFn though the code is empty, and keeps the cause", () => {
  const error = failureOf(
    { code: "", message: "Illegal invocation", cause: { message: secret } },
    request,
  );
  assertInstanceOf(error, InvalidArgumentError);
  assertEquals((error.cause as Error).message, "Illegal invocation");
  assert(!inspect(error, { depth: 9 }).includes(secret), inspect(error));
});

Deno.test("failureOf() tells a foreign reason on one line, without control characters", () => {
  const thrown = new Error("a\nFAKE LOG LINE\x1b[2J");
  const { message } = failureOf(thrown, { ...request, note: "" });
  assert(message.endsWith("(a FAKE LOG LINE\\u{1b}[2J)"), message);
});

Deno.test("failureOf() tells the deepest text that there is, or else the deepest code", () => {
  const reasons: [thrown: unknown, reason: string][] = [
    [failedAtEach("ECONNREFUSED", "ECONNRESET"), "(ECONNREFUSED)"],
    [failed("ECONNRESET", "read ECONNRESET"), "(read ECONNRESET)"],
  ];
  for (const [thrown, reason] of reasons) {
    const { message } = failureOf(thrown, { ...request, note: "" });
    assert(message.endsWith(reason), message);
  }
});

Deno.test("failureOf() says in a web page that the server may not allow its origin", () => {
  const says = (isOfPage: boolean) =>
    failureOf(new TypeError("Failed to fetch"), { ...request, isOfPage })
      .message.includes("and whether its server allows this origin");
  assertEquals([says(true), says(false)], [true, false]);
});
