/** A few of the same tests with Deno's own runner: `deno test` */
import { assertEquals } from "@std/assert";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { statusLine } from "./status_line.ts";

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

Deno.test("statusLine() says so when the room is empty", async () => {
  const { fetch } = fakeRooms({ rooms: [{ id }] });
  assertEquals(await statusLine(fetch, "any", id), "Nobody yet");
});

Deno.test("statusLine() says when to try again after a 429", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ status: 429, headers: { "retry-after": "60" } });
  assertEquals(await statusLine(fake.fetch, "any", id), "Busy: again in 60 s");
});

Deno.test("statusLine() retries after a broken response", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ disconnect: "in-body" });
  const line = await statusLine(fake.fetch, "any", id, { baseDelayMs: 1 });
  assertEquals(line, "Nobody yet");
  assertEquals(fake.requests.map(({ status }) => status), [200, 200]);
});
