import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
} from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import {
  ApiError,
  type FetchFn,
  InvalidArgumentError,
  InvalidResponseError,
  type RoomEvent,
  type RoomSession,
  watchRoom,
  type WatchRoomOptions,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { playHistory, step } from "../support/room_history.ts";
import { countedSignal } from "../support/signals.ts";
import { test } from "../support/virtual_time.ts";

/** The part of an event that webhooks and `watchRoom` have in common. */
function essence({ event_type, occurred_at, payload }: RoomEvent) {
  const { ended_reason: _, left_reason: __, ...rest } = Object(payload);
  return JSON.stringify([
    event_type,
    occurred_at,
    Object.entries(rest).sort(),
  ]);
}

/** Limits a watch that would not end. */
const bounded = () => ({ signal: AbortSignal.timeout(3000) });

Deno.test("watchRoom() yields the events that webhooks send, each exactly once", async () => {
  const history = fc.array(step, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(history, history, async (before, steps) => {
      const { seen, webhooks } = await playHistory(before, steps);
      assertEquals(seen.map(essence).sort(), webhooks.map(essence).sort());
      assertEquals(new Set(seen.map(({ id }) => id)).size, seen.length);
    }),
    { numRuns: 60 },
  );
});

Deno.test("watchRoom() begins with the start of the current session", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.leave(fake.join(id, { context: "long ago" }).id);
  fake.leave(fake.join(id, { context: "Alice" }).id);
  const { session_id } = fake.join(id, { context: "Bob" });
  fake.leave(fake.join(id, { context: "Eve" }).id);

  const seen: string[] = [];
  for await (
    const { event_type, payload } of watchRoom(fake.fetch, "any", id, bounded())
  ) {
    assertEquals(payload.session_id, session_id);
    seen.push(event_type);
    if (seen.length === 4) break;
  }
  assertEquals(seen.toSorted(), [
    "video.room.participant.joined",
    "video.room.participant.joined",
    "video.room.participant.left",
    "video.room.session.started",
  ]);
});

test("watchRoom() continues after temporary failures, with growing intervals", async (clock) => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id);
  const began = clock.now;
  const times: number[] = [];
  const fetchFn: FetchFn = (url, init) => {
    times.push(clock.now - began);
    if (times.length <= 20) fake.fault({ status: 503 });
    return fake.fetch(url, init);
  };
  const opts = { intervalMs: 1000, retry: false } as const;
  const watching = watchRoom(fetchFn, "any", id, opts);
  const { value } = await watching.next();
  assertEquals(value?.event_type, "video.room.session.started");
  await watching.return();
  const soon = times.filter((ms) => ms < 5000).length;
  assert(soon >= 2 && soon <= 5, `${soon} requests in 5 s`);
});

test("watchRoom() waits as long as the provider asks", async (clock) => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id);
  fake.fault({ status: 429, headers: { "retry-after": "600" } });
  const began = clock.now;
  const watching = watchRoom(fake.fetch, "any", id, { timeoutMs: 100 });
  await watching.next();
  await watching.return();
  assertEquals(clock.now - began, 600_000);
});

Deno.test("watchRoom() rejects once the room is gone", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id);
  const seen: string[] = [];
  const error = await assertRejects(async () => {
    for await (
      const event of watchRoom(fake.fetch, "any", id, {
        ...bounded(),
        intervalMs: 100,
      })
    ) {
      seen.push(event.event_type);
      if (seen.length === 2) fake.removeRoom(id);
    }
  }, ApiError);
  assertEquals(error.code, "not_found");
  assertEquals(seen.slice(2), [
    "video.room.participant.left",
    "video.room.session.ended",
  ]);
});

const wrong: [string, WatchRoomOptions | null][] = [
  ["opts", null],
  ["intervalMs", { intervalMs: 99 }],
  ["intervalMs", { intervalMs: "5" as never }],
  ["timeoutMs", { timeoutMs: 0 }],
  ["intervalMS", { intervalMS: 1000 } as WatchRoomOptions],
  ["includeSessions", { includeSessions: true } as WatchRoomOptions],
];

for (const [argument, opts] of wrong) {
  Deno.test(`watchRoom() rejects ${argument} in ${JSON.stringify(opts)}, and sends nothing`, async () => {
    const fake = fakeRooms();
    const error = await assertRejects(
      () => watchRoom(fake.fetch, "any", id, opts as WatchRoomOptions).next(),
      InvalidArgumentError,
    );
    assertEquals([error.argument, fake.requests.length], [argument, 0]);
  });
}

Deno.test("watchRoom() leaves no listener on the signal when the loop ends", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id);
  const { signal, abort, listeners } = countedSignal();
  const bound = setTimeout(() => abort("It yielded nothing"), 3000);
  for await (const _ of watchRoom(fake.fetch, "any", id, { signal })) break;
  clearTimeout(bound);
  assertEquals(listeners(), 0);
});

/** A server with one room, and the sessions that it has at the time. */
function serverOf(sessions: () => RoomSession[]) {
  const server = { days: [] as (string | null)[], polls: [] as number[] };
  const fetchFn: FetchFn = (url) => {
    const { pathname, searchParams } = new URL(url);
    if (!pathname.endsWith("/room_sessions")) {
      return Promise.resolve(Response.json({ data: { id } }));
    }
    if (searchParams.has("include_participants")) {
      server.polls.push(performance.now());
      server.days.push(searchParams.get("filter[date_created_at][gte]"));
    }
    const page = { data: sessions(), meta: { total_pages: 1 } };
    return Promise.resolve(Response.json(page));
  };
  return Object.assign(server, { fetchFn });
}

const sessionId = (n: number) =>
  `0ccc7b54-4df3-4bca-a65a-${`${n}`.padStart(12, "0")}`;

/** Watches in virtual time; returns the events, or the error that ended it. */
async function watchFor(
  ms: number,
  fetchFn: FetchFn,
  opts: WatchRoomOptions = {},
  now = 0,
) {
  const clock = FakeTimers.install({ now });
  try {
    const controller = new AbortController();
    const seen: RoomEvent[] = [];
    const watching = (async () => {
      const { signal } = controller;
      const all = watchRoom(fetchFn, "any", id, { signal, ...opts });
      for await (const event of all) seen.push(event);
    })();
    let error: unknown;
    watching.catch((thrown) => error = thrown);
    await clock.tickAsync(ms);
    const ended = error;
    controller.abort();
    await watching.catch(() => {});
    return { seen, error: ended };
  } finally {
    clock.uninstall();
  }
}

for (
  const retryAfter of [
    "2147484",

    "Fri, 01 Jan 2100 00:00:00 GMT",
  ]
) {
  Deno.test(`watchRoom() waits for a Retry-After of ${retryAfter}, which is longer than a timer`, async () => {
    let requests = 0;
    const fetchFn: FetchFn = () => {
      requests++;
      const headers = { "retry-after": retryAfter };
      return Promise.resolve(new Response("{}", { status: 429, headers }));
    };
    const now = Date.UTC(2026, 0, 1);
    const { error } = await watchFor(86_400_000, fetchFn, {}, now);
    assertEquals([requests, error], [1, undefined]);
  });
}

Deno.test("watchRoom() takes 150,000 sessions, and as many participants", async () => {
  const many = Array.from({ length: 150_000 }, (_, n) => sessionId(n));
  const sessions = many.map((id) => ({ id, created_at: "2026-01-01" }));
  const participants = many.map((id) => ({ id }));
  const current = {
    id: sessionId(150_000),
    active: true,
    created_at: "2026-01-02",
    participants,
  };
  const { fetchFn } = serverOf(() => [...sessions, current]);
  const events = watchRoom(fetchFn, "any", id);
  const { value } = await events.next();
  assertEquals(value?.payload.session_id, current.id);
  await events.return();
});

Deno.test("watchRoom() asks for a real day or for none, whatever the times of sessions", async () => {
  const time = fc.oneof(
    fc.constantFrom(
      null,
      "",
      "0000-01-01T00:00:00Z",
      "0000-01-02T00:00:00Z",
      "9999-12-31T23:59:59.999999Z",
      "+010000-01-01T00:00:00Z",
      "+275760-09-13T00:00:00.000Z",
      "-271821-04-20T00:00:00.000Z",
      "-000001-01-01T00:00:00Z",
      "2026-02-30T00:00:00Z",
    ),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.string(),
  );
  const session = fc.record({
    id: fc.nat({ max: 9 }).map(sessionId),
    created_at: time,
    active: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(session, { maxLength: 4 }), async (sessions) => {
      const { fetchFn, days } = serverOf(() => sessions);
      const { error } = await watchFor(11_000, fetchFn);
      assertEquals(error, undefined);
      assertEquals(days.length, 3);
      for (const day of days) {
        if (day !== null) {
          assertEquals(new Date(day).toJSON().slice(0, 10), day);
        }
      }
    }),
  );
});

Deno.test("watchRoom() ends at once with an error that can't be temporary", async () => {
  let requests = 0;
  const { error } = await watchFor(60_000, () => {
    requests++;
    return Promise.resolve(new Response(null, { status: 401 }));
  });
  assertEquals([(error as ApiError).code, requests], ["unauthorized", 1]);

  const own = new Error("The program is wrong");
  requests = 0;
  const thrown = await watchFor(60_000, () => {
    requests++;
    return Promise.resolve(new Response(null, { status: 503 }));
  }, {
    onAttempt: () => {
      throw Object.assign(own, { code: "network" });
    },
  });
  assertEquals([thrown.error, requests], [own, 1]);
});

Deno.test("watchRoom() ends at once with a failure that can never succeed", async () => {
  let requests = 0;
  const { error } = await watchFor(60_000, () => {
    requests++;
    return Promise.reject(
      Object.assign(new Error("destroyed"), { code: "UND_ERR_DESTROYED" }),
    );
  });
  assertInstanceOf(error, InvalidArgumentError);
  assertEquals(requests, 1);
});

Deno.test("watchRoom() sends one request for a room that is unknown", async () => {
  const fake = fakeRooms();
  const { error } = await watchFor(60_000, fake.fetch);
  assertEquals([(error as ApiError).code, fake.requests.length], [
    "not_found",
    1,
  ]);
});

Deno.test("watchRoom() asks for sessions since the day before the newest: filters may be in another time zone", async () => {
  const { fetchFn, days } = serverOf(() => [
    { id: sessionId(1), created_at: "2026-01-04T12:00:00Z", active: false },
    { id: sessionId(2), created_at: "2026-01-05T00:30:00Z", active: true },
  ]);
  await watchFor(6000, fetchFn);
  assertEquals(days, ["2026-01-04", "2026-01-04"]);
});

Deno.test("watchRoom() asks for an older session as long as it is active", async () => {
  const { fetchFn, days } = serverOf(() => [
    { id: sessionId(1), created_at: "2026-01-01T12:00:00Z", active: true },
    { id: sessionId(2), created_at: "2026-01-20T12:00:00Z", active: false },
  ]);
  await watchFor(6000, fetchFn);
  assertEquals(days, ["2025-12-31", "2025-12-31"]);
});

Deno.test("watchRoom() asks for every session while the start of an active one is unknown", async () => {
  const { fetchFn, days } = serverOf(() => [
    { id: sessionId(1), created_at: null, active: true },
    { id: sessionId(2), created_at: "2026-01-20T12:00:00Z", active: false },
  ]);
  await watchFor(6000, fetchFn);
  assertEquals(days, [null, null]);
});

Deno.test("watchRoom() yields nothing after an abort, though a poll found more", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id);
  const { signal, abort } = countedSignal();
  const events = watchRoom(fake.fetch, "any", id, { signal });
  assertEquals(
    (await events.next()).value?.event_type,
    "video.room.session.started",
  );
  const reason = new Error("stopped");
  abort(reason);
  assertEquals(await events.next().catch((error) => error), reason);
});

Deno.test("watchRoom() polls every 5 s by default", async () => {
  const { fetchFn, polls } = serverOf(() => []);
  await watchFor(14_999, fetchFn);
  const [first = NaN] = polls;
  assertEquals(polls.map((ms) => Math.round(ms - first)), [0, 5000, 10_000]);
});

Deno.test("watchRoom() counts failures anew after a success", async () => {
  const random = Math.random;
  Math.random = () => 0.99;
  try {
    const times: number[] = [];
    const { fetchFn } = serverOf(() => []);
    let requests = 0;
    const fails = (n: number) => n <= 6 || n === 10;
    await watchFor(600_000, (url, init) => {
      times.push(performance.now());
      // The tenth begins the poll after the first that succeeds
      return fails(++requests)
        ? Promise.resolve(new Response(null, { status: 503 }))
        : fetchFn(url, init);
    }, { retry: false });
    const waits = times.slice(1).map((ms, n) =>
      Math.round(ms - (times[n] ?? 0))
    );
    assertEquals(waits.slice(0, 6), [
      5000,
      9900,
      19_800,
      39_600,
      59_400,
      59_400,
    ]);
    assertEquals(waits.slice(8, 10), [5000, 5000]);
  } finally {
    Math.random = random;
  }
});

/** Other sessions on each page, and any number of pages. */
function endlessSessions(totalPages: (page: number) => number, text = "") {
  let requests = 0;
  const fetchFn: FetchFn = (url) => {
    const { pathname, searchParams } = new URL(url);
    if (!pathname.endsWith("/room_sessions")) {
      return Promise.resolve(Response.json({ data: { id } }));
    }
    const page = Number(searchParams.get("page[number]"));
    requests++;
    const data = [{ id: sessionId(page), text }];
    const meta = { total_pages: totalPages(page) };
    return Promise.resolve(Response.json({ data, meta }));
  };
  return { fetchFn, requests: () => requests };
}

Deno.test("watchRoom() refuses a list of more than 1000 pages, when it sees it", async () => {
  const million = endlessSessions(() => 1_000_000);
  const error = await assertRejects(
    () => watchRoom(million.fetchFn, "any", id).next(),
    InvalidResponseError,
    "must be at most 1000 for a list as a whole, received 1000000",
  );
  assertEquals([error.pointer, million.requests()], ["/meta/total_pages", 1]);
  const growing = endlessSessions((page) => page + 900);
  await assertRejects(
    () => watchRoom(growing.fetchFn, "any", id).next(),
    InvalidResponseError,
    "received 1001",
  );
  assertEquals(growing.requests(), 101);
});

Deno.test("watchRoom() takes a list of 1000 pages", async () => {
  const { fetchFn, requests } = endlessSessions(() => 1000);
  const { seen, error } = await watchFor(4000, fetchFn);
  assertEquals([seen, error, requests()], [[], undefined, 2000]);
});

Deno.test("watchRoom() refuses a list of more than 256 MiB", async () => {
  const { fetchFn, requests } = endlessSessions(() => 900, "x".repeat(3e7));
  await assertRejects(
    () => watchRoom(fetchFn, "any", id, { timeoutMs: 60_000 }).next(),
    InvalidResponseError,
    "The response's /data must be at most 268435456 characters",
  );
  assertEquals(requests(), 9);
});
