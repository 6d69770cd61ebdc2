import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ApiError, getRoom, NetworkError, type Room } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import {
  type Attempt,
  attemptChart,
  attemptWords,
} from "../../docs/playground/attempts.ts";
import {
  callArguments,
  type CallName,
  type Choice,
  codeLine,
} from "../../docs/playground/calls.ts";
import { failureView } from "../../docs/playground/failure.ts";
import { faults } from "../../docs/playground/faults.ts";
import {
  choices,
  newcomer,
  sampleRooms,
  summary,
} from "../../docs/playground/rooms.ts";
import { timeline } from "../../docs/playground/timeline.ts";
import { duration } from "../../docs/playground/units.ts";
import { id } from "../support/example.ts";
import { anyRoom } from "../support/room_fields.ts";

const now = Date.parse("2021-04-16T12:00:00Z");
const nothing: Choice = {
  call: "getRoom",
  id,
  name: "Retro",
  includeSessions: false,
  timeoutMs: undefined,
  attemptTimeoutMs: undefined,
  maxAttempts: 3,
};

/** A sample room, by its name on the page. */
function sample(name: string): Room {
  const choice = choices.find((choice) => choice.name === name);
  const found = sampleRooms(now).find(({ id }) => id === choice?.id);
  assert(found, name);
  return found;
}

Deno.test("codeLine() omits defaults", () => {
  assertEquals(
    codeLine(nothing),
    `const room = await getRoom(fetch, token, "${id}");`,
  );
  assertEquals(
    codeLine({ ...nothing, call: "createRoom" }),
    'const room = await createRoom(fetch, token, { unique_name: "Retro" });',
  );
  assertEquals(
    codeLine({ ...nothing, call: "createJoinToken", includeSessions: true }),
    `const tokens = await createJoinToken(fetch, token, "${id}");`,
  );
});

Deno.test("codeLine() has a line for each chosen option", () => {
  const chosen = {
    ...nothing,
    includeSessions: true,
    timeoutMs: 8000,
    attemptTimeoutMs: 2000,
    maxAttempts: 5,
  };
  assertEquals(
    codeLine(chosen),
    `const room = await getRoom(fetch, token, "${id}", {
  includeSessions: true,
  timeoutMs: 8000,
  attemptTimeoutMs: 2000,
  retry: { maxAttempts: 5 },
});`,
  );
  assert(codeLine({ ...nothing, maxAttempts: 1 }).includes("retry: false"));
});

Deno.test("codeLine() is code that passes callArguments()", () => {
  const ms = fc.option(fc.nat(), { nil: undefined });
  const choice = fc.record({
    call: fc.constantFrom<CallName>("getRoom", "createRoom", "createJoinToken"),
    id: fc.string(),
    name: fc.string(),
    includeSessions: fc.boolean(),
    timeoutMs: ms,
    attemptTimeoutMs: ms,
    maxAttempts: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(fc.property(choice, (choice) => {
    const line = codeLine(choice).replace(/^const \w+ = await/, "return");
    const run = new Function(choice.call, "fetch", "token", line);
    const called = run((...args: unknown[]) => args, "fetch", "token");
    assertEquals(called, ["fetch", "token", ...callArguments(choice)]);
  }));
});

Deno.test("duration() is in milliseconds below a second, in seconds above", () => {
  assertEquals([0.4, 312, 999.6, 1249].map(duration), [
    "0 ms",
    "312 ms",
    "1.0 s",
    "1.2 s",
  ]);
});

const failed: Attempt = {
  number: 1,
  startedMs: 0,
  ended: {
    operation: "GET /rooms/{id}",
    attempt: 1,
    status: 503,
    error: new ApiError("It failed", {
      code: "server_error",
      status: 503,
      details: [],
    }),
    durationMs: 100,
    waitMs: 250,
  },
};
const good: Attempt = {
  number: 2,
  startedMs: 350,
  ended: {
    operation: "GET /rooms/{id}",
    attempt: 2,
    status: 200,
    error: undefined,
    durationMs: 50,
    waitMs: undefined,
  },
};

Deno.test("attemptWords() describes the result, the duration and what happens next", () => {
  const words = (attempt?: Attempt) => Object.values(attemptWords(attempt));
  assertEquals(words(failed), ["503 server_error", "100 ms", "waits 250 ms"]);
  assertEquals(words(good), ["200", "50 ms", "done"]);
  assertEquals(words(), ["not made", "", ""]);
  const running = { number: 1, startedMs: 10 };
  assertEquals(words(running), ["waiting", "", ""]);
  assertEquals(
    words({ ...running, abortedMs: 30 }),
    ["aborted", "20 ms", "stops"],
  );
  const error = new NetworkError("It broke");
  const operation = "GET /rooms/{id}";
  const last = { operation, attempt: 1, status: undefined, durationMs: 5 };
  assertEquals(
    words({ ...running, ended: { ...last, error, waitMs: undefined } }),
    ["network", "5 ms", "stops"],
  );
});

Deno.test("attemptChart() lays out attempts, and waits up to now", () => {
  assertEquals(attemptChart([failed, good], 400).bars, [
    { number: 1, state: "bad", start: 0, width: 20, wait: 50 },
    { number: 2, state: "good", start: 70, width: 10, wait: 0 },
  ]);
  const [half] = attemptChart([failed], 225).bars;
  assertEquals(half?.wait, 25);
});

Deno.test("attemptChart() fits its axis, and fills at least half of it", () => {
  const times = fc.record({
    startedMs: fc.nat(60_000),
    durationMs: fc.nat(60_000),
    waitMs: fc.nat(60_000),
  });
  fc.assert(fc.property(times, fc.nat(60_000), (times, more) => {
    const { startedMs, durationMs, waitMs } = times;
    const nowMs = startedMs + durationMs + more;
    assert(failed.ended);
    const ended = { ...failed.ended, durationMs, waitMs };
    const { bars: [bar], ticks } = attemptChart(
      [{ number: 1, startedMs, ended }],
      nowMs,
    );
    assert(bar);
    const right = bar.start + bar.width + bar.wait;
    assert(bar.start >= 0 && bar.width >= 0 && bar.wait >= 0);
    assert(right <= 100.000001, String(right));
    if (nowMs > 500 && waitMs >= more) assert(right >= 49.9, String(right));
    assertEquals(ticks.map(({ at }) => at), [0, 25, 50, 75, 100]);
  }));
});

Deno.test("timeline() lists people after their session, on an axis that ends now", () => {
  const { rows, ticks } = timeline(sample("Stand-up").sessions ?? [], now);
  assertEquals(
    rows.map(({ kind, name, words, open }) => [
      kind,
      name,
      words,
      open,
    ]),
    [
      ["session", "Session, active", "42 min so far", true],
      ["person", "Alice", "42 min so far", true],
      ["person", "Bob", "26 min", false],
      ["person", "Carol", "25 min so far", true],
      ["session", "Session, ended", "46 min", false],
      ["person", "Alice", "46 min", false],
      ["person", "Dave", "31 min", false],
    ],
  );
  assertEquals(rows[0]?.bar, { start: 72, width: 28 });
  assertEquals(rows[4]?.bar?.start, 0);
  assertEquals(ticks.map(({ label }) => label), ["2 h ago", "1 h ago", "now"]);
  assertEquals(ticks.at(-1)?.at, 100);
});

Deno.test("timeline() has no bar for an unknown duration", () => {
  const { rows } = timeline([
    { id, active: false, created_at: "2021-04-16T11:00:00Z" },
    { id, active: true, participants: [{ id, joined_at: "at noon" }] },
  ], now);
  for (const { words, bar } of rows) {
    assertEquals([words, bar], ["unknown duration", undefined]);
  }
});

Deno.test("timeline() fits its axis, with a few ticks in order, for any room", () => {
  const time = fc.date({ noInvalidDate: false, max: new Date(now + 1e9) })
    .map((date) => Number.isNaN(+date) ? "never" : date.toISOString());
  const session = fc.record({
    id: fc.string(),
    active: fc.boolean(),
    created_at: time,
    ended_at: fc.option(time),
    participants: fc.array(
      fc.record({
        id: fc.string(),
        context: fc.option(fc.string()),
        joined_at: time,
        left_at: fc.option(time),
      }),
    ),
  });
  const rooms = anyRoom.map((room) => (room as unknown as Room).sessions ?? []);
  fc.assert(fc.property(fc.oneof(fc.array(session), rooms), (sessions) => {
    const { rows, ticks } = timeline(sessions, now);
    for (const { bar } of rows) {
      if (!bar) continue;
      assert(bar.start >= 0 && bar.width >= 0, JSON.stringify(bar));
      assert(bar.start + bar.width <= 100.000001, JSON.stringify(bar));
    }
    assert(ticks.length <= 5, JSON.stringify(ticks));
    const places = ticks.map(({ at }) => at);
    assertEquals(places, places.toSorted((a, b) => a - b));
    assert(places.every((at) => at >= -0.000001 && at <= 100));
  }));
});

Deno.test("sampleRooms() are valid rooms, one for each choice that has a room", async () => {
  const fake = fakeRooms({ rooms: sampleRooms(now) });
  const found = choices.slice(0, 4);
  const names: unknown[] = [];
  for (const { id } of found) {
    names.push((await getRoom(fake.fetch, "any", id)).unique_name);
  }
  assertEquals(names, ["Stand-up", "Town hall", "Book club", null]);
  assertEquals(fake.rooms.length, found.length);
  assertEquals(fake.rooms.map(summary), [
    "in session, 2 people",
    "in session, 2 people, recorded, webhooks",
    "idle",
    "never used",
  ]);
  assertEquals(summary(undefined), "unknown to the fake");
});

Deno.test("newcomer() is a name that is not in the room yet", () => {
  const fake = fakeRooms({ rooms: sampleRooms(now) });
  const people = () => fake.present(id).map(({ context }) => context);
  for (let i = 0; i < 8; i++) {
    const [room] = fake.rooms;
    assert(room);
    const context = newcomer(room);
    assert(!people().includes(context));
    fake.join(id, { context });
  }
  assertEquals(people().slice(0, 3), ["Alice", "Carol", "Ada"]);
});

Deno.test("faults each give getRoom() the outcome that their name says", async () => {
  const room = sample("Stand-up");
  const outcomes: Record<string, unknown> = {};
  for (const [name, { fault }] of Object.entries(faults)) {
    const fake = fakeRooms({ rooms: [room] });
    const chosen = fault(id, room);
    fake.fault(chosen.delayMs ? { ...chosen, delayMs: 1 } : chosen);
    outcomes[name] = await getRoom(fake.fetch, "any", id, {
      retry: false,
      attemptTimeoutMs: 50,
    }).then((found) => found.id, ({ code }) => code);
  }
  assertEquals(outcomes, {
    slow: id,
    stalled: "timeout",
    rateLimited: "rate_limited",
    unavailable: "server_error",
    broken: "network",
    wrongType: "invalid_response",
    unauthorized: "unauthorized",
  });
});

Deno.test("failureView() has the class, code, message, advice and every field", async () => {
  const { fetch } = fakeRooms();
  const error = await getRoom(fetch, "any", id).catch((error) => error);
  const view = failureView(error);
  assertEquals([view.name, view.code], ["ApiError", "not_found"]);
  assertEquals(view.message, error.message);
  assert(view.advice.includes("gone"));
  const fields = view.fields.map(([name]) => name).sort();
  assertEquals(
    fields,
    [
      "attempts",
      "details",
      "mayHaveTakenEffect",
      "rateLimit",
      "requestId",
      "status",
    ],
  );
});

Deno.test("failureView() shows a cause, and no code for an abort", () => {
  const broken = new NetworkError("It broke", {
    cause: new TypeError("reset"),
  });
  assertEquals(failureView(broken).fields.at(-1), [
    "cause",
    "TypeError: reset",
  ]);
  const aborted = failureView(new DOMException("Stopped", "AbortError"));
  assertEquals([aborted.name, aborted.code], ["AbortError", undefined]);
});
