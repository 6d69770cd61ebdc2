import { assert, assertEquals } from "@std/assert";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { partsOf } from "../../lib/testing/parts.ts";
import { random, simulation } from "../../lib/testing/simulation.ts";
import { addStartingRooms } from "../../lib/testing/starting_rooms.ts";

/** What happens in so many steps, and the fake in which it does. */
function simulated(seed: number, steps: number) {
  let now = Date.UTC(2026, 0, 1);
  const fake = fakeRooms({ now: () => now });
  const parts = partsOf(fake);
  addStartingRooms(parts);
  const step = simulation(parts.state, seed);
  const told: string[] = [];
  for (let i = 0; i < steps; i++) {
    now += 1500;
    step();
    for (const { event } of fake.webhooks) {
      const { context, room_id } = event.payload;
      told.push(`${event.event_type} ${room_id} ${context}`);
    }
    parts.outbox.clear();
  }
  return { fake, told };
}

Deno.test("simulation() does the same for the same seed, and other things for another", () => {
  const [first, again, other] = [7, 7, 8].map((seed) => simulated(seed, 300));
  assertEquals(first?.told, again?.told);
  assert(first?.told.join() !== other?.told.join());
});

Deno.test("simulation() lets people come and go, never too many in a room nor one of them twice", () => {
  for (const seed of [1, 2, 3]) {
    const { fake, told } = simulated(seed, 600);
    const types = new Set(told.map((line) => line.split(" ")[0]));
    assertEquals([...types].sort(), [
      "video.room.participant.joined",
      "video.room.participant.left",
      "video.room.recording.completed",
      "video.room.recording.started",
      "video.room.session.ended",
      "video.room.session.started",
    ]);
    for (const { id, max_participants } of fake.rooms) {
      const present = fake.present(id).map(({ context }) => context);
      assert(present.length <= (max_participants ?? 0));
      assertEquals(new Set(present).size, present.length);
    }
  }
});

Deno.test("simulation() keeps few ended sessions of each room", () => {
  const { fake } = simulated(4, 3000);
  const { state } = partsOf(fake);
  for (const { id } of fake.rooms) {
    assert(state.sessions.of(id).length <= 13);
  }
  const sessions = new Set(state.sessions.of().map(({ id }) => id));
  const others = [
    ...state.participants.of(),
    ...state.recordings.of(),
    ...state.compositions.of(),
  ];
  assert(others.every(({ session_id }) => sessions.has(session_id)));
});

Deno.test("random() gives numbers from 0 to 1, spread evenly", () => {
  const next = random(9);
  const counts = Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const tenth = Math.floor(next() * 10);
    counts[tenth] = (counts[tenth] ?? 0) + 1;
  }
  assert(counts.every((count) => count > 900 && count < 1100), counts.join());
});

Deno.test("addStartingRooms() adds six rooms that differ, without a webhook", () => {
  const fake = fakeRooms({
    onWebhook() {},
    webhookUrl: "https://example.com/",
  });
  addStartingRooms(partsOf(fake));
  addStartingRooms(partsOf(fake));
  const { rooms } = fake;
  const isLive = rooms.map(({ active_session_id }) => !!active_session_id);
  assertEquals(rooms.map(({ unique_name }) => unique_name), [
    "stand-up",
    "customer-call",
    "interview",
    "all-hands",
    null,
    "book-club",
  ]);
  assertEquals(isLive, [true, true, true, false, false, false]);
  assertEquals(fake.present(rooms[2]?.id ?? "").length, 2); // full
  const { recordings, compositions } = partsOf(fake).state;
  const files = [...recordings.of(), ...compositions.of()];
  assert(files.some(({ status }) => status === "completed"));
  assertEquals(compositions.size, 1);
  assertEquals(fake.webhooks, []);
});
