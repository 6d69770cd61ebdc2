import { assert, assertEquals, assertRejects } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import {
  ApiError,
  type FetchFn,
  InvalidResponseError,
  type RoomEvent,
  type RoomSession,
  watchRoom,
  type WatchRoomOptions,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id, idOf, someRooms } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { test } from "../support/virtual_time.ts";

test("watchRoom() waits as long as the provider asks, whatever timeoutMs", async (clock) => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id);
  fake.fault({ status: 429, headers: { "retry-after": "600" } });
  const began = clock.now;
  const watching = watchRoom(fake.fetch, "any", id, { timeoutMs: 100 });
  await watching.next();
  await watching.return();
  assertEquals(clock.now - began, 600_000);
});

test("watchRoom() rejects once the room is gone, after the events of its end", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id);
  const seen: string[] = [];
  const error = await assertRejects(async () => {
    for await (const event of watchRoom(fake.fetch, "any", id)) {
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

test("watchRoom() yields nothing after a break or an abort, though a poll found more, and leaves no listener", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id);
  const reason = new Error("stopped");
  for (const end of ["break", "abort"]) {
    const { signal, abort, listeners } = countedSignal();
    const seen: string[] = [];
    const outcome = await (async () => {
      const events = watchRoom(fake.fetch, "any", id, { signal });
      for await (const { event_type } of events) {
        seen.push(event_type);
        if (end === "break") break;
        abort(reason);
      }
      return "break";
    })().catch((error) => error);
    assertEquals(outcome, end === "break" ? "break" : reason);
    assertEquals(seen, ["video.room.session.started"]);
    assertEquals(listeners(), 0);
  }
});

type Sessions = Partial<RoomSession>[];

/** A server with one room, whose sessions are on these pages. */
function serverOf(
  page: (number: number) => {
    sessions?: Sessions;
    totalPages?: number;
    body?: Uint8Array<ArrayBuffer>;
  },
) {
  const server = { lists: 0, days: [] as (string | null)[] };
  const fetchFn: FetchFn = (url) => {
    const { pathname, searchParams } = new URL(url);
    if (!pathname.endsWith("/room_sessions")) {
      return Promise.resolve(Response.json({ data: { id } }));
    }
    server.lists++;
    if (searchParams.has("include_participants")) {
      server.days.push(searchParams.get("filter[date_created_at][gte]"));
    }
    const number = Number(searchParams.get("page[number]"));
    const { sessions: data, totalPages: total_pages = 1, body } = page(number);
    const meta = { total_pages };
    return Promise.resolve(
      body ? new Response(body) : Response.json({ data, meta }),
    );
  };
  return Object.assign(server, { fetchFn });
}

/** Watches in virtual time; tells the events, the error, and when it asked. */
async function watchFor(
  ms: number,
  fetchFn: FetchFn,
  opts: WatchRoomOptions = {},
) {
  const clock = FakeTimers.install({ now: Date.UTC(2026, 0, 1) });
  try {
    const controller = new AbortController();
    const outcome = {
      seen: [] as RoomEvent[],
      times: [] as number[],
      error: undefined as unknown,
    };
    const counted: FetchFn = (url, init) => {
      outcome.times.push(performance.now());
      return fetchFn(url, init);
    };
    const watching = (async () => {
      const { signal } = controller;
      const events = watchRoom(counted, "any", id, { signal, ...opts });
      for await (const event of events) outcome.seen.push(event);
    })();
    watching.catch((error) => outcome.error = error);
    await clock.tickAsync(ms);
    const ended = { ...outcome };
    controller.abort();
    await watching.catch(() => {});
    return ended;
  } finally {
    clock.uninstall();
  }
}

for (const retryAfter of ["2147484", "Fri, 01 Jan 2100 00:00:00 GMT"]) {
  Deno.test(`watchRoom() waits for a Retry-After of ${retryAfter}, which is longer than a timer`, async () => {
    const headers = { "retry-after": retryAfter };
    const { times, error } = await watchFor(
      86_400_000,
      () => Promise.resolve(new Response("{}", { status: 429, headers })),
    );
    assertEquals([times.length, error], [1, undefined]);
  });
}

const own = Object.assign(new Error("The program is wrong"), {
  code: "network",
});
const lasting: [
  what: string,
  FetchFn,
  codeOrError: unknown,
  WatchRoomOptions?,
][] = [
  [
    "a token that is refused",
    () => Promise.resolve(new Response(null, { status: 401 })),
    "unauthorized",
  ],
  ["a room that is unknown", fakeRooms().fetch, "not_found"],
  [
    "a connection that is closed for ever",
    () => Promise.reject(Object({ code: "UND_ERR_DESTROYED" })),
    "invalid_argument",
  ],
  [
    "an error of the program, after a failure that is temporary",
    () => Promise.resolve(new Response(null, { status: 503 })),
    own,
    {
      onAttempt() {
        throw own;
      },
    },
  ],
];
for (const [what, fetchFn, expected, opts] of lasting) {
  Deno.test(`watchRoom() ends at once with ${what}`, async () => {
    const { times, error } = await watchFor(60_000, fetchFn, opts);
    assert(error === expected || Object(error).code === expected, `${error}`);
    assertEquals(times.length, 1);
  });
}

Deno.test("watchRoom() polls every 5 s, more rarely after failures, and counts them anew after a success", async () => {
  const { random } = Math;
  Math.random = () => 0.99;
  try {
    const { fetchFn } = serverOf(() => ({ sessions: [] }));
    // The first poll that succeeds has three requests; the tenth begins the next
    const failing = new Set([1, 2, 3, 4, 5, 6, 10]);
    let requests = 0;
    const { times } = await watchFor(
      600_000,
      (url, init) =>
        failing.has(++requests)
          ? Promise.resolve(new Response(null, { status: 503 }))
          : fetchFn(url, init),
      { retry: false },
    );
    const waits = times.slice(1, 13)
      .map((ms, n) => Math.round(ms - Number(times[n])));
    assertEquals(waits, [
      ...[5000, 9900, 19_800, 39_600, 59_400, 59_400],
      ...[0, 0, 5000, 5000, 0, 5000],
    ]);
  } finally {
    Math.random = random;
  }
});

Deno.test("watchRoom() takes 150,000 sessions, and as many participants", async () => {
  // More than a call takes as arguments
  const many = someRooms(150_000);
  const joined_at = "2026-01-02";
  const participants = many.map(({ id }) => ({ id, joined_at }));
  const current = { id: idOf(150_000), active: true, participants };
  const { fetchFn } = serverOf(() => ({ sessions: [...many, current] }));
  const events = watchRoom(fetchFn, "any", id);
  assertEquals((await events.next()).value?.payload.session_id, current.id);
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
    id: fc.nat({ max: 9 }).map(idOf),
    created_at: time,
    active: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(session, { maxLength: 4 }), async (sessions) => {
      const { fetchFn, days } = serverOf(() => ({ sessions }));
      const { error } = await watchFor(11_000, fetchFn);
      assertEquals([error, days.length], [undefined, 3]);
      for (const day of days) {
        if (day !== null) {
          assertEquals(new Date(day).toJSON().slice(0, 10), day);
        }
      }
    }),
  );
});

type Start = [created_at: string | null, active: boolean];
const firstDays: [why: string, older: Start, newer: Start, day: unknown][] = [
  [
    "the day before the newest: filters may be in another time zone",
    ["2026-01-04T12:00:00Z", false],
    ["2026-01-05T00:30:00Z", true],
    "2026-01-04",
  ],
  [
    "an older day as long as a session of then is active",
    ["2026-01-01T12:00:00Z", true],
    ["2026-01-20T12:00:00Z", false],
    "2025-12-31",
  ],
  [
    "any day while the start of an active one is unknown",
    [null, true],
    ["2026-01-20T12:00:00Z", false],
    null,
  ],
];
for (const [why, ...rest] of firstDays) {
  Deno.test(`watchRoom() asks for sessions since ${why}`, async () => {
    const [older, newer, day] = rest;
    const sessions = [older, newer].map(([created_at, active], n) => ({
      id: idOf(n),
      created_at,
      active,
    }));
    const { fetchFn, days } = serverOf(() => ({ sessions }));
    await watchFor(6000, fetchFn);
    assertEquals(days, [day, day]);
  });
}

const person = { id: idOf(8), joined_at: "2026-01-01T00:00:01Z" };
const current = {
  id: idOf(9),
  created_at: "2026-01-01T00:00:00Z",
  active: true,
  participants: [person],
};
const later = {
  ...current,
  participants: [{ ...person, left_at: "2026-01-01T00:00:02Z" }],
};
const { active: _, ...unsaid } = current;
/** What each list has; the last one again and again. */
const listings: [does: string, lists: Sessions[][], types: string[]][] = [
  [
    "takes a session that says neither that it is active nor when it ended for active",
    [[[unsaid]]],
    ["started", "joined"],
  ],
  [
    "yields no event twice if a session moves between pages",
    [[[current]], [[current], [current]]],
    ["started", "joined"],
  ],
  [
    "yields no event twice if the list lags, and leaves out what it had",
    [[[current]], [[current]], [[]], [[later]], [[current]], [[later]]],
    ["started", "joined", "left"],
  ],
];
for (const [does, lists, types] of listings) {
  Deno.test(`watchRoom() ${does}`, async () => {
    let nth = -1;
    const { fetchFn } = serverOf((number) => {
      if (number === 1) nth++;
      const pages = lists[nth] ?? lists.at(-1) ?? [];
      return { sessions: pages[number - 1] ?? [], totalPages: pages.length };
    });
    const { seen, error } = await watchFor(60_000, fetchFn);
    assertEquals(error, undefined);
    assertEquals(
      seen.map(({ event_type }) => event_type.split(".").at(-1)),
      types,
    );
  });
}

const large = new TextEncoder().encode(JSON.stringify({
  data: [{ id, text: "x".repeat(3e7) }],
  meta: { total_pages: 900 },
}));
const tooLarge: [
  what: string,
  page: Parameters<typeof serverOf>[0],
  requests: number,
  message: string,
][] = [
  [
    "a million pages, when it sees it",
    () => ({ sessions: [{ id }], totalPages: 1_000_000 }),
    1,
    "/meta/total_pages must be at most 1000 for a list as a whole, received 1000000",
  ],
  [
    "pages that become more than 1000",
    (number) => ({
      sessions: [{ id: idOf(number) }],
      totalPages: number + 900,
    }),
    101,
    "received 1001",
  ],
  [
    "more than 256 MiB",
    () => ({ body: large }),
    9,
    "The response's /data must be at most 268435456 characters",
  ],
];
for (const [what, page, requests, message] of tooLarge) {
  Deno.test(`watchRoom() refuses a list of ${what}`, async () => {
    const server = serverOf(page);
    const opts = { timeoutMs: 60_000 };
    await assertRejects(
      () => watchRoom(server.fetchFn, "any", id, opts).next(),
      InvalidResponseError,
      message,
    );
    assertEquals(server.lists, requests);
  });
}

Deno.test("watchRoom() takes a list of 1000 pages", async () => {
  const server = serverOf((number) => ({
    sessions: [{ id: idOf(number) }],
    totalPages: 1000,
  }));
  const { seen, error } = await watchFor(4000, server.fetchFn);
  assertEquals([seen, error, server.lists], [[], undefined, 2000]);
});
