import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fakeRooms, type Fault } from "@videorooms/telnyx/testing";
import { type Deps, meeting } from "../../examples/meeting/meeting.ts";
import { id } from "../support/example.ts";
import { withServer } from "../support/server.ts";
import { quietly } from "./quietly.ts";

type Result = { status: number; headers: Headers; body: unknown };
type Ask = (line: string, body?: unknown, type?: string) => Promise<Result>;

/** A fake with a clock, and servers that use it. */
function provider(more: Partial<Deps> = {}) {
  const clock = { now: Date.parse("2026-01-01T12:00:00Z") };
  const fake = fakeRooms({ now: () => clock.now });
  const deps = { token: "KEY-secret", mayUse: () => true, fake, ...more };
  /** Starts a server, and sends it requests over HTTP. */
  const serving = <T>(use: (ask: Ask) => Promise<T>) =>
    withServer(
      meeting({ fetch: fake.fetch, ...deps }),
      (origin) =>
        use(async (line, sent, type = "application/json") => {
          const [method = "", path = ""] = line.split(" ");
          const response = await fetch(origin + path, {
            method,
            redirect: "manual",
            headers: { "content-type": type },
            ...sent === undefined ? {} : { body: JSON.stringify(sent) },
          });
          const { status, headers } = response;
          const text = await response.text();
          assert(!text.includes("KEY-secret"));
          const isJson = headers.get("content-type") === "application/json";
          return { status, headers, body: isJson ? JSON.parse(text) : text };
        }),
    );
  return { fake, clock, serving };
}

/** The id of the room with a name. */
async function enter(ask: Ask, name: string): Promise<string> {
  const { status, body } = await ask("POST /rooms", { name });
  assertEquals(status, 200, JSON.stringify(body));
  return (body as { id: string }).id;
}

interface Shown {
  startedAt: string | null;
  isRecorded: boolean;
  people: { id: string; name: string; since: string }[];
}

/** What the page shows of a room. */
async function look(ask: Ask, room: string): Promise<Shown> {
  const { status, body } = await ask(`GET ${room}`);
  assertEquals(status, 200, JSON.stringify(body));
  return body as Shown;
}

const created = (fake: ReturnType<typeof fakeRooms>) =>
  fake.requests.filter(({ method, url }) =>
    method === "POST" && url.endsWith("/rooms")
  ).map(({ status }) => status);

Deno.test("meeting() holds a meeting from beginning to end", async () => {
  const { fake, serving, clock } = provider();
  await serving(async (ask) => {
    const room = `/rooms/${await enter(ask, "Standup")}`;
    const names = async () =>
      (await look(ask, room)).people.map(({ name }) => name);
    const idle = { startedAt: null, isRecorded: false, people: [] };
    assertEquals(await look(ask, room), idle);

    const { body: tokens } = await ask(`POST ${room}/token`, {});
    const { token } = tokens as { token: string };
    const alice = await ask(`POST ${room}/join`, { name: "Alice", token });
    clock.now += 4000;
    await ask(`POST ${room}/join`, { name: "Bob", token });
    const { startedAt, isRecorded, people } = await look(ask, room);
    assertEquals([startedAt, isRecorded], [
      "2026-01-01T12:00:00.000000Z",
      true,
    ]);
    assertEquals(people.map(({ name, since }) => [name, since.slice(14, 19)]), [
      ["Alice", "00:00"],
      ["Bob", "00:04"],
    ]);

    const { id: participant } = alice.body as { id: string };
    await ask(`POST ${room}/leave`, { participant });
    assertEquals(await names(), ["Bob"]);

    const recordings = async () =>
      (await ask(`GET ${room}/recordings`)).body as Record<string, unknown>[];
    // Only of those who have left
    const ofAlice = await recordings();
    assertEquals(ofAlice.map(({ type }) => type), ["audio", "video"]);
    assert(ofAlice.every(({ who, isReady }) => who === "Alice" && !isReady));
    assertEquals((await ask(`GET /recordings/${ofAlice[0]?.id}`)).status, 409);

    const end = async () => (await ask(`POST ${room}/end`, {})).body;
    assertEquals([await end(), await end()], [
      { ended: true },
      { ended: false },
    ]);
    assertEquals(await look(ask, room), idle);

    clock.now += 60_000;
    const completed = await recordings();
    assertEquals(
      completed.map(({ who, type, seconds, isReady }) => [
        who,
        type,
        seconds,
        isReady,
      ]),
      [
        ["Alice", "audio", 4, true],
        ["Alice", "video", 4, true],
        ["Bob", "audio", 0, true],
        ["Bob", "video", 0, true],
      ],
    );
    for (const { id, megabytes } of completed) {
      assert(Number(megabytes) > 0);
      const { status, headers } = await ask(`GET /recordings/${id}`);
      assertEquals(status, 302);
      assertEquals(headers.get("cache-control"), "no-store");
      const file = await fake.fetch(headers.get("location") ?? "");
      assertEquals(file.status, 200);
      await file.body?.cancel();
    }
  });
});

/** Requests rooms by name from several servers, all at once. */
async function enterAtOnce(
  fake: ReturnType<typeof fakeRooms>,
  namesByServer: string[][],
): Promise<{ name: string; id: string }[]> {
  return await Promise.all(namesByServer.flatMap((names) => {
    const deps = { fetch: fake.fetch, token: "any", mayUse: () => true };
    const handle = meeting(deps);
    return names.map(async (name) => {
      const request = new Request("http://127.0.0.1/rooms", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name }),
      });
      return { name, id: (await (await handle(request)).json()).id };
    });
  }));
}

Deno.test("meeting() creates one room for a name, requested at once", async () => {
  const name = fc.constantFrom("Standup", "Town hall", "Book club");
  const namesByServer = fc.array(fc.array(name), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(namesByServer, async (namesByServer) => {
      const { fake } = provider();
      const entered = await enterAtOnce(fake, namesByServer);
      const names = new Map(fake.rooms.map(({ id, unique_name }) => [
        id,
        unique_name,
      ]));
      assertEquals(names.size, new Set(namesByServer.flat()).size);
      for (const { name, id } of entered) assertEquals(names.get(id), name);
    }),
    { numRuns: 30 },
  );
});

Deno.test("meeting() shares one request among simultaneous callers", async () => {
  const { fake } = provider();
  await enterAtOnce(fake, [["Standup", "Standup", "Standup"]]);
  assertEquals(fake.requests.map(({ method, status }) => [method, status]), [
    ["GET", 200],
    ["POST", 201],
  ]);
});

Deno.test("meeting() finds the room that another server created meanwhile", async () => {
  const { fake, serving } = provider();
  fake.addRoom({ id, unique_name: "Standup" });
  await serving(async (ask) => {
    fake.fault({ body: { data: [], meta: { total_pages: 0 } } });
    assertEquals(await enter(ask, "Standup"), id);
  });
  assertEquals(created(fake), [422]);
});

Deno.test("meeting() finds the room that it created when the response was lost", async () => {
  const { fake, serving } = provider();
  await serving(async (ask) => {
    fake.fault({}); // there is no room of that name
    fake.fault({ disconnect: "in-body" }); // the room is created
    const id = await enter(ask, "Standup");
    assertEquals(fake.rooms.map((room) => room.id), [id]);
  });
  assertEquals(created(fake), [201]);
});

Deno.test("meeting() renews a token until its refresh token expires", async () => {
  const { fake, clock, serving } = provider();
  await serving(async (ask) => {
    const id = await enter(ask, "Standup");
    const { body: tokens } = await ask(`POST /rooms/${id}/token`, {});
    const refresh = () => ask(`POST /rooms/${id}/refresh`, tokens);
    clock.now += 3_000_000;
    const { body } = await refresh();
    fake.join(id, { token: (body as { token: string }).token });
    clock.now += 600_000;
    const { value, logged } = await quietly(refresh);
    assertEquals([value.status, logged], [403, []]);
  });
});

Deno.test("meeting() reports why the fake admits nobody", async () => {
  const { fake, serving } = provider();
  await serving(async (ask) => {
    const id = await enter(ask, "Standup");
    fake.changeRoom(id, { max_participants: 1 });
    fake.join(id);
    const { body: tokens } = await ask(`POST /rooms/${id}/token`, {});
    for (const [sent, why] of [[tokens, "full"], [{}, "token"]]) {
      const { status, body } = await ask(`POST /rooms/${id}/join`, sent);
      assertEquals(status, 409);
      const { error } = body as { error: string };
      assert(error.includes(String(why)), error);
    }
  });
});

const failures: [string, Fault, number][] = [
  [
    "an exceeded rate limit",
    { status: 429, headers: { "retry-after": "60" } },
    429,
  ],
  ["a missing room", { status: 404 }, 404],
  ["a key that is refused", { status: 401 }, 502],
  ["an invalid response", { body: {} }, 502],
];

for (const [what, fault, status] of failures) {
  Deno.test(`meeting() responds with ${status} for ${what}, and logs no token`, async () => {
    const { fake, serving } = provider();
    await serving(async (ask) => {
      const id = await enter(ask, "Standup");
      const { body } = await ask(`POST /rooms/${id}/token`, {});
      const { token, refresh_token } = body as Record<string, string>;
      for (
        const line of ["GET ", "GET /recordings", "POST /end", "POST /refresh"]
      ) {
        fake.fault(fault);
        const sent = line.startsWith("POST") ? body : undefined;
        const path = line.replace(" ", ` /rooms/${id}`);
        const { value, logged } = await quietly(() => ask(path, sent));
        assertEquals(value.status, status, line);
        const wait = value.headers.get("retry-after");
        assertEquals(wait, status === 429 ? "60" : null);
        assertEquals(logged.length, status >= 500 ? 1 : 0);
        for (const secret of ["KEY-secret", token, refresh_token]) {
          assert(!logged.join().includes(String(secret)));
        }
      }
    });
  });
}

Deno.test("meeting() rejects invalid requests, and sends nothing", async () => {
  const { fake, serving } = provider();
  await serving(async (ask) => {
    const wrong = [7, null, ["x"], { name: "" }, {}].concat(
      [7, null, true, ["Standup"], { toString: null }, { length: 7 }]
        .map((name) => ({ name })) as never[],
    );
    for (const body of wrong) {
      const { value, logged } = await quietly(() => ask("POST /rooms", body));
      assertEquals([value.status, logged], [400, []], JSON.stringify(body));
    }
    const wrongId = [
      "GET /rooms/x",
      "POST /rooms/x/token",
      "GET /recordings/x",
    ];
    for (const line of wrongId) assertEquals((await ask(line)).status, 400);
    // As a form of another origin is sent
    const posted = await ask("POST /rooms", { name: "x" }, "text/plain");
    assertEquals(posted.status, 415);
  });
  assertEquals(fake.requests, []);
});

Deno.test("meeting() requires a password on every path", async () => {
  const { fake, serving } = provider({ mayUse: () => false });
  await serving(async (ask) => {
    for (const line of ["GET /", "POST /rooms", "GET /rooms/standup"]) {
      const { status, headers } = await ask(line);
      assertEquals([status, headers.get("www-authenticate")], [401, "Basic"]);
    }
  });
  assertEquals(fake.requests, []);
});

Deno.test("meeting() has no join and leave without a fake", async () => {
  const { serving } = provider({ fake: undefined });
  await serving(async (ask) => {
    const id = await enter(ask, "Standup");
    for (const action of ["join", "leave", "constructor"]) {
      const { status } = await ask(`POST /rooms/${id}/${action}`, {});
      assertEquals(status, 404);
    }
  });
});

Deno.test("meeting() serves only its page", async () => {
  const { serving } = provider({ baseUrl: "http://127.0.0.1:7070/v2" });
  await serving(async (ask) => {
    const { body, headers } = await ask("GET /");
    assert(String(body).startsWith("<!doctype html>"));
    const policy = headers.get("content-security-policy");
    assert(policy?.includes("frame-ancestors 'none'"), `${policy}`);
    assert(policy?.endsWith("https: http://127.0.0.1:7070"), `${policy}`);
    for (const line of ["GET /page.js", "GET /page.css", "GET /camera.js"]) {
      assertEquals((await ask(line)).status, 200);
    }
    for (const line of ["GET /main.ts", "GET /meeting.ts", "GET /page.html/"]) {
      assertEquals((await ask(line)).status, 404);
    }
    for (const line of ["GET /", "GET /page.js", "GET /none", "POST /rooms"]) {
      const { headers } = await ask(line);
      assertEquals(headers.get("x-content-type-options"), "nosniff", line);
    }
  });
});
