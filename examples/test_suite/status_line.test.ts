/** Tests with node:test; `node --test`, `bun test` and `deno test` run them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { statusLine } from "./status_line.ts";

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const retry = { baseDelayMs: 1 }; // tests should not wait as long as an app

/** A provider with one room: Alice is in it, Bob has left. */
function provider() {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id, { context: "Alice" });
  fake.leave(fake.join(id, { context: "Bob" }).id);
  return fake;
}

test("statusLine() names who is in the room", async () => {
  const { fetch } = provider();
  assert.equal(await statusLine(fetch, "any", id), "In the room: Alice");
});

test("statusLine() says so when the room is empty", async () => {
  const { fetch } = fakeRooms({ rooms: [{ id }] });
  assert.equal(await statusLine(fetch, "any", id), "Nobody yet");
});

test("statusLine() says so when the room does not exist", async () => {
  const fake = provider();
  fake.removeRoom(id);
  assert.equal(await statusLine(fake.fetch, "any", id), "This room is gone");
});

test("statusLine() says when to try again after a 429", async () => {
  const fake = provider();
  fake.fault({ status: 429, headers: { "retry-after": "60" } });
  assert.equal(await statusLine(fake.fetch, "any", id), "Busy: again in 60 s");
  assert.equal(fake.requests.length, 1); // the wait is longer than the timeout
});

test("statusLine() retries after a broken response", async () => {
  const fake = provider();
  fake.fault({ disconnect: "in-body" });
  assert.equal(
    await statusLine(fake.fetch, "any", id, retry),
    "In the room: Alice",
  );
  assert.equal(fake.requests.length, 2);
});

test("statusLine() has no news when no response is a room", async () => {
  const fake = provider();
  fake.fault({ disconnect: "in-body" }, 3);
  fake.fault({ body: "<h1>Maintenance</h1>" });
  for (let i = 0; i < 2; i++) {
    const line = await statusLine(fake.fetch, "any", id, retry);
    assert.equal(line, "No news of this room");
  }
});
