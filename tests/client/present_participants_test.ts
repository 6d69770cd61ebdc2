import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { getRoom, presentParticipants } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

Deno.test("presentParticipants() of getRoom() are those who are in the fake's room", async () => {
  const steps = fc.array(fc.nat({ max: 9 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const fake = fakeRooms({ rooms: [{ id, max_participants: 50 }] });
      for (const step of steps) {
        const leaving = fake.present(id)[step];
        if (leaving) fake.leave(leaving.id);
        else fake.join(id, { context: `${step}` });
      }
      const room = await getRoom(fake.fetch, "any", id, {
        includeSessions: true,
      });
      assertEquals(
        presentParticipants(room).map(({ id }) => id),
        fake.present(id).map(({ id }) => id),
      );
    }),
    { numRuns: 50 },
  );
});
