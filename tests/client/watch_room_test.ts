import { assert, assertEquals, assertRejects } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import {
  ApiError,
  InvalidArgumentError,
  type RoomEvent,
  watchRoom,
  type WatchRoomOptions,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { play, step } from "../support/room_history.ts";
import { countedSignal } from "../support/signals.ts";

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
      const { seen, webhooks } = await play(before, steps);
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

Deno.test("watchRoom() continues after temporary failures, with growing intervals", async () => {
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
