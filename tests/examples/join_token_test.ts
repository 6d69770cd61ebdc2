import { assert, assertEquals } from "@std/assert";
import { fakeRooms, type Fault } from "@videorooms/telnyx/testing";
import { joinToken } from "../../examples/join_token/join_token.ts";
import { id } from "../example.ts";
import { quietly } from "./quietly.ts";

/** A room with a place left, in a provider whose time can be moved. */
function provider() {
  const clock = { now: Date.parse("2026-01-01T12:00:00Z") };
  const fake = fakeRooms({
    rooms: [{ id, max_participants: 2 }],
    now: () => clock.now,
  });
  fake.join(id, { context: "Alice" });
  return { fake, clock };
}

/** Asks for a token, or, with a refresh token, for its renewal. */
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

Deno.test("joinToken() mints a token that lets someone in", async () => {
  const its = provider();
  const { status, headers, body } = await ask(its);
  assertEquals(status, 201);
  assertEquals(headers.get("cache-control"), "no-store");
  const bob = its.fake.join(id, { context: "Bob", token: body.token });
  assertEquals(bob.context, "Bob");
});

Deno.test("joinToken() renews a token for who has its refresh token", async () => {
  const its = provider();
  const { body: { refresh_token } } = await ask(its);
  const { status, body } = await ask(its, refresh_token);
  assertEquals(status, 201);
  assertEquals(its.fake.join(id, { token: body.token }).context, undefined);
});

Deno.test("joinToken() refuses a refresh token that has ended", async () => {
  const its = provider();
  const { body: { refresh_token } } = await ask(its);
  its.clock.now += 3_600_000;
  const { status, body, logged } = await ask(its, refresh_token);
  assertEquals([status, body], [403, { error: "refresh_token_refused" }]);
  assertEquals(logged, []);
});

Deno.test("joinToken() renews nothing without a refresh token", async () => {
  const { status, sent } = await ask(provider(), "");
  assertEquals([status, sent], [400, 0]);
});

Deno.test("joinToken() refuses when the room is full", async () => {
  const its = provider();
  its.fake.join(id, { context: "Bob" });
  const { status, body, sent } = await ask(its);
  assertEquals(status, 409);
  assertEquals(body, { error: "room_full", people: 2, max_participants: 2 });
  assertEquals(sent, 1);
});

Deno.test("joinToken() asks nobody about who may not join", async () => {
  for (const refresh of [undefined, "a-refresh-token"]) {
    const told = await ask(provider(), refresh, { mayJoin: false });
    assertEquals([told.status, told.sent], [403, 0]);
  }
});

Deno.test("joinToken() takes POST alone", async () => {
  const told = await ask(provider(), undefined, { method: "GET" });
  assertEquals([told.status, told.headers.get("allow")], [405, "POST"]);
  assertEquals(told.sent, 0);
});

const inAMinute = { "retry-after": "60" };
const failures: [string, Fault, number][] = [
  ["that is gone meanwhile", { status: 404 }, 404],
  ["beyond the limit", { status: 429, headers: inAMinute }, 429],
  ["that the key is not for", { status: 403 }, 502],
  ["whose token has no token", { body: { data: {} } }, 502],
];

for (const [what, fault, status] of failures) {
  Deno.test(`joinToken() makes ${status} of a room ${what}`, async () => {
    const its = provider();
    its.fake.fault({}); // the room is looked up, then the token fails
    its.fake.fault(fault);
    const told = await ask(its);
    assertEquals([told.status, told.sent], [status, 2]);
    assertEquals(told.logged.length, status >= 500 ? 1 : 0);
  });
}
