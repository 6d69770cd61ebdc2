import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  applyEvent,
  getRoom,
  presentParticipants,
  type Room,
} from "../../mod.ts";
import { id } from "../support/example.ts";
import { playHistory, step } from "../support/room_history.ts";

Deno.test("applyEvent() results in the room of getRoom(), for events in any order and sent twice, and presentParticipants() in who is there", async () => {
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
      const { fake, webhooks } = await playHistory([], steps);
      const order = gen(fc.shuffledSubarray, [...webhooks, ...webhooks], {
        minLength: 2 * webhooks.length,
      });
      const room = order.reduce(applyEvent, { id } as Room);
      const expected = await getRoom(fake.fetch, "any", id, {
        includeSessions: true,
      });
      assertEquals(
        essential({ active_session_id: null, ...room }),
        essential(expected),
      );
      assertEquals(
        presentParticipants(expected).map(({ id }) => id),
        fake.present(id).map(({ id }) => id),
      );
    }),
    { numRuns: 40 },
  );
});
