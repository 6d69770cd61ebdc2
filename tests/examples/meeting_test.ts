import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { type Deps, meeting } from "../../examples/meeting/meeting.ts";
import { id } from "../support/example.ts";
import { ask } from "./ask.ts";

/** A fake with a clock, and servers that use it. */
function provider(more: Partial<Deps> = {}) {
  const clock = { now: Date.parse("2026-01-01T12:00:00Z") };
  const fake = fakeRooms({ now: () => clock.now });
  const { fetch } = fake;
  const deps = { fetch, token: "any", mayUse: () => true, fake, ...more };
  /** Starts a server, and returns how to ask it. */
  const serve = () => {
    const handle = meeting(deps);
    return (line: string, body: unknown = {}) => ask(handle, line, body);
  };
  const send = serve();
  /** The id of the room with a name. */
  const enter = async (name: string): Promise<string> =>
    (await send("POST /rooms", { name })).body.id;
  return { fake, clock, serve, send, enter };
}

Deno.test("meeting() holds a meeting from beginning to end", async () => {
  const { fake, clock, send, enter } = provider();
  const room = `/rooms/${await enter("Standup")}`;
  const look = async () => (await send(`GET ${room}`)).body;
  const idle = { startedAt: null, isRecorded: false, people: [] };
  assertEquals(await look(), idle);

  const { token } = (await send(`POST ${room}/token`)).body;
  const alice = await send(`POST ${room}/join`, { name: "Alice", token });
  clock.now += 4000;
  const bob = await send(`POST ${room}/join`, { name: "Bob", token });
  const since = (second: number) => `2026-01-01T12:00:0${second}.000000Z`;
  assertEquals(await look(), {
    startedAt: since(0),
    isRecorded: true,
    people: [
      { id: alice.body.id, name: "Alice", since: since(0) },
      { id: bob.body.id, name: "Bob", since: since(4) },
    ],
  });
  await send(`POST ${room}/leave`, { participant: alice.body.id });
  assertEquals((await look()).people.length, 1);

  /** The recordings without their ids and sizes, which are the fake's own. */
  const recordings = async () => {
    const { body } = await send(`GET ${room}/recordings`);
    const shown = body.map(({ id: _, megabytes, ...rest }: typeof body[0]) => {
      assert(!rest.isReady || megabytes > 0);
      return rest;
    });
    return { ids: body.map(({ id }: { id: string }) => id), shown };
  };
  const file = (who: string, type: string, seconds?: number) => ({
    ...{ who, type, isReady: seconds !== undefined },
    ...seconds !== undefined && { seconds },
  });
  const running = await recordings(); // only of those who have left
  assertEquals(running.shown, [file("Alice", "audio"), file("Alice", "video")]);
  const early = await send(`GET /recordings/${running.ids[0]}`);
  assertEquals(early.status, 409);

  for (const ended of [true, false]) {
    assertEquals((await send(`POST ${room}/end`)).body, { ended });
  }
  assertEquals(await look(), idle);

  clock.now += 60_000;
  const { shown, ids } = await recordings();
  assertEquals(shown, [
    file("Alice", "audio", 4),
    file("Alice", "video", 4),
    file("Bob", "audio", 0),
    file("Bob", "video", 0),
  ]);
  for (const id of ids) {
    const { status, headers } = await send(`GET /recordings/${id}`);
    assertEquals([status, headers.get("cache-control")], [302, "no-store"]);
    const response = await fake.fetch(headers.get("location") ?? "");
    await response.body?.cancel();
    assertEquals(response.status, 200);
  }
});

Deno.test("meeting() creates one room for a name, requested at once from several servers", async () => {
  const name = fc.constantFrom("Standup", "Town hall", "Book club");
  const namesByServer = fc.array(fc.array(name), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(namesByServer, async (namesByServer) => {
      const { fake, serve } = provider();
      const entered = await Promise.all(namesByServer.flatMap((names) => {
        const send = serve();
        return names.map(async (unique_name) => {
          const { body } = await send("POST /rooms", { name: unique_name });
          return { id: body.id, unique_name };
        });
      }));
      const names = new Map(
        entered.map(({ id, unique_name }) => [id, unique_name]),
      );
      assertEquals(
        new Map(fake.rooms.map(({ id, unique_name }) => [id, unique_name])),
        names,
      );
      assertEquals(names.size, new Set(namesByServer.flat()).size);
    }),
    { numRuns: 30 },
  );
});

Deno.test("meeting() shares one request among simultaneous callers", async () => {
  const { fake, enter } = provider();
  await Promise.all(["Standup", "Standup", "Standup"].map(enter));
  assertEquals(fake.requests.map(({ method, status }) => [method, status]), [
    ["GET", 200],
    ["POST", 201],
  ]);
});

Deno.test("meeting() finds the room that another server created meanwhile, or that it created when the response was lost", async () => {
  const { fake, enter } = provider();
  fake.addRoom({ id, unique_name: "Standup" });
  fake.fault({ body: { data: [], meta: { total_pages: 0 } } });
  assertEquals(await enter("Standup"), id);

  fake.fault({}); // there is no room of that name
  fake.fault({ disconnect: "in-body" }); // the room is created
  const lost = await enter("Review");
  assertEquals(fake.rooms.map((room) => room.id).sort(), [id, lost].sort());
  const created = fake.requests.filter(({ method }) => method === "POST");
  assertEquals(created.map(({ status }) => status), [422, 201]);
});

Deno.test("meeting() renews a token until its refresh token expires", async () => {
  const { fake, clock, send, enter } = provider();
  const id = await enter("Standup");
  const { body: tokens } = await send(`POST /rooms/${id}/token`);
  clock.now += 3_000_000;
  const { body } = await send(`POST /rooms/${id}/refresh`, tokens);
  fake.join(id, { token: body.token });
  clock.now += 600_000;
  const { status, logged } = await send(`POST /rooms/${id}/refresh`, tokens);
  assertEquals([status, logged], [403, []]);
});

Deno.test("meeting() gives no token for a full room, but to who is in it, and reports why the fake admits nobody", async () => {
  const { fake, send, enter } = provider();
  const id = await enter("Standup");
  const { body: tokens } = await send(`POST /rooms/${id}/token`);
  fake.changeRoom(id, { max_participants: 1 });
  const { id: participant } = fake.join(id);
  const refused = await send(`POST /rooms/${id}/token`);
  assertEquals([refused.status, refused.body], [409, { error: "room_full" }]);
  const renewed = await send(`POST /rooms/${id}/token`, { participant });
  assertEquals(renewed.status, 200);
  for (const [sent, why] of [[tokens, "full"], [{}, "token"]]) {
    const { status, body } = await send(`POST /rooms/${id}/join`, sent);
    assertEquals(status, 409);
    assert(body.error.includes(why), body.error);
  }
});

Deno.test("meeting() rejects invalid requests, and sends nothing", async () => {
  const { fake, send } = provider();
  const names = ["", 7, null, true, ["Standup"], { toString: null }];
  const wrong = [7, null, ["x"], {}, ...names.map((name) => ({ name }))];
  for (const body of wrong) {
    const { status, logged } = await send("POST /rooms", body);
    assertEquals([status, logged], [400, []], JSON.stringify(body));
  }
  // As a form of another origin is sent
  const { fetch } = fake;
  const handle = meeting({ fetch, token: "any", mayUse: () => true });
  const type = { "content-type": "text/plain" };
  const posted = await ask(handle, "POST /rooms", { name: "x" }, type);
  assertEquals(posted.status, 415);
  assertEquals(fake.requests, []);
});

Deno.test("meeting() requires a password on every path", async () => {
  const { fake, send } = provider({ mayUse: () => false });
  for (const line of ["GET /", "POST /rooms", "GET /rooms/standup"]) {
    const { status, headers } = await send(line);
    assertEquals([status, headers.get("www-authenticate")], [401, "Basic"]);
  }
  assertEquals(fake.requests, []);
});

Deno.test("meeting() has no join and leave without a fake", async () => {
  const { send } = provider({ fake: undefined });
  for (const action of ["join", "leave", "constructor"]) {
    assertEquals((await send(`POST /rooms/${id}/${action}`)).status, 404);
  }
});

Deno.test("meeting() serves only its page", async () => {
  const { send } = provider({ baseUrl: "http://127.0.0.1:7070/v2" });
  const { body, headers } = await send("GET /");
  assert(body.startsWith("<!doctype html>"));
  const policy = headers.get("content-security-policy") ?? "";
  assert(policy.includes("frame-ancestors 'none'"), policy);
  assert(policy.endsWith("https: http://127.0.0.1:7070"), policy);
  for (
    const [line, expected] of [
      ["GET /", 200],
      ["GET /page.js", 200],
      ["GET /page.css", 200],
      ["GET /camera.js", 200],
      ["GET /main.ts", 404],
      ["GET /meeting.ts", 404],
      ["GET /page.html/", 404],
      ["POST /page.js", 404],
    ] as const
  ) {
    const { status, headers } = await send(line);
    assertEquals(status, expected, line);
    assertEquals(headers.get("x-content-type-options"), "nosniff", line);
  }
});
