import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseWebhook, type RoomEvent } from "../../mod.ts";
import { run } from "../../lib/cli/run.ts";
import { eventNames } from "../../lib/testing/example_events.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { contextOf, fails } from "./command.ts";

const url = "http://127.0.0.1:3000/hook";

/** Triggers; returns the events that were received, and the output. */
async function triggers(args: string[], status = 200) {
  const events: RoomEvent[] = [];
  let output = "";
  const write = (text: string) => output += text;
  const context = contextOf({
    stdout: { write },
    stderr: { write },
    async fetch(input, init) {
      const request = new Request(input, init as RequestInit);
      events.push(await parseWebhook(request, fakeRooms().publicKey));
      return new Response(null, { status });
    },
  });
  const exitCode = await run(["trigger", ...args], context);
  return { events, output, exitCode };
}

for (const name of eventNames) {
  Deno.test(`trigger ${name} sends a signed event that can be read`, async () => {
    const { events, output, exitCode } = await triggers([name, "--to", url]);
    assertEquals(events.map(({ event_type }): string => event_type), [
      `video.room.${name}`,
    ]);
    assertEquals(exitCode, 0);
    assertStringIncludes(output, `POST ${url} video.room.${name} 200\n`);
  });
}

Deno.test("trigger --set changes fields, as JSON or as text", async () => {
  const { events: [event] } = await triggers([
    "video.room.participant.left",
    "--to",
    url,
    "--set",
    "payload.context=Ann",
    "--set",
    "payload.duration_secs=7",
    "--set",
    "id=3f0c2b8e-5a3d-4f57-9d3c-2b1a7c9e4d10",
  ]);
  assert(event?.event_type === "video.room.participant.left");
  const { context, duration_secs, left_reason } = event.payload;
  assertEquals([context, duration_secs, left_reason], ["Ann", 7, "left"]);
  assertEquals(event.id, "3f0c2b8e-5a3d-4f57-9d3c-2b1a7c9e4d10");
});

Deno.test("trigger fails if the receiver does not accept the event", async () => {
  const { output, exitCode } = await triggers(
    ["session.ended", "--to", url],
    500,
  );
  assertEquals(exitCode, 1);
  assertStringIncludes(output, "it responded with 500");
});

const wrong: [args: string[], message: string][] = [
  [[], "trigger takes session.started, "],
  [["room.exploded", "--to", url], '"room.exploded" is not an event'],
  [["session.ended"], "--to must be a URL"],
  [["session.ended", "--to", "ftp://x"], "--to must be a URL"],
  [["session.ended", "--to", url, "--set", "context"], "--set must be"],
  [["session.ended", "--to", url, "--set", "__proto__.x=1"], "--set must be"],
  [["session.ended", "--to", url, "more"], '"more" is one argument too many'],
];
for (const [args, message] of wrong) {
  Deno.test(`trigger ${args.join(" ")} fails: ${message}`, async () => {
    const [exitCode, text] = await fails(["trigger", ...args]);
    assertEquals(exitCode, 2);
    assertStringIncludes(text, message);
  });
}
