import { assert, assertEquals } from "@std/assert";
import { fakeRooms, type Fault } from "@videorooms/telnyx/testing";
import { joinToken } from "../../examples/join_token/join_token.ts";
import { id } from "../support/example.ts";
import { quietly } from "./quietly.ts";

/** A room with one free place, in a fake with a clock. */
function provider() {
  const clock = { now: Date.parse("2026-01-01T12:00:00Z") };
  const fake = fakeRooms({
    rooms: [{ id, max_participants: 2 }],
    now: () => clock.now,
  });
  fake.join(id, { context: "Alice" });
  return { fake, clock };
}

/** Requests a token, or a new one for a refresh token. */
async function ask(
  { fake }: ReturnType<typeof provider>,
  refresh_token?: string,
  { room = id, method = "POST", mayJoin = true } = {},
) {
  const refresh = refresh_token === undefined ? "" : "/refresh";
  const request = new Request(
    `http://127.0.0.1/rooms/${room}/join_token${refresh}`,
    { method, ...refresh && { body: JSON.stringify({ refresh_token }) } },
  );
  const before = fake.requests.length;
  const { value: response, logged } = await quietly(() =>
    joinToken(request, {
      fetch: fake.fetch,
      token: "KEY-secret",
      mayJoin: () => mayJoin,
    })
  );
  const text = await response.text();
  assert(!(text + logged).includes("KEY-secret"));
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(text),
    sent: fake.requests.length - before,
    logged,
  };
}

Deno.test("joinToken() creates a token that admits someone", async () => {
  const app = provider();
  const { status, headers, body } = await ask(app);
  assertEquals(status, 201);
  assertEquals(headers.get("cache-control"), "no-store");
  const bob = app.fake.join(id, { context: "Bob", token: body.token });
  assertEquals(bob.context, "Bob");
});

Deno.test("joinToken() renews a token with its refresh token", async () => {
  const app = provider();
  const { body: { refresh_token } } = await ask(app);
  const { status, body } = await ask(app, refresh_token);
  assertEquals(status, 201);
  assertEquals(app.fake.join(id, { token: body.token }).context, undefined);
});

Deno.test("joinToken() refuses an expired refresh token", async () => {
  const app = provider();
  const { body: { refresh_token } } = await ask(app);
  app.clock.now += 3_600_000;
  const { status, body, logged } = await ask(app, refresh_token);
  assertEquals([status, body], [403, { error: "refresh_token_refused" }]);
  assertEquals(logged, []);
});

Deno.test("joinToken() rejects a renewal without a refresh token", async () => {
  const { status, sent } = await ask(provider(), "");
  assertEquals([status, sent], [400, 0]);
});

Deno.test("joinToken() refuses a token for a full room", async () => {
  const app = provider();
  app.fake.join(id, { context: "Bob" });
  const { status, body, sent } = await ask(app);
  assertEquals(status, 409);
  assertEquals(body, { error: "room_full", people: 2, max_participants: 2 });
  assertEquals(sent, 1);
});

Deno.test("joinToken() sends nothing for users who may not join", async () => {
  for (const refresh of [undefined, "a-refresh-token"]) {
    const result = await ask(provider(), refresh, { mayJoin: false });
    assertEquals([result.status, result.sent], [403, 0]);
  }
});

Deno.test("joinToken() accepts only POST", async () => {
  const result = await ask(provider(), undefined, { method: "GET" });
  assertEquals([result.status, result.headers.get("allow")], [405, "POST"]);
  assertEquals(result.sent, 0);
});

const inAMinute = { "retry-after": "60" };
const failures: [string, Fault, number][] = [
  ["that was deleted", { status: 404 }, 404],
  ["behind a rate limit", { status: 429, headers: inAMinute }, 429],
  ["that the key may not see", { status: 403 }, 502],
  ["with an invalid token response", { body: { data: {} } }, 502],
];

for (const [what, fault, status] of failures) {
  Deno.test(`joinToken() responds with ${status} for a room ${what}`, async () => {
    const app = provider();
    app.fake.fault({}); // the look-up succeeds, then the token fails
    app.fake.fault(fault);
    const result = await ask(app);
    assertEquals([result.status, result.sent], [status, 2]);
    assertEquals(result.logged.length, status >= 500 ? 1 : 0);
  });
}
