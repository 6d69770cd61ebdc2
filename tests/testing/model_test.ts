import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { commands, runCommands } from "./commands.ts";

/** What the sequences have to reach, or the property says less than it seems to. */
const places = [
  "createRoom: a taken name",
  "updateRoom: a taken name",
  "deleteRoom: in use",
  "join: a full room",
  "join: valid token",
  "join: wrong token",
  "refreshJoinToken: done",
  "endSession: done",
  "endSession: over",
  "kick: done",
  "mute: done",
  "unmute: done",
  "getRecording: processing",
  "getRecording: completed",
  "deleteRecordings: some",
  "getComposition: enqueued",
  "getComposition: completed",
  "listRooms: createdAt",
  "listRooms: updatedAt",
  "listRooms: pageNumber",
  "listSessions: endedAt",
  "listSessions: pageNumber",
  "listParticipants: joinedAt",
  "listParticipants: updatedAt",
  "listRecordings: sessionId",
  "listRecordings: type",
  "listCompositions: createdAt",
];

Deno.test("fakeRooms() agrees with a model of the provider for any sequence of operations", async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(commands, async (commands) => {
      for (const place of await runCommands(commands)) {
        reached.add(place);
      }
    }),
    { numRuns: 500 },
  );
  assertEquals(places.filter((place) => !reached.has(place)), []);
});
