import { assertEquals } from "@std/assert";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { joinToken } from "../../examples/join_token/join_token.ts";
import { id } from "../support/example.ts";
import { ask, secret } from "./ask.ts";

/** A room with one free place, in a fake with a clock, and the example. */
function provider({ mayJoin = true } = {}) {
  const clock = { now: Date.parse("2026-01-01T12:00:00Z") };
  const fake = fakeRooms({
    rooms: [{ id, max_participants: 2 }],
    now: () => clock.now,
  });
  fake.join(id, { context: "Alice" });
  const deps = { fetch: fake.fetch, token: secret, mayJoin: () => mayJoin };
  /** Asks for a token, or with its refresh token for a new one. */
  const send = (refresh_token?: string, method = "POST") => {
    const action = refresh_token === undefined ? "" : "/refresh";
    const line = `${method} /rooms/${id}/join_token${action}`;
    return ask((request) => joinToken(request, deps), line, { refresh_token });
  };
  return { fake, clock, send };
}

Deno.test("joinToken() creates a token that admits someone, and renews it until its refresh token expires", async () => {
  const { fake, clock, send } = provider();
  const { status, headers, body } = await send();
  assertEquals([status, headers.get("cache-control")], [201, "no-store"]);
  const bob = fake.join(id, { context: "Bob", token: body.token });
  fake.leave(bob.id);
  const renewed = await send(body.refresh_token);
  assertEquals(renewed.status, 201);
  fake.join(id, { token: renewed.body.token });
  clock.now += 3_600_000;
  const late = await send(body.refresh_token);
  const error = { error: "refresh_token_refused" };
  assertEquals([late.status, late.body, late.logged], [403, error, []]);
});

Deno.test("joinToken() refuses a token for a full room", async () => {
  const { fake, send } = provider();
  fake.join(id, { context: "Bob" });
  const { status, body } = await send();
  assertEquals(status, 409);
  assertEquals(body, { error: "room_full", people: 2, max_participants: 2 });
  assertEquals(fake.requests.length, 1);
});

Deno.test("joinToken() sends nothing without a refresh token, without POST, and for users who may not join", async () => {
  const [all, none] = [provider(), provider({ mayJoin: false })];
  assertEquals((await all.send("")).status, 400);
  const { status, headers } = await all.send(undefined, "GET");
  assertEquals([status, headers.get("allow")], [405, "POST"]);
  assertEquals((await none.send()).status, 403);
  assertEquals((await none.send("a-refresh-token")).status, 403);
  assertEquals([all.fake.requests, none.fake.requests], [[], []]);
});
