/** Laws of random histories of a room, as webhooks, `watchRoom()` and records tell them. */
import { assertEquals } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import {
  applyEvent,
  endSession,
  getRoom,
  kickParticipants,
  presentParticipants,
  readEvent,
  type Room,
  type RoomEvent,
  watchRoom,
} from "../../mod.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

/** Something that happens in the room, or time that passes. */
type Step =
  | { kind: "join"; context?: string }
  | { kind: "leave" | "kick"; nth: number }
  | { kind: "end" }
  | { kind: "wait"; ms: number };

const of = <Kind extends string>(...kinds: Kind[]) => fc.constantFrom(...kinds);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: of("join") }) },
  fc.record({
    kind: of("join"),
    context: of("Alice", "Bob", '{"name":"Bob"}'),
  }),
  fc.record({ kind: of("leave", "kick"), nth: fc.nat({ max: 5 }) }),
  fc.record({ kind: of("end") }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: of("wait"),
      ms: fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 200_000_000 })),
    }),
  },
);
const history = fc.array(step, { maxLength: 12 });

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

/**
 * Plays a history in a fake, in virtual time, with a request each second.
 *
 * @param before The steps before `watchRoom` starts.
 * @param steps The steps while it runs.
 * @returns The events that it yielded, those that webhooks sent, and the session
 * that was active when it started.
 */
async function playHistory(before: Step[], steps: Step[]) {
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
    const earlier = sent.length;
    const current = fake.rooms[0]?.active_session_id;

    const controller = new AbortController();
    const seen: RoomEvent[] = [];
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
    /** Those since the start of the session that was active. */
    const watched = sent.filter(({ payload }, nth) =>
      nth >= earlier || Object(payload).session_id === current
    );
    return { fake, seen, sent, watched };
  } finally {
    clock.uninstall();
  }
}

const isOfSession = ({ event_type }: RoomEvent) =>
  /session|participant/.test(event_type);

/** The part of an event that webhooks and `watchRoom` have in common. */
function essence({ event_type, occurred_at, payload }: RoomEvent) {
  const { ended_reason: _, left_reason: __, ...rest } = Object(payload);
  return JSON.stringify([
    event_type,
    occurred_at,
    Object.entries(rest).sort(),
  ]);
}

const byId = (a: { id: string }, b: { id: string }) => a.id < b.id ? -1 : 1;

/** The part of a room that its events tell. */
const told = ({ active_session_id, sessions }: Room) => ({
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
    })).sort(byId) ?? [],
  })).sort(byId),
});

Deno.test("watchRoom() yields the events that webhooks send since the start of the current session, each exactly once; applyEvent() makes of them the room of getRoom(), in any order and sent twice; presentParticipants() are who is there", async () => {
  await fc.assert(
    fc.asyncProperty(history, history, fc.gen(), async (before, steps, gen) => {
      const { fake, seen, sent, watched } = await playHistory(before, steps);
      assertEquals(
        seen.map(essence).sort(),
        watched.filter(isOfSession).map(essence).sort(),
      );
      assertEquals(new Set(seen.map(({ id }) => id)).size, seen.length);

      const webhooks = sent.filter(isOfSession);
      const order = gen(fc.shuffledSubarray, [...webhooks, ...webhooks], {
        minLength: 2 * webhooks.length,
      });
      const room = order.reduce(applyEvent, { id } as Room);
      const expected = await getRoom(fake.fetch, "any", id, {
        includeSessions: true,
      });
      assertEquals(told({ active_session_id: null, ...room }), told(expected));
      const ids = presentParticipants(expected).map(({ id }) => id);
      assertEquals(ids, fake.present(id).map(({ id }) => id));
    }),
    { numRuns: 50 },
  );
});
