/** Random histories of a room, as webhooks and `watchRoom()` report them. */
import { assertEquals } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import {
  endSession,
  kickParticipants,
  readEvent,
  type RoomEvent,
  watchRoom,
} from "../../mod.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import type { SessionEvent } from "../../lib/core/session_events.ts";
import { id } from "./example.ts";

/** Something that happens in the room, or time that passes. */
export type Step =
  | { kind: "join"; context?: string }
  | { kind: "leave" | "kick"; nth: number }
  | { kind: "end" }
  | { kind: "wait"; ms: number };

/** Any step. */
export const step: fc.Arbitrary<Step> = fc.oneof(
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

const isOfSession = ({ event_type }: RoomEvent) =>
  /session|participant/.test(event_type);

/**
 * Plays a history in a fake, in virtual time, with a request each second.
 *
 * @param before The steps before `watchRoom` starts.
 * @param steps The steps while it runs.
 * @returns The events that it yielded, and those that webhooks sent.
 */
export async function playHistory(before: Step[], steps: Step[]) {
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
    const current = fake.rooms[0]?.active_session_id;
    const earlier = sent.filter(({ payload }) =>
      Object(payload).session_id !== current
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
    const webhooks = sent.filter((event) => !earlier.includes(event));
    return { fake, seen, webhooks: webhooks.filter(isOfSession) };
  } finally {
    clock.uninstall();
  }
}
