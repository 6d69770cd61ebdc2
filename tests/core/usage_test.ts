import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  InvalidArgumentError,
  type RoomParticipant,
  type RoomRecording,
  type RoomSession,
  roomUsage,
  type RoomUsageOptions,
  type Usage,
} from "../../lib/core/mod.ts";
import { toInstant } from "../../lib/core/instant.ts";

const startMs = Date.UTC(2026, 1, 27);
const now = startMs + 4 * 86_400_000;

/** A time some microseconds after the start of the four days. */
const spell = (micros: number) => {
  const iso = new Date(startMs + Math.floor(micros / 1000)).toISOString();
  return `${iso.slice(0, -1)}${`${micros % 1000}`.padStart(3, "0")}Z`;
};
const micros = fc.oneof(
  fc.nat({ max: 4 * 86_400_000_000 }),
  // Often the same time, and often midnight
  fc.constantFrom(0, 1, 2, 3, 4).map((days) => days * 86_400_000_000),
  fc.nat({ max: 5 }),
);
const time = micros.map(spell);
const later = (a: string, b: string): [string, string] =>
  a <= b ? [a, b] : [b, a];
const period = fc.tuple(time, time).map(([a, b]) => later(a, b));

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const id = fc.constantFrom("a", "b", "c", "d", "e", "f");
const participant: fc.Arbitrary<RoomParticipant> = fc.record({
  id,
  joined_at: fc.option(time, { nil: null, freq: 9 }),
  left_at: maybe(time),
});
const roomId = fc.constantFrom("x", "y", null);
const session: fc.Arbitrary<RoomSession> = fc
  .tuple(period, fc.constantFrom("open", "ended", "somehow ended"))
  .chain(([[created_at, ended_at], state]) =>
    fc.record({
      id,
      room_id: roomId,
      active: state === "open"
        ? fc.constantFrom(true, null)
        : fc.constant(false),
      created_at: fc.constant(created_at),
      updated_at: fc.constant(ended_at),
      ended_at: fc.constant(state === "ended" ? ended_at : null),
      participants: maybe(fc.array(participant, { maxLength: 5 })),
    })
  );
const sessions = fc.array(session, { maxLength: 6 });
const recordings: fc.Arbitrary<RoomRecording[]> = fc.array(
  fc.record({
    id,
    room_id: roomId,
    session_id: maybe(id),
    started_at: time,
    duration_secs: maybe(fc.nat({ max: 90_000 })),
    size_mb: maybe(fc.nat({ max: 999 }).map((n) => n / 10)),
  }),
  { maxLength: 4 },
);

/** What adds up, in integers, so that it is compared exactly. */
const additive = (usage: Usage) =>
  [
    usage.seconds * 1e6,
    usage.participantSeconds * 1e6,
    usage.recordings,
    usage.recordedSeconds,
    usage.recordedMegabytes * 10,
  ].map(Math.round);
const sum = (all: Usage[]) =>
  all.map(additive).reduce(
    (sums, numbers) => sums.map((n, i) => n + (numbers[i] ?? 0)),
    [0, 0, 0, 0, 0],
  );
const most = (all: Usage[]) =>
  Math.max(0, ...all.map(({ mostPeople }) => mostPeople));
const count = (all: Usage[]) => all.reduce((n, it) => n + it.sessions, 0);

Deno.test("roomUsage() of the pieces of any partition of a period adds up to that of the period", () => {
  const cuts = fc.uniqueArray(time, { maxLength: 5 }).map((all) => all.sort());
  fc.assert(
    fc.property(sessions, recordings, cuts, (sessions, recordings, cuts) => {
      const of = (bounds: RoomUsageOptions) =>
        roomUsage(sessions, now, { ...bounds, recordings });
      const bounds = [undefined, ...cuts, undefined];
      const pieces = bounds.slice(1).map((to, i) =>
        of({ from: bounds[i], to })
      );
      const whole = of({});
      assertEquals(sum(pieces), additive(whole));
      assertEquals(most(pieces), whole.mostPeople);
    }),
  );
});

Deno.test("roomUsage() has days and rooms that add up to the whole, and days of each room to the room", () => {
  fc.assert(
    fc.property(
      sessions,
      recordings,
      period,
      (sessions, recordings, [from, to]) => {
        const usage = roomUsage(sessions, now, { recordings, from, to });
        const { days, rooms } = usage;
        for (const parts of [days, rooms]) {
          assertEquals(sum(parts), additive(usage));
          assertEquals(count(parts), usage.sessions);
        }
        assertEquals(most(days), usage.mostPeople);
        assert(usage.mostPeople >= most(rooms));
        for (const room of rooms) {
          assertEquals(sum(room.days), additive(room));
          assertEquals([most(room.days), count(room.days)], [
            room.mostPeople,
            room.sessions,
          ]);
        }
        const names = days.map(({ day }) => day);
        assertEquals(names, [...new Set(names)].sort());
        const inPeriod = (day: string) =>
          day >= from.slice(0, 10) && day <= to.slice(0, 10);
        assert(names.every(inPeriod), names.join());
      },
    ),
  );
});

Deno.test("roomUsage() counts each session and stay once, an open one until now, as a count of every stay at every time does", () => {
  fc.assert(fc.property(sessions, (sessions) => {
    const last = new Map(sessions.map((one) => [one.id, one]));
    const stays: [bigint, bigint][] = [];
    let open = 0n;
    for (const one of last.values()) {
      const began = toInstant(one.created_at) ?? 0n;
      const left = (one.participants ?? []).map((it) => toInstant(it.left_at));
      const known = [toInstant(one.updated_at), ...left, began]
        .filter((time) => time !== undefined)
        .reduce((a, b) => a > b ? a : b);
      const end = toInstant(one.ended_at) ??
        (one.active === false ? known : BigInt(now) * 1000n);
      if (end > began) open += end - began;
      const people = new Map(one.participants?.map((it) => [it.id, it]));
      for (const { joined_at, left_at } of people.values()) {
        const joined = toInstant(joined_at);
        if (joined === undefined) continue;
        const from = joined > began ? joined : began;
        const until = toInstant(left_at) ?? end;
        stays.push([from, until < end ? until : end]);
      }
    }
    const real = stays.filter(([from, to]) => to > from);
    const total = real.reduce((sum, [from, to]) => sum + to - from, 0n);
    const atOnce = real.map(([at]) =>
      real.filter(([from, to]) => from <= at && at < to).length
    );
    const usage = roomUsage(sessions, now);
    assertEquals(Math.round(usage.seconds * 1e6), Number(open));
    assertEquals(Math.round(usage.participantSeconds * 1e6), Number(total));
    assertEquals(usage.mostPeople, Math.max(0, ...atOnce));
  }));
});

Deno.test("roomUsage() is the same if records are listed twice, or sessions in another order", () => {
  fc.assert(fc.property(sessions, recordings, (sessions, recordings) => {
    const once = [...new Map(sessions.map((one) => [one.id, one])).values()];
    const usage = roomUsage(once, now, { recordings });
    const twice = [...recordings, ...recordings];
    assertEquals(
      roomUsage([...once, ...once], now, { recordings: twice }),
      usage,
    );
    assertEquals(
      roomUsage(once.reverse(), now, { recordings }),
      usage,
    );
  }));
});

Deno.test("roomUsage() counts a session once, on its first day in the period", () => {
  const days = (created_at: string, ended_at: string) => {
    const session = { id: "s", active: false, created_at, ended_at };
    const opts = { from: "2026-03-02", to: "2026-03-04" };
    return roomUsage([session], now, opts).days
      .map(({ day, sessions, seconds }) => [day, sessions, seconds / 3600]);
  };
  const whole = [["2026-03-02", 1, 24], ["2026-03-03", 0, 24]];
  assertEquals(days("2026-03-01", "2026-03-05"), whole);
  assertEquals(days("2026-03-01", "2026-03-02"), []);
  assertEquals(days("2026-03-04", "2026-03-04"), []);
  assertEquals(days("2026-03-02", "2026-03-02"), [["2026-03-02", 1, 0]]);
});

Deno.test("roomUsage() names no room and no session that it does not know", () => {
  const recording = { id: "r", started_at: "2026-03-01", duration_secs: 60 };
  const { rooms } = roomUsage([{ id: "s", room_id: "x" }], now, {
    recordings: [
      { ...recording, session_id: "s" },
      { ...recording, id: "q", session_id: "other" },
    ],
  });
  assertEquals(rooms.map(({ roomId, recordings }) => [roomId, recordings]), [
    [null, 1],
    ["x", 1],
  ]);
});

for (
  const [what, at, opts, message] of [
    ["a date as now", NaN, {}, "'now' must be a number from"],
    ["a day that is none", now, { from: "2026-02-30" }, "'from' must be a day"],
    [
      "a period that ends first",
      now,
      { from: "2026-03-02", to: "2026-03-01" },
      "'to' must not be before 'from'",
    ],
    ["an unknown option", now, { until: "2026-03-01" }, "'until' is unknown"],
  ] as [string, number, RoomUsageOptions, string][]
) {
  Deno.test(`roomUsage() refuses ${what}`, () => {
    const error = assertThrows(
      () => roomUsage([], at, opts),
      InvalidArgumentError,
    );
    assert(error.message.startsWith(message), error.message);
  });
}
