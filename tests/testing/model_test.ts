import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { rows } from "../support/operations.ts";
import { commands, runCommands } from "./commands.ts";

/** What the sequences have to reach, or the property says less than it seems to. */
const places = [
  ...rows.map(({ name }) => name),
  ...rows.filter(({ operation: { method } }) => method === "GET")
    .flatMap(({ name, operation: { options = {} } }) =>
      /^list/.test(name)
        ? Object.keys(options).map((option) => `${name}: ${option}`)
        : []
    ),
  "createRoom: a taken name",
  "updateRoom: a taken name",
  "deleteRoom: in use",
  "join: a full room",
  "join: valid token",
  "join: wrong token",
  "refreshJoinToken: done",
  "endSession: done",
  "endSession: over",
  "kickParticipants: done",
  "muteParticipants: done",
  "unmuteParticipants: done",
  "getRecording: processing",
  "getRecording: completed",
  "deleteRecordings: sessionId",
  "getComposition: enqueued",
  "getComposition: completed",
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
