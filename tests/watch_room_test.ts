import { assert, assertEquals, assertRejects } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import {
  ApiError,
  applyEvent,
  createRoom,
  endSession,
  getRoom,
  InvalidArgumentError,
  kickParticipants,
  parseWebhook,
  readEvent,
  type Room,
  type RoomEvent,
  watchRoom,
  type WatchRoomOptions,
} from "../mod.ts";
import { type FakeRooms, fakeRooms } from "../lib/testing/fake_rooms.ts";
import type { SessionEvent } from "../lib/session_events.ts";
import { id } from "./example.ts";
import { countedSignal } from "./signals.ts";

/** Something that happens in the room, or time that passes. */
type Step =
  | { kind: "join"; context?: string }
  | { kind: "leave" | "kick"; nth: number }
  | { kind: "end" }
  | { kind: "wait"; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("join" as const) }) },
  fc.record({
    kind: fc.constant("join" as const),
    context: fc.constantFrom("Alice", "Bob", '{"name":"Bob"}'),
  }),
  fc.record({
    kind: fc.constantFrom("leave" as const, "kick" as const),
    nth: fc.nat({ max: 5 }),
  }),
  fc.record({ kind: fc.constant("end" as const) }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 200_000_000 })),
    }),
  },
);

async function carryOut(fake: FakeRooms, step: Step): Promise<void> {
  const [room] = fake.rooms;
  const present = fake.present(id);
  const person = "nth" in step ? present[step.nth] : undefined;
  const session = room?.active_session_id;
  if (step.kind === "join" && present.length < 6) {
    const { context } = step;
    fake.join(id, context === undefined ? {} : { context });
  } else if (step.kind === "leave" && person) fake.leave(person.id);
  else if (step.kind === "kick" && person && session) {
    await kickParticipants(fake.fetch, "any", session, [person.id]);
  } else if (step.kind === "end" && session) {
    await endSession(fake.fetch, "any", session);
  }
}

/** What both webhooks and a watcher tell of an event. */
function essence({ event_type, occurred_at, payload }: RoomEvent) {
  const { ended_reason: _, left_reason: __, ...rest } = Object(payload);
  return JSON.stringify([
    event_type,
    occurred_at,
    Object.entries(rest).sort(),
  ]);
}

/** Ends a watch that would go on for ever. */
const bounded = () => ({ signal: AbortSignal.timeout(3000) });

const isOfSession = ({ event_type }: RoomEvent) =>
  /session|participant/.test(event_type);

/**
 * Lets a history happen in a fake, once told by webhooks, once by `watchRoom`.
 * Virtual time: a look takes none, and two looks are a second apart.
 */
async function play(before: Step[], steps: Step[]) {
  const clock = FakeTimers.install({ now: Date.UTC(2026, 0, 1) });
  try {
    const sent: RoomEvent[] = [];
    const fake = fakeRooms({
      rooms: [{ id, webhook_event_url: "https://www.example.com/hook" }],
      onWebhook: async (request) =>
        void sent.push(readEvent(await request.text())),
    });
    for (const step of before) {
      if (step.kind === "wait") clock.tick(step.ms);
      else await carryOut(fake, step);
    }
    await fake.delivered();
    const going = fake.rooms[0]?.active_session_id;
    const past = sent.filter(({ payload }) =>
      Object(payload).session_id !== going
    );

    const controller = new AbortController();
    const seen: SessionEvent[] = [];
    const watching = (async () => {
      const opts = { intervalMs: 1000, signal: controller.signal };
      for await (const event of watchRoom(fake.fetch, "any", id, opts)) {
        seen.push(event);
      }
    })().catch((error) => error);
    await clock.tickAsync(0);
    for (const step of steps) {
      if (step.kind === "wait") {
        await clock.tickAsync(Math.min(step.ms, 20_000));
      } else await carryOut(fake, step);
    }
    await clock.tickAsync(3000);
    const reason = new Error("The visitor left");
    controller.abort(reason);
    assertEquals(await watching, reason);
    assertEquals(clock.countTimers(), 0);
    await fake.delivered();
    const told = sent.filter((event) => !past.includes(event));
    return { fake, seen, told: told.filter(isOfSession) };
  } finally {
    clock.uninstall();
  }
}

Deno.test("watchRoom() yields the events that webhooks tell, none lost and none twice", async () => {
  const history = fc.array(step, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(history, history, async (before, steps) => {
      const { seen, told } = await play(before, steps);
      assertEquals(seen.map(essence).sort(), told.map(essence).sort());
      assertEquals(new Set(seen.map(({ id }) => id)).size, seen.length);
    }),
    { numRuns: 60 },
  );
});

Deno.test("watchRoom() and webhooks tell the same life of a room; of recordings, webhooks alone", async () => {
  const clock = FakeTimers.install({ now: Date.UTC(2026, 0, 1) });
  try {
    const sent: RoomEvent[] = [];
    const fake = fakeRooms({
      onWebhook: async (request) =>
        void sent.push(
          await parseWebhook(request, fake.publicKey, { now: Date.now() }),
        ),
    });
    const { id } = await createRoom(fake.fetch, "any", {
      enable_recording: true,
      webhook_event_url: "https://www.example.com/hook",
    });
    const controller = new AbortController();
    const seen: RoomEvent[] = [];
    const watching = (async () => {
      const { signal } = controller;
      for await (const event of watchRoom(fake.fetch, "any", id, { signal })) {
        seen.push(event);
      }
    })().catch(() => {});
    await clock.tickAsync(7000);
    const alice = fake.join(id, { context: "Alice" });
    await clock.tickAsync(7000);
    fake.join(id, { context: "Bob" });
    await clock.tickAsync(1000); // there and gone between two looks
    fake.leave(alice.id);
    await clock.tickAsync(7000);
    await endSession(fake.fetch, "any", alice.session_id ?? "");
    await clock.tickAsync(7000);
    controller.abort();
    await watching;
    await fake.delivered();

    const told = sent.filter(isOfSession);
    assertEquals(seen.map(essence).sort(), told.map(essence).sort());
    const count = (type: string) =>
      sent.filter(({ event_type }) => event_type === `video.room.${type}`)
        .length;
    assertEquals(
      ["session.started", "participant.joined", "participant.left"].map(count),
      [1, 2, 2],
    );
    // One of sound and one of picture, of each of the two
    assertEquals(
      ["session.ended", "recording.started", "recording.completed"].map(count),
      [1, 4, 4],
    );
    assertEquals(sent.length, 6 + 8);
  } finally {
    clock.uninstall();
  }
});

Deno.test("applyEvent() comes to what getRoom() says, whatever the order, and if events come twice", async () => {
  const history = fc.array(step, { maxLength: 12 });
  const essential = ({ active_session_id, sessions }: Room) => ({
    active_session_id,
    sessions: (sessions ?? []).map(({ participants, ...session }) => ({
      id: session.id,
      active: session.active,
      created_at: session.created_at,
      ended_at: session.ended_at ?? null,
      participants: participants?.map((person) => ({
        id: person.id,
        context: person.context ?? null,
        joined_at: person.joined_at,
        left_at: person.left_at ?? null,
      })).sort((a, b) => a.id < b.id ? -1 : 1) ?? [],
    })).sort((a, b) => a.id < b.id ? -1 : 1),
  });
  await fc.assert(
    fc.asyncProperty(history, fc.gen(), async (steps, gen) => {
      const { fake, told } = await play([], steps);
      const order = gen(fc.shuffledSubarray, [...told, ...told], {
        minLength: 2 * told.length,
      });
      const room = order.reduce(applyEvent, { id } as Room);
      const asked = await getRoom(fake.fetch, "any", id, {
        includeSessions: true,
      });
      assertEquals(
        essential({ active_session_id: null, ...room }),
        essential(asked),
      );
    }),
    { numRuns: 40 },
  );
});

Deno.test("applyEvent() leaves the room as it is, and changes nothing for another one", () => {
  const room: Room = Object.freeze({ id, unique_name: "Standup" });
  const event = (payload: unknown, more = {}) =>
    ({
      id,
      event_type: "video.room.session.started",
      occurred_at: "2026-01-01T00:00:00.000000Z",
      payload,
      ...more,
    }) as RoomEvent;
  const session_id = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f1";
  const changed = applyEvent(room, event({ room_id: id, session_id }));
  assertEquals(changed.active_session_id, session_id);
  assertEquals(room, { id, unique_name: "Standup" });
  for (
    const other of [
      event({ room_id: session_id, session_id }),
      event({ room_id: id }),
      event({ room_id: id, session_id }, { occurred_at: null }),
      event({ room_id: id, session_id }, { event_type: "video.room.new" }),
    ]
  ) assertEquals(applyEvent(room, other), room);
});

Deno.test("watchRoom() begins with the session that is going on, from its start", async () => {
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

Deno.test("watchRoom() looks again after failures that may pass, later and later", async () => {
  const clock = FakeTimers.install({ now: 0 });
  try {
    const fake = fakeRooms({ rooms: [{ id }] });
    const controller = new AbortController();
    const { signal } = controller;
    fake.fault({ status: 503 }, 20);
    const opts = { intervalMs: 1000, retry: false as const, signal };
    const watching = watchRoom(fake.fetch, "any", id, opts).next()
      .catch((error) => error);
    await clock.tickAsync(5000);
    const soon = fake.requests.length;
    assert(soon >= 2 && soon <= 5, `${soon} requests in 5 s`);
    await clock.tickAsync(3_600_000);
    fake.join(id);
    await clock.tickAsync(120_000);
    assertEquals(
      (await watching).value.event_type,
      "video.room.session.started",
    );
    controller.abort();
  } finally {
    clock.uninstall();
  }
});

Deno.test("watchRoom() waits as long as the provider asks", async () => {
  const clock = FakeTimers.install({ now: 0 });
  try {
    const fake = fakeRooms({ rooms: [{ id }] });
    const controller = new AbortController();
    const { signal } = controller;
    fake.fault({ status: 429, headers: { "retry-after": "600" } });
    const watching = watchRoom(fake.fetch, "any", id, {
      signal,
      timeoutMs: 100,
    })
      .next().catch((error) => error);
    await clock.tickAsync(599_000);
    assertEquals(fake.requests.length, 1);
    await clock.tickAsync(2000);
    assert(fake.requests.length > 1);
    controller.abort("enough");
    assertEquals(await watching, "enough");
  } finally {
    clock.uninstall();
  }
});

Deno.test("watchRoom() throws once the room is gone", async () => {
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
];

for (const [argument, opts] of wrong) {
  Deno.test(`watchRoom() refuses ${argument} in ${JSON.stringify(opts)}, and sends nothing`, async () => {
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
  const bound = setTimeout(() => abort("It yields nothing"), 3000);
  for await (const _ of watchRoom(fake.fetch, "any", id, { signal })) break;
  clearTimeout(bound);
  assertEquals(listeners(), 0);
});
