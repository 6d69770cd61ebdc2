import { assert, assertEquals } from "@std/assert";
import {
  allRooms,
  listParticipants,
  listSessions,
  type Room,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

/** The id of the nth record of a kind. */
const idOf = (kind: number, n: number): string =>
  `${kind}0000000-0000-4000-8000-${`${n}`.padStart(12, "0")}`;

/** The nth room: a session that has ended and one that has not, with two people. */
function largeRoom(_: unknown, n: number): Room {
  const sessions = [0, 1].map((m) => ({
    id: idOf(2, 2 * n + m),
    active: m === 1,
    participants: [0, 1].map((k) => ({ id: idOf(3, 4 * n + 2 * m + k) })),
  }));
  return { id: idOf(1, n), sessions };
}

/** Far above what it takes, and far below what a scan for each room would take. */
const patienceMs = 15_000;

Deno.test("fakeRooms() lists 10,000 rooms with their sessions and people without a scan for each", async () => {
  const fake = fakeRooms({ rooms: Array.from({ length: 10_000 }, largeRoom) });
  const began = performance.now();
  let people = 0;
  const opts = { includeSessions: true };
  for await (const { sessions } of allRooms(fake.fetch, "any", opts)) {
    for (const { participants } of sessions ?? []) {
      people += participants?.length ?? 0;
    }
  }
  assertEquals(people, 40_000);
  assert(performance.now() - began < patienceMs);
});

Deno.test("fakeRooms() finds the records of one owner, in any case of its id", async () => {
  const abc = "abcdef00-0000-4000-8000-000000000000";
  const rooms = [
    { id: abc, sessions: [{ id: abc, participants: [{ id: idOf(3, 9) }] }] },
    largeRoom(undefined, 1),
  ];
  const fake = fakeRooms({ rooms });
  for (const id of [abc, abc.toUpperCase()]) {
    const sessions = await listSessions(fake.fetch, "any", { roomId: id });
    assertEquals(sessions.data.map(({ id }) => id), [abc]);
    const people = await listParticipants(fake.fetch, "any", { sessionId: id });
    assertEquals(people.data.map(({ id }) => id), [idOf(3, 9)]);
  }
});

Deno.test("fakeRooms() moves a session whose id another room's seed has", async () => {
  const sessions = [{ id: idOf(2, 1), active: true }];
  const fake = fakeRooms({ rooms: [{ id: idOf(1, 1), sessions }] });
  fake.addRoom({ id: idOf(1, 2), sessions });
  const found = fake.rooms.map(({ sessions }) => sessions?.length);
  assertEquals(found, [0, 1]);
  fake.changeRoom(idOf(1, 2), { sessions: [] });
  const { data } = await listSessions(fake.fetch, "any", {});
  assertEquals(data, []);
});
