import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseWebhook, type RoomEvent } from "../../mod.ts";
import { eventNames } from "../../lib/testing/example_events.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { command } from "./command.ts";

const url = "http://127.0.0.1:3000/hook";

/** Triggers an event; returns the one that was received, and the output. */
async function triggers(args: string[], status = 200) {
  const events: RoomEvent[] = [];
  const output = await command(["trigger", "--to", url, ...args], {
    async fetch(input, init) {
      const request = new Request(input, init as RequestInit);
      events.push(await parseWebhook(request, fakeRooms().publicKey));
      return new Response(null, { status });
    },
  });
  assertEquals(events.length, 1);
  return { ...output, event: events[0] };
}

for (const name of eventNames) {
  Deno.test(`trigger ${name} sends a signed event that can be read`, async () => {
    const { event, stdout, exitCode } = await triggers([name]);
    const type: string = `video.room.${name}`;
    assertEquals([event?.event_type, exitCode], [type, 0]);
    assertStringIncludes(stdout, `POST ${url} ${type} 200\n`);
  });
}

Deno.test("trigger --set changes fields, as JSON or as text", async () => {
  const { event } = await triggers([
    "video.room.participant.left",
    "--set=payload.context=Ann",
    "--set=payload.duration_secs=7",
    "--set=id=3f0c2b8e-5a3d-4f57-9d3c-2b1a7c9e4d10",
  ]);
  assert(event?.event_type === "video.room.participant.left");
  const { context, duration_secs, left_reason } = event.payload;
  assertEquals([context, duration_secs, left_reason], ["Ann", 7, "left"]);
  assertEquals(event.id, "3f0c2b8e-5a3d-4f57-9d3c-2b1a7c9e4d10");
});

Deno.test("trigger fails if the receiver does not accept the event", async () => {
  for (const status of [300, 500]) {
    const { stderr, exitCode } = await triggers(["session.ended"], status);
    assertEquals(exitCode, 1);
    assertStringIncludes(stderr, `it responded with ${status}`);
  }
  const args = ["trigger", "session.ended", "--to", url];
  const { stderr, exitCode } = await command(args, {
    fetch: () => Promise.reject(new TypeError("refused")),
  });
  assertEquals(exitCode, 5);
  assertStringIncludes(stderr, `no response from ${url}`);
});

Deno.test("trigger cannot be made to move the cursor by its URL", async () => {
  const { stdout } = await triggers(["session.ended", `--to=${url}/\x1b[2J`]);
  assertStringIncludes(stdout, `POST ${url}/\\u{1b}[2J video.room`);
});
