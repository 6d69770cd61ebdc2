/** What a call does after an attempt that may have been carried out, or not. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  ApiError,
  type AttemptEvent,
  type CallOptions,
  createRoom,
  deleteComposition,
  deleteRecording,
  deleteRecordings,
  deleteRoom,
  endSession,
  type FetchFn,
  getRoom,
  NetworkError,
  RoomsError,
} from "../../mod.ts";
import { failureOf } from "../../lib/core/failure.ts";
import { example, id } from "../support/example.ts";
import { test } from "../support/virtual_time.ts";

/** What a server does with a request: it responds, or the request fails. */
type Answer = () => Response | Promise<Response>;

const rejects = (thrown: unknown): Answer => () => Promise.reject(thrown);
const responds =
  (status: number, body: unknown = {}, headers: HeadersInit = {}): Answer =>
  () => Response.json(body, { status, headers });

/** What `fetch` throws in Node: the reason is the cause. */
const failed = (code: string | undefined, message: string) =>
  new TypeError("fetch failed", {
    cause: Object.assign(
      new Error(message),
      code === undefined ? {} : { code },
    ),
  });

const breaks = rejects(new TypeError("broke"));
const refused = rejects(failed("ECONNREFUSED", "connect ECONNREFUSED"));
const soon = { "retry-after": "0" };
const postponed = responds(503, {}, soon);
const limited = responds(429, {}, soon);

/** A server with these answers, one for each request, and what it was sent. */
function serverOf(...answers: Answer[]) {
  const requests: string[] = [];
  const fetchFn: FetchFn = async (url, { method = "GET" }) => {
    requests.push(`${method} ${new URL(url).pathname}`);
    const answer = answers[requests.length - 1];
    if (!answer) throw new Error("Too many requests");
    return await answer();
  };
  return { fetchFn, requests };
}

const opts: CallOptions = { retry: { baseDelayMs: 0 } };
const once = { retry: false } as const;
const note = "; check before you repeat it: it may have been done";

Deno.test("an answer that is no response may have been carried out, and says so if it is not idempotent", async () => {
  const thrown = Object.assign(new Error("Request failed"), {
    response: { status: 500 }, // as of a client that throws for a status
  });
  const noResponse = (value: unknown): Answer => () => value as Response;
  const answers = [
    noResponse(null),
    noResponse({ data: {} }),
    rejects(thrown),
  ];
  for (const answer of answers) {
    const { fetchFn } = serverOf(answer, answer, answer);
    const failure = (call: Promise<unknown>) =>
      assertRejects(() => call, RoomsError);
    const created = await failure(createRoom(fetchFn, "KEY", {}));
    assertEquals([created.mayHaveTakenEffect, created.attempts], [true, 1]);
    assert(created.message.endsWith(note));
    const deleted = await failure(deleteRoom(fetchFn, "KEY", id));
    assertEquals(deleted.mayHaveTakenEffect, true);
    assert(!deleted.message.endsWith(note));
    const got = await failure(getRoom(fetchFn, "KEY", id));
    assertEquals(got.mayHaveTakenEffect, false);
  }
});

for (const remove of [deleteRoom, deleteRecording, deleteComposition]) {
  Deno.test(`${remove.name}() takes a 404 as done only after an attempt that may have deleted it`, async () => {
    const maybe = [breaks, responds(500), responds(408), responds(503)];
    for (const first of [...maybe.map((answer) => [answer]), maybe.slice(2)]) {
      const { fetchFn } = serverOf(...first, responds(404));
      const errors: unknown[] = [];
      const onAttempt = ({ error }: AttemptEvent) => errors.push(error?.code);
      await remove(fetchFn, "KEY", id, { ...opts, onAttempt });
      assertEquals(errors.at(-1), undefined);
    }
    for (const first of [[], [limited], [postponed], [refused]]) {
      const { fetchFn } = serverOf(...first, responds(404));
      const call = remove(fetchFn, "KEY", id, opts);
      const error = await assertRejects(() => call, ApiError);
      const { code, mayHaveTakenEffect } = error;
      assertEquals([code, mayHaveTakenEffect], ["not_found", false]);
    }
  });
}

test("deleteRoom() rejects with the reason of an abort while the body of a 404 stalls", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const stalled: Answer = () => {
    setTimeout(() => controller.abort(reason), 5);
    return new Response(new ReadableStream(), { status: 404 });
  };
  const { fetchFn } = serverOf(breaks, stalled);
  const { signal } = controller;
  const call = deleteRoom(fetchFn, "KEY", id, { ...opts, signal });
  assertEquals(await assertRejects(() => call), reason);
});

Deno.test("deleteRecordings() takes no status as done", async () => {
  const { fetchFn } = serverOf(limited, responds(404));
  const call = deleteRecordings(fetchFn, "KEY", { roomId: id }, opts);
  await assertRejects(() => call, ApiError, "404");
});

const gone = responds(422, { errors: [{ detail: "No private_ip for room" }] });
const session = (fields: object) => responds(200, { data: { id, ...fields } });
const ended = session({ ended_at: "2026-01-01T00:00:00Z" });
const active = session({ active: true });

/** Answers to `endSession()`, and whether it succeeds. */
const endings: [name: string, answers: Answer[], succeeds: boolean][] = [
  ["it is no longer active", [breaks, gone, session({ active: false })], true],
  ["it has ended", [breaks, gone, ended], true],
  ["it is active", [breaks, gone, active], false],
  ["it can't be looked up", [breaks, gone, responds(404)], false],
  ["nothing was lost before", [gone], false],
  ["nothing was done before", [limited, gone], false],
];

for (const [name, answers, succeeds] of endings) {
  const outcome = succeeds ? "succeeds" : "rejects";
  Deno.test(`endSession() ${outcome} after a 422 if ${name}, and looks it up only after a lost response`, async () => {
    const { fetchFn, requests } = serverOf(...answers);
    const call = endSession(fetchFn, "KEY", id, opts);
    const path = `/v2/room_sessions/${id}`;
    const isLost = answers.length === 3;
    if (succeeds) await call;
    else {
      const error = await assertRejects(() => call, ApiError);
      assertEquals([error.status, error.mayHaveTakenEffect], [422, isLost]);
    }
    const lookUp = isLost ? [`GET ${path}`] : [];
    const ends = answers.slice(lookUp.length)
      .map(() => `POST ${path}/actions/end`);
    assertEquals(requests, [...ends, ...lookUp]);
  });
}

test("endSession() looks up the session in the time that is left of the call's, 30 s by default", async (clock) => {
  const late: Answer = () =>
    new Promise((_, reject) => setTimeout(() => reject(new Error("x")), 600));
  const never: Answer = () => new Promise(() => {});
  for (const timeoutMs of [1000, undefined]) {
    const { fetchFn, requests } = serverOf(late, gone, never);
    const began = clock.now;
    const times = { timeoutMs, attemptTimeoutMs: 1e6 };
    const call = endSession(fetchFn, "KEY", id, { ...opts, ...times });
    await assertRejects(() => call, ApiError, "422");
    const ms = timeoutMs ?? 30_000;
    assertEquals([requests.length, clock.now - began], [3, ms]);
  }
});

const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" };
const closed = Object.assign(new Error("closed"), { code: "UND_ERR_CLOSED" });
const closedInBody = new ReadableStream({
  pull: (controller) => controller.error(closed),
});

/** What happens to a request, and whether it may have been carried out. */
const outcomes: [name: string, answer: Answer, maybe: boolean][] = [
  ["a refused connection", refused, false],
  ["a 503 with Retry-After", postponed, false],
  ["a 429", limited, false],
  ["a 422", responds(422), false],
  ["a connection that breaks", breaks, true],
  ["a 408", responds(408), true],
  ["a 503", responds(503), true],
  ["a 503 with a rate limit", responds(503, {}, reset), true],
  ["a 500 with Retry-After", responds(500, {}, soon), true],
  ["a 502 with Retry-After", responds(502, {}, soon), true],
  ["a 504 with Retry-After", responds(504, {}, soon), true],
  ["another success", responds(200), true],
  ["HTML", () => new Response("<h1>", { status: 201 }), true],
  ["silence", () => new Promise(() => {}), true],
  [
    "a client closed while the body arrives",
    () => new Response(closedInBody, { status: 201 }),
    true,
  ],
];

for (const [name, answer, maybe] of outcomes) {
  const says = maybe ? "may" : "can't";
  test(`createRoom() ${says} have been done after ${name}, says so, and is repeated only if it can't`, async () => {
    const { fetchFn } = serverOf(answer);
    const call = createRoom(fetchFn, "KEY", {}, maybe ? opts : once);
    const error = await assertRejects(() => call, RoomsError);
    assertEquals([error.mayHaveTakenEffect, error.attempts], [maybe, 1]);
    assertEquals(error.message.endsWith(note), maybe, error.message);
    assertEquals(error.stack?.includes(note), maybe);
    if (maybe || error instanceof ApiError && error.status === 422) return;
    const again = serverOf(answer, responds(201, example));
    assertEquals((await createRoom(again.fetchFn, "KEY", {}, opts)).id, id);
  });
}

const named = (name: string, message: string) =>
  Object.assign(new Error(message), { name });
const invalid = (message: string) => failed("UND_ERR_INVALID_ARG", message);

/** Failures that can never succeed, and what the error says. */
const permanent: [name: string, thrown: Error, says: string][] = [
  [
    "a missing permission",
    named("NotCapable", 'Requires net access to "x"'),
    "--allow-net=api.telnyx.com",
  ],
  [
    "an unbound fetch",
    new TypeError("Illegal invocation: function called with incorrect `this`"),
    "(url, init) => env.SERVICE.fetch(url, init)",
  ],
  [
    "an option that the platform lacks",
    new TypeError("The 'cache' field is not implemented."),
    "must be like fetch",
  ],
  [
    "a dispatcher of another version",
    invalid("invalid onRequestStart method"),
    "pass (url, init) => undici.fetch(url, { ...init, dispatcher })",
  ],
  [
    "an argument that undici does not take",
    invalid("invalid upgrade"),
    "must be like fetch",
  ],
  ["a blocked port", failed(undefined, "bad port"), "check 'baseUrl'"],
  [
    "a port that Deno blocks",
    new TypeError("Fetch failed: Requests to port 6667 are blocked"),
    "check 'baseUrl'",
  ],
  [
    "a fetch of Firefox without its window",
    new TypeError(
      "'fetch' called on an object that does not implement interface Window.",
    ),
    "must keep its this",
  ],
  [
    "a mode that workerd lacks",
    new TypeError("Unsupported cache mode: only-if-cached"),
    "must be like fetch",
  ],
  [
    "a closed client",
    failed("UND_ERR_CLOSED", "closed"),
    "its client was closed",
  ],
  [
    "a destroyed client",
    failed("UND_ERR_DESTROYED", "The client is destroyed"),
    "its client was closed",
  ],
];

for (const [name, thrown, says] of permanent) {
  Deno.test(`createRoom() rejects at once, and says what to do, after ${name}`, async () => {
    const { fetchFn, requests } = serverOf(rejects(thrown));
    const call = createRoom(fetchFn, "KEY", {}, opts);
    const error = await assertRejects(() => call, RoomsError, says);
    assertEquals(error.code, "invalid_argument");
    assertEquals([requests.length, error.mayHaveTakenEffect], [1, false]);
    assert(!error.message.endsWith(note), error.message);
  });
}

/** What Node, Bun and Deno throw where TLS fails before anything is sent. */
const handshakes: [code: string | undefined, message: string][] = [
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"],
  ["CERT_REVOKED", "certificate revoked"],
  [
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "80AC:error:0A00010B:SSL routines::wrong version number",
  ],
  [
    "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    "80AC:error:0A00042E:SSL routines::tlsv1 alert protocol version",
  ],
  [
    "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", // of Node 20: no common cipher
    "80AC:error:0A000410:SSL routines::alert handshake failure",
  ],
  [
    "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", // of Node 24
    "80AC:error:0A000410:SSL routines::alert handshake failure",
  ],
  [
    "ECONNRESET", // of Node: the server closes
    "Client network socket disconnected before secure TLS connection was established",
  ],
  [
    "UNKNOWN_CERTIFICATE_VERIFICATION_ERROR", // of Bun
    "unknown certificate verification error",
  ],
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
  [undefined, "no redirect, but an Illegal invocation on the other side"],
  [undefined, "reset by redirect.example.com"],
];

for (const [code, message] of [...handshakes, ...laterFailures]) {
  const isSent = laterFailures.some(([, own]) => own === message);
  const thrown = code ? failed(code, message) : new TypeError(message);
  Deno.test(`getRoom() is repeated after ${code ?? ""}: ${message}, and createRoom() ${isSent ? "may have been done" : "too"}`, async () => {
    const lookUp = serverOf(rejects(thrown), responds(200, example));
    assertEquals((await getRoom(lookUp.fetchFn, "KEY", id, opts)).id, id);
    const creation = serverOf(rejects(thrown), responds(201, example));
    const call = createRoom(creation.fetchFn, "KEY", {}, opts);
    if (!isSent) return assertEquals((await call).id, id);
    const error = await assertRejects(() => call, NetworkError, note);
    assert(error.mayHaveTakenEffect);
  });
}

Deno.test("createRoom() counts a connection as made if one of several addresses was connected", async () => {
  const failing = (...codes: string[]) => {
    const errors = codes.map((code) =>
      Object.assign(new Error(`connect ${code}`), { code })
    );
    const cause = new AggregateError(errors);
    return rejects(new TypeError("fetch failed", { cause }));
  };
  const none = failing("ECONNREFUSED", "ENETUNREACH");
  const { fetchFn } = serverOf(none, responds(201, example));
  await createRoom(fetchFn, "KEY", {}, opts);
  const one = serverOf(failing("ECONNREFUSED", "ECONNRESET"));
  const call = createRoom(one.fetchFn, "KEY", {}, opts);
  const error = await assertRejects(() => call, NetworkError, "ECONNREFUSED)");
  assert(error.mayHaveTakenEffect && error.cause instanceof Error);
  const { errors } = error.cause.cause as AggregateError;
  assertEquals(errors.map(({ message, code }) => `${message} ${code}`), [
    "connect ECONNREFUSED ECONNREFUSED",
    "connect ECONNRESET ECONNRESET",
  ]);
});

Deno.test("failureOf() says in a web page that the server may not allow its origin", () => {
  const url = "https://api.telnyx.com/v2/rooms";
  const about = { waitingFor: "response", url, secrets: [], note: "" } as const;
  const says = (isOfPage: boolean) =>
    failureOf(new TypeError("Failed to fetch"), { ...about, isOfPage })
      .message.includes("and whether its server allows this origin");
  assertEquals([says(true), says(false)], [true, false]);
});

Deno.test("getRoom() turns whatever is thrown into a RoomsError without the key", async () => {
  const key = "KEY0123456789";
  const get = () => {
    throw new Error(key);
  };
  const message = Object.defineProperty({}, "message", { get });
  const things = [key, 7, null, undefined, Symbol(key), message];
  for (const thrown of [...things, new Proxy({}, { get })]) {
    const { fetchFn } = serverOf(rejects(thrown));
    const call = getRoom(fetchFn, key, id, once);
    const error = await assertRejects(() => call, RoomsError);
    assert(!`${error.stack}${error.cause}`.includes(key));
  }
});
