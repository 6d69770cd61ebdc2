/** What a call does after an attempt that may have been carried out, or not. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
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
import { example, id } from "../support/example.ts";
import { test } from "../support/virtual_time.ts";

/** What a server does with a request: it responds, or the request fails. */
type Answer = () => Response | Promise<Response>;

const rejects = (thrown: unknown): Answer => () => Promise.reject(thrown);
const responds =
  (status: number, body: unknown = {}, headers: HeadersInit = {}): Answer =>
  () => Response.json(body, { status, headers });

const breaks = rejects(new TypeError("broke"));
const coded = (code: string) => Object.assign(new Error(code), { code });
const refused = rejects(coded("ECONNREFUSED"));
const soon = { "retry-after": "0" };
const postponed = responds(503, {}, soon);
const limited = responds(429, {}, soon);

/** A server with these answers, one for each request, and what it was sent. */
function answering(...answers: Answer[]) {
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
    const { fetchFn } = answering(answer, answer, answer);
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
      const { fetchFn } = answering(...first, responds(404));
      const errors: unknown[] = [];
      const onAttempt = ({ error }: AttemptEvent) => errors.push(error?.code);
      await remove(fetchFn, "KEY", id, { ...opts, onAttempt });
      assertEquals(errors.at(-1), undefined);
    }
    for (const first of [[], [limited], [postponed], [refused]]) {
      const { fetchFn } = answering(...first, responds(404));
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
  const { fetchFn } = answering(breaks, stalled);
  const { signal } = controller;
  const call = deleteRoom(fetchFn, "KEY", id, { ...opts, signal });
  assertEquals(await assertRejects(() => call), reason);
});

Deno.test("deleteRecordings() takes no status as done", async () => {
  const { fetchFn } = answering(limited, responds(404));
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
  ["nobody says that it has ended", [breaks, gone, session({})], false],
  ["it can't be looked up", [breaks, gone, responds(404)], false],
  ["nothing was lost before", [gone], false],
  ["nothing was done before", [limited, gone], false],
];

for (const [name, answers, succeeds] of endings) {
  const outcome = succeeds ? "succeeds" : "rejects";
  Deno.test(`endSession() ${outcome} after a 422 if ${name}, and looks it up only after a lost response`, async () => {
    const { fetchFn, requests } = answering(...answers);
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
    const { fetchFn, requests } = answering(late, gone, never);
    const began = clock.now;
    const times = { timeoutMs, attemptTimeoutMs: 1e6 };
    const call = endSession(fetchFn, "KEY", id, { ...opts, ...times });
    await assertRejects(() => call, ApiError, "422");
    const ms = timeoutMs ?? 30_000;
    assertEquals([requests.length, clock.now - began], [3, ms]);
  }
});

test("endSession() rejects with the reason of an abort, or the error of onAttempt, while it looks up the session", async () => {
  const controller = new AbortController();
  const own = new NetworkError("My own"); // it looks like one of the look-up
  const mistake = new Error("My own mistake");
  const stops: [Answer, CallOptions, reason: Error][] = [
    [
      () => {
        controller.abort(own);
        return new Promise(() => {});
      },
      { signal: controller.signal },
      own,
    ],
    [responds(503), {
      onAttempt({ status }) {
        if (status === 503) throw mistake;
      },
    }, mistake],
  ];
  for (const [answer, more, reason] of stops) {
    const { fetchFn } = answering(breaks, gone, answer);
    const call = endSession(fetchFn, "KEY", id, { ...opts, ...more });
    assertStrictEquals(await call.catch((error) => error), reason);
  }
});

const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" };
const closedInBody = new ReadableStream({
  pull: (controller) => controller.error(coded("UND_ERR_CLOSED")),
});

/** What happens to a request, and whether it may have been carried out. */
const outcomes: [name: string, answer: Answer, maybe: boolean][] = [
  ["a refused connection", refused, false],
  ["a 503 with Retry-After", postponed, false],
  ["a 429", limited, false],
  ["a 422", responds(422), false],
  ["a client that is closed", rejects(coded("UND_ERR_CLOSED")), false],
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
    const { fetchFn } = answering(answer);
    const call = createRoom(fetchFn, "KEY", {}, maybe ? opts : once);
    const error = await assertRejects(() => call, RoomsError);
    assertEquals([error.mayHaveTakenEffect, error.attempts], [maybe, 1]);
    assertEquals(error.message.endsWith(note), maybe, error.message);
    assertEquals(error.stack?.includes(note), maybe);
    if (maybe || ["unprocessable", "invalid_argument"].includes(error.code)) {
      return;
    }
    const again = answering(answer, responds(201, example));
    assertEquals((await createRoom(again.fetchFn, "KEY", {}, opts)).id, id);
  });
}
