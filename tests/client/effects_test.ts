/** What a call does after an attempt that may have been carried out, or not. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  ApiError,
  type AttemptEvent,
  type CallOptions,
  createRoom,
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

const breaks: Answer = () => Promise.reject(new TypeError("broke"));
const refused: Answer = () =>
  Promise.reject(
    new TypeError("fetch failed", {
      cause: Object.assign(new Error("connect ECONNREFUSED"), {
        code: "ECONNREFUSED",
      }),
    }),
  );
const responds =
  (status: number, body: unknown = {}, headers: HeadersInit = {}): Answer =>
  () =>
    status === 204
      ? new Response(null, { status })
      : Response.json(body, { status, headers });
const soon = { "retry-after": "0" };
const postponed = responds(503, {}, soon);

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

const opts: CallOptions = { retry: { baseDelayMs: 1 } };

Deno.test("an answer that is no response may have been carried out, and says so if it is not idempotent", async () => {
  const answers: [name: string, fetchFn: () => Promise<unknown>][] = [
    ["null", () => Promise.resolve(null)],
    ["parsed JSON", () => Promise.resolve({ data: {} })],
    ["the error of a client that throws for a status", () =>
      Promise.reject(
        Object.assign(new Error("Request failed"), {
          response: { status: 500 },
        }),
      )],
  ];
  const note = "; check before you repeat it: it may have been done";
  for (const [name, answer] of answers) {
    const fetchFn = answer as FetchFn;
    const failureOfCall = (call: Promise<unknown>) =>
      assertRejects(() => call, RoomsError);
    const created = await failureOfCall(createRoom(fetchFn, "KEY", {}));
    assertEquals([created.mayHaveTakenEffect, created.attempts], [true, 1]);
    assert(created.message.endsWith(note), name);
    const deleted = await failureOfCall(deleteRoom(fetchFn, "KEY", id));
    assertEquals(deleted.mayHaveTakenEffect, true, name);
    assert(!deleted.message.endsWith(note), name);
    const got = await failureOfCall(getRoom(fetchFn, "KEY", id));
    assertEquals(got.mayHaveTakenEffect, false, name);
  }
});

Deno.test("deleteRoom() takes a 404 as done only after an attempt that may have deleted it", async () => {
  const uncertain = [
    [breaks],
    [responds(500)],
    [responds(408)],
    [responds(503)],
    [responds(503), responds(503)],
  ];
  for (const first of uncertain) {
    const { fetchFn } = serverOf(...first, responds(404));
    const errors: unknown[] = [];
    const onAttempt = ({ error }: AttemptEvent) => errors.push(error?.code);
    await deleteRoom(fetchFn, "KEY", id, { ...opts, onAttempt });
    assertEquals(errors.at(-1), undefined);
  }
  const certain = [[], [responds(429, {}, soon)], [postponed], [refused]];
  for (const first of certain) {
    const { fetchFn } = serverOf(...first, responds(404));
    const error = await assertRejects(
      () => deleteRoom(fetchFn, "KEY", id, opts),
      ApiError,
    );
    assertEquals([error.code, error.mayHaveTakenEffect], ["not_found", false]);
  }
});

Deno.test("deleteRecordings() takes no status as done", async () => {
  const { fetchFn } = serverOf(responds(429, {}, soon), responds(404));
  await assertRejects(
    () => deleteRecordings(fetchFn, "KEY", { roomId: id }, opts),
    ApiError,
    "404",
  );
});

const session = (active: boolean, more = {}) => ({
  data: { id, active, ...more },
});
const gone = responds(422, { errors: [{ detail: "No private_ip for room" }] });
const sessionPath = `/v2/room_sessions/${id}`;

Deno.test("endSession() looks up the session after a lost response and a 422, and succeeds if it has ended", async () => {
  for (
    const found of [
      session(false),
      { data: { id, ended_at: "2026-01-01T00:00:00Z" } },
    ]
  ) {
    const { fetchFn, requests } = serverOf(breaks, gone, responds(200, found));
    await endSession(fetchFn, "KEY", id, opts);
    assertEquals(requests, [
      `POST ${sessionPath}/actions/end`,
      `POST ${sessionPath}/actions/end`,
      `GET ${sessionPath}`,
    ]);
  }
});

Deno.test("endSession() rejects with the 422 if the session is active, or can't be looked up", async () => {
  for (const third of [responds(200, session(true)), responds(404)]) {
    const { fetchFn } = serverOf(breaks, gone, third);
    const error = await assertRejects(
      () => endSession(fetchFn, "KEY", id, { ...opts }),
      ApiError,
    );
    assertEquals([error.status, error.mayHaveTakenEffect], [422, true]);
  }
});

Deno.test("endSession() rejects with a 422 at once if nothing was lost before", async () => {
  for (const answers of [[gone], [responds(429, {}, soon), gone]]) {
    const { fetchFn, requests } = serverOf(...answers);
    await assertRejects(
      () => endSession(fetchFn, "KEY", id, opts),
      ApiError,
      "422",
    );
    assertEquals(requests.length, answers.length);
  }
});

test("endSession() looks up the session in the time that is left of the call's", async (clock) => {
  const late: Answer = () =>
    new Promise((_, reject) => setTimeout(() => reject(new Error("x")), 600));
  const never: Answer = () => new Promise(() => {});
  const { fetchFn, requests } = serverOf(late, gone, never);
  const began = clock.now;
  await assertRejects(
    () =>
      endSession(fetchFn, "KEY", id, {
        timeoutMs: 1000,
        retry: { baseDelayMs: 0 },
      }),
    ApiError,
    "422",
  );
  assertEquals([requests.length, clock.now - began], [3, 1000]);
});

test("createRoom() is repeated after a failure that proves that nothing was done, and only then", async () => {
  for (const first of [refused, postponed, responds(429, {}, soon)]) {
    const { fetchFn, requests } = serverOf(first, responds(201, example));
    await createRoom(fetchFn, "KEY", {}, opts);
    assertEquals(requests.length, 2);
  }
  const uncertain: Answer[] = [
    breaks,
    responds(408),
    responds(503),
    responds(500, {}, soon),
    responds(502, {}, soon),
    responds(504, {}, soon),
    responds(503, {}, {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "0",
    }),
    responds(200),
    () => new Response("<h1>", { status: 201 }),
    () => new Promise(() => {}),
  ];
  for (const first of uncertain) {
    const { fetchFn, requests } = serverOf(first);
    const error = await assertRejects(
      () => createRoom(fetchFn, "KEY", {}, opts),
      RoomsError,
      "it may have been done",
    );
    assert(error.mayHaveTakenEffect);
    assertEquals(requests.length, 1);
  }
});

Deno.test("createRoom() does not say that it may have been done if it was not", async () => {
  const certain = [refused, postponed, responds(422), responds(429, {}, soon)];
  for (const only of certain) {
    const { fetchFn } = serverOf(only);
    const error = await assertRejects(
      () => createRoom(fetchFn, "KEY", {}, { retry: false }),
      RoomsError,
    );
    assert(!error.mayHaveTakenEffect);
    assert(!error.message.includes("may have been done"), error.message);
  }
});

Deno.test("createRoom() counts a connection as made if one of several addresses was connected", async () => {
  const error = (code: string) => Object.assign(new Error(code), { code });
  const failing = (...codes: string[]): Answer => () =>
    Promise.reject(
      new TypeError("fetch failed", {
        cause: new AggregateError(codes.map(error)),
      }),
    );
  const both = serverOf(
    failing("ECONNREFUSED", "ENETUNREACH"),
    responds(201, example),
  );
  await createRoom(both.fetchFn, "KEY", {}, opts);
  const one = serverOf(failing("ECONNREFUSED", "ECONNRESET"));
  const { mayHaveTakenEffect, cause } = await assertRejects(
    () => createRoom(one.fetchFn, "KEY", {}, opts),
    NetworkError,
    "(ECONNREFUSED)",
  );
  assert(mayHaveTakenEffect);
  const { errors } = (cause as Error).cause as AggregateError;
  assertEquals(errors.map(({ message }) => message), [
    "ECONNREFUSED",
    "ECONNRESET",
  ]);
});

Deno.test("getRoom() never has an effect", async () => {
  const error = await assertRejects(
    () => getRoom(serverOf(breaks).fetchFn, "KEY", id, { retry: false }),
    NetworkError,
  );
  assertEquals(error.mayHaveTakenEffect, false);
});

Deno.test("getRoom() retries after a failure that only mentions a redirect", async () => {
  const { fetchFn } = serverOf(
    () => Promise.reject(new TypeError("reset by redirect.example.com")),
    responds(200, example),
  );
  assertEquals((await getRoom(fetchFn, "KEY", id, opts)).id, id);
});

/** Failures that can never succeed, and what the error says. */
const permanent: [name: string, thrown: unknown, says: string][] = [
  [
    "a missing permission",
    Object.assign(new Error('Requires net access to "x"'), {
      name: "NotCapable",
    }),
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
    "a closed client",
    new TypeError("fetch failed", {
      cause: Object.assign(new Error("closed"), { code: "UND_ERR_CLOSED" }),
    }),
    "its client was closed",
  ],
  [
    "a dispatcher of another version",
    new TypeError("fetch failed", {
      cause: Object.assign(new Error("invalid onRequestStart method"), {
        code: "UND_ERR_INVALID_ARG",
      }),
    }),
    "pass (url, init) => undici.fetch(url, { ...init, dispatcher })",
  ],
  [
    "an argument that undici does not take",
    new TypeError("fetch failed", {
      cause: Object.assign(new Error("invalid upgrade"), {
        code: "UND_ERR_INVALID_ARG",
      }),
    }),
    "must be like fetch",
  ],
  [
    "a blocked port",
    new TypeError("fetch failed", { cause: new Error("bad port") }),
    "check 'baseUrl'",
  ],
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
    "a destroyed client",
    new TypeError("fetch failed", {
      cause: Object.assign(new Error("The client is destroyed"), {
        code: "UND_ERR_DESTROYED",
      }),
    }),
    "its client was closed",
  ],
];

for (const [name, thrown, says] of permanent) {
  Deno.test(`createRoom() rejects at once, and says what to do, after ${name}`, async () => {
    const { fetchFn, requests } = serverOf(() => Promise.reject(thrown));
    const error = await assertRejects(
      () => createRoom(fetchFn, "KEY", {}, opts),
      RoomsError,
      says,
    );
    assertEquals(error.code, "invalid_argument");
    assertEquals([requests.length, error.mayHaveTakenEffect], [1, false]);
    assert(!error.message.includes("may have been done"), error.message);
  });
}

Deno.test("createRoom() may have been done if its client is closed while the body arrives", async () => {
  const closed = Object.assign(new Error("closed"), { code: "UND_ERR_CLOSED" });
  const body = new ReadableStream({
    pull: (controller) => controller.error(closed),
  });
  const { fetchFn } = serverOf(() => new Response(body, { status: 201 }));
  const error = await assertRejects(
    () => createRoom(fetchFn, "KEY", {}, opts),
    NetworkError,
    "The body did not arrive",
  );
  assert(error.mayHaveTakenEffect);
});

/** Temporary failures whose texts have words of permanent ones. */
const temporary = [
  "client error (Connect): Address family not supported by protocol (os error 97)",
  "Protocol not supported (os error 93)",
  "the proxy says: extension not implemented yet",
  "no redirect, but an Illegal invocation on the other side",
];

for (const message of temporary) {
  Deno.test(`getRoom() retries after "${message}"`, async () => {
    const { fetchFn } = serverOf(
      () => Promise.reject(new TypeError(message)),
      responds(200, example),
    );
    assertEquals((await getRoom(fetchFn, "KEY", id, opts)).id, id);
  });
}

/** What Node, Bun and Deno throw where TLS fails before anything is sent. */
const handshakes: [name: string, cause: { code?: string; message: string }][] =
  [
    ["a certificate that is not trusted", {
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
      message: "self-signed certificate",
    }],
    ["a certificate that was revoked", {
      code: "CERT_REVOKED",
      message: "certificate revoked",
    }],
    ["a port that does not speak TLS", {
      code: "ERR_SSL_WRONG_VERSION_NUMBER",
      message: "80AC:error:0A00010B:SSL routines::wrong version number",
    }],
    ["a server of an old version of TLS", {
      code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
      message: "80AC:error:0A00042E:SSL routines::tlsv1 alert protocol version",
    }],
    ["a server without a common cipher, on Node 20", {
      code: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
      message: "80AC:error:0A000410:SSL routines::alert handshake failure",
    }],
    ["a server without a common cipher, on Node 24", {
      code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
      message: "80AC:error:0A000410:SSL routines::alert handshake failure",
    }],
    ["a server that closes within the handshake, on Node", {
      code: "ECONNRESET",
      message:
        "Client network socket disconnected before secure TLS connection was established",
    }],
    ["a server that closes within the handshake, on Bun", {
      code: "UNKNOWN_CERTIFICATE_VERIFICATION_ERROR",
      message: "unknown certificate verification error",
    }],
    ["a server that closes within the handshake, on Deno", {
      message:
        "error sending request for url (https://x/): client error (Connect): tls handshake eof",
    }],
  ];

for (const [name, { message, ...code }] of handshakes) {
  Deno.test(`createRoom() is repeated after ${name}, as nothing was sent`, async () => {
    const cause = Object.assign(new Error(message), code);
    const { fetchFn } = serverOf(
      () => Promise.reject(new TypeError("fetch failed", { cause })),
      responds(201, example),
    );
    assertEquals((await createRoom(fetchFn, "KEY", {}, opts)).id, id);
  });
}

/** Failures of TLS that may come after the request. */
const laterFailures: [code: string, message: string][] = [
  ["ECONNRESET", "read ECONNRESET"],
  ["EPROTO", "EPROTO: The TLS handshake failed."], // Bun's for any of them
  ["ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC", "bad record mac"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "certificate required"],
  ["UND_ERR_SOCKET", "other side closed"],
];

for (const [code, message] of laterFailures) {
  Deno.test(`createRoom() may have been done after ${code}: ${message}`, async () => {
    const cause = Object.assign(new Error(message), { code });
    const { fetchFn } = serverOf(() =>
      Promise.reject(new TypeError("fetch failed", { cause }))
    );
    const error = await assertRejects(
      () => createRoom(fetchFn, "KEY", {}, opts),
      NetworkError,
      "it may have been done",
    );
    assert(error.mayHaveTakenEffect);
  });
}

Deno.test("failureOf() says in a web page that the server may not allow its origin", () => {
  const request = {
    waitingFor: "response",
    url: "https://api.telnyx.com/v2/rooms",
    secrets: [],
    note: "",
  } as const;
  const says = (isOfPage: boolean) =>
    failureOf(new TypeError("Failed to fetch"), { ...request, isOfPage })
      .message.includes("and whether its server allows this origin");
  assertEquals([says(true), says(false)], [true, false]);
});

Deno.test("getRoom() tells a reason of several lines in one", async () => {
  const { fetchFn } = serverOf(() =>
    Promise.reject(new Error("wrong version number:\n  methods.c:78:\n"))
  );
  await assertRejects(
    () => getRoom(fetchFn, "KEY", id, { retry: false }),
    NetworkError,
    "(wrong version number: methods.c:78:)",
  );
});

Deno.test("getRoom() turns whatever is thrown into a RoomsError without the key", async () => {
  const key = "KEY0123456789";
  const trap = new Proxy({}, {
    get() {
      throw new Error(key);
    },
  });
  const thrown = [
    key,
    7,
    null,
    undefined,
    Symbol(key),
    trap,
    {
      get message() {
        throw new Error(key);
      },
    },
  ];
  for (const reason of thrown) {
    const { fetchFn } = serverOf(() => Promise.reject(reason));
    const error = await assertRejects(
      () => getRoom(fetchFn, key, id, { retry: false }),
      RoomsError,
    );
    assert(!`${error.stack}${error.cause}`.includes(key));
  }
});

test("getRoom() obeys an absolute Retry-After", async (clock) => {
  const retryAt = new Date(clock.now + 20_000).toUTCString();
  const { fetchFn } = serverOf(
    responds(429, {}, { "retry-after": retryAt }),
    responds(200, example),
  );
  const began = clock.now;
  await getRoom(fetchFn, "KEY", id);
  assertEquals(clock.now - began, 20_000);
});

test("getRoom() ends an attempt after 10 s, and a call after 30 s, by default", async (clock) => {
  const began = clock.now;
  const times: number[] = [];
  const fetchFn: FetchFn = () => {
    times.push(clock.now - began);
    return new Promise(() => {});
  };
  const retry = { baseDelayMs: 0, maxAttempts: 9 };
  await assertRejects(
    () => getRoom(fetchFn, "KEY", id, { retry }),
    RoomsError,
    "10000 ms (attemptTimeoutMs)",
  );
  assertEquals([times, clock.now - began], [[0, 10_000, 20_000], 30_000]);
});

test("deleteRoom() rejects with the reason of an abort while the body of a 404 stalls", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const stalled: Answer = () => {
    setTimeout(() => controller.abort(reason), 5);
    return new Response(new ReadableStream(), { status: 404 });
  };
  const { fetchFn } = serverOf(breaks, stalled);
  const { signal } = controller;
  const error = await assertRejects(() =>
    deleteRoom(fetchFn, "KEY", id, { ...opts, signal })
  );
  assertEquals(error, reason);
});
