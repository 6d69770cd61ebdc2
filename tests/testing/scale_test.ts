import { assert, assertEquals } from "@std/assert";
import { allRooms, type Room } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

const count = 10_000;

/** A UUID that is different for each kind and number. */
const uuidOf = (kind: string, i: number) =>
  `7b61621f-62e0-4aad-ab11-${kind}${i.toString(16).padStart(11, "0")}`;

const rooms = Array.from({ length: count }, (_, i): Room => ({
  id: uuidOf("a", i),
  sessions: [{
    id: uuidOf("b", i),
    participants: [{ id: uuidOf("c", i) }, { id: uuidOf("d", i) }],
  }],
}));

/** Far above what it takes, and far below what a scan for each room would take. */
const patienceMs = 15_000;

Deno.test("fakeRooms() lists 10,000 rooms with their sessions without a scan for each", async () => {
  const began = performance.now();
  const { fetch } = fakeRooms({ rooms });
  let people = 0;
  const options = { includeSessions: true };
  for await (const { sessions } of allRooms(fetch, "any", options)) {
    people += sessions?.[0]?.participants?.length ?? 0;
  }
  assertEquals(people, 2 * count);
  assert(performance.now() - began < patienceMs);
});
