import "../support/pure.ts";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { RoomSession } from "../../mod.ts";
import { compare, toInstant } from "../../lib/core/instant.ts";
import { sessionEvents } from "../../lib/core/session_events.ts";

const uuid = (n: number) =>
  `00000000-0000-4000-8000-${`${n}`.padStart(12, "0")}`;

const types = (sessions: RoomSession[]) =>
  sessionEvents(sessions).map(({ event_type, payload }) =>
    `${event_type.split(".").at(-1)} ${Number(payload.session_id?.slice(-2))}`
  );

const [nine, ten, eleven] = [9, 10, 11].map((hour) =>
  `2026-01-01T${`${hour}`.padStart(2, "0")}:00:00.000000Z`
) as [string, string, string];

Deno.test("sessionEvents() ends a session before the next one starts at the same instant, and people come before others leave", () => {
  const stays = { joined_at: nine, left_at: ten };
  const first = {
    id: uuid(1),
    created_at: nine,
    ended_at: ten,
    participants: [
      { id: uuid(3), ...stays },
      { id: uuid(4), joined_at: ten },
    ],
  };
  // The same instant in other words
  const next = { id: uuid(2), created_at: "2026-01-01 11:00:00+01:00" };
  const expected = [
    ...["started 1", "joined 1", "joined 1", "left 1", "ended 1"],
    "started 2",
  ];
  assertEquals(types([first, next]), expected);
  assertEquals(types([next, first]), expected);
});

Deno.test("sessionEvents() orders instants, not their spellings, and sessions of one start by their end", () => {
  // As texts, each of the first would be after the one that follows
  const times: [created_at: string, ended_at?: string][] = [
    ["2026-01-01T23:00:00+14:00"],
    ["2026-01-01T09:00:00.1Z"],
    ["2026-01-01T09:00:00.100001Z"],
    ["2026-01-01 09:00:01"],
    ["2026-01-01T04:00:02-05:00", ten],
    ["2026-01-01T09:00:02Z", eleven],
    ["2026-01-01T09:00:02Z"],
  ];
  const sessions = times.map(([created_at, ended_at], n) => ({
    id: uuid(9 - n),
    created_at,
    ...ended_at !== undefined && { ended_at },
  }));
  const expected = times.map((_, n) => `started ${9 - n}`);
  for (const order of [sessions, sessions.toReversed()]) {
    assertEquals(types(order), [...expected, "ended 5", "ended 4"]);
  }
});

Deno.test("sessionEvents() keeps the order of participants who came at the same instant", () => {
  const participants = [7, 5, 6].map((n) => ({ id: uuid(n), joined_at: nine }));
  const session = { id: uuid(1), created_at: nine, participants };
  const ids = sessionEvents([session]).map(({ payload }) =>
    "participant_id" in payload ? payload.participant_id : undefined
  );
  assertEquals(ids, [undefined, uuid(7), uuid(5), uuid(6)]);
});

Deno.test("sessionEvents() is the same for sessions in any order, and sorted by instant", () => {
  const time = fc.constantFrom(nine, ten, eleven, "2026-01-01 10:00:00", null);
  const stay = fc.record({ joined_at: time, left_at: time });
  const some = fc.array(
    fc.record({
      created_at: time,
      ended_at: time,
      participants: fc.array(stay, { maxLength: 3 }),
    }),
    { maxLength: 5 },
  ).map((sessions) =>
    sessions.map((session, n): RoomSession => ({
      ...session,
      id: uuid(n),
      participants: session.participants.map((stay, i) => ({
        ...stay,
        id: uuid(10 * n + i + 10),
      })),
    }))
  );
  fc.assert(fc.property(some, fc.gen(), (sessions, gen) => {
    const events = sessionEvents(sessions);
    const shuffled = gen(fc.shuffledSubarray, sessions, {
      minLength: sessions.length,
    });
    assertEquals(sessionEvents(shuffled), events);
    const instants = events.map(({ occurred_at }) => toInstant(occurred_at));
    assertEquals(instants.toSorted(compare), instants);
  }));
});

Deno.test("sessionEvents() tells the whole seconds between two spellings, if they are in order", () => {
  const session = {
    id: uuid(1),
    created_at: "2026-01-01 09:00:00.9",
    ended_at: "2026-01-01T10:00:10+01:00",
  };
  const backwards = { id: uuid(2), created_at: eleven, ended_at: ten };
  assertEquals(
    sessionEvents([session, backwards]).map(({ payload }) =>
      Reflect.get(payload, "duration_secs")
    ),
    [undefined, 9, undefined, undefined],
  );
});

Deno.test("sessionEvents() takes 150,000 sessions", () => {
  // More than a call takes as arguments; times would only make it slower
  const sessions = Array<RoomSession>(150_000).fill({ id: uuid(1) });
  const last = { id: uuid(2), created_at: nine };
  assertEquals(types([...sessions, last]), ["started 2"]);
});
