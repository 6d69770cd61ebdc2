import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  createJoinToken,
  InvalidArgumentError,
  muteParticipants,
  type Room,
  updateRoom,
} from "../../mod.ts";
import { getRoomOperation, parseResponse } from "../../lib/core/mod.ts";
import {
  type FakeRooms,
  fakeRooms,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { anyRoom } from "../support/described.ts";
import { example, id } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { ask, urlOf } from "./ask.ts";

const other = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";

const misspelled: Record<string, (fake: FakeRooms) => unknown> = {
  "'token' is unknown: did you mean 'tokens'?": () =>
    fakeRooms({ token: ["any"] } as object),
  "'rateLimit.windowMS' is unknown: did you mean 'windowMs'?": () =>
    fakeRooms({ rateLimit: { windowMS: 1000 } } as object),
  "'prot' is unknown: did you mean 'port'?": (fake) =>
    serveRooms(fake, { prot: 7070 } as object),
  "'contex' is unknown: did you mean 'context'?": (fake) =>
    fake.join(id, { contex: "Ann" } as object),
  "'fault.delay' is unknown: did you mean 'delayMs'?": (fake) =>
    fake.fault({ delay: 1000 } as object),
};
for (const [problem, use] of Object.entries(misspelled)) {
  Deno.test(`fakeRooms() refuses an option: ${problem}`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    const refused = async () => void await use(fake);
    await assertRejects(refused, InvalidArgumentError, problem);
    assertEquals(fake.present(id), []);
  });
}

Deno.test("fakeRooms() fills in only what a seed leaves out", async () => {
  const participants = [{ id: other }];
  const sessions = [{ id: other, active: true, participants }];
  const seed = { id, sessions, unique_name: undefined } as object as Room;
  const fake = fakeRooms({ rooms: [seed] });
  const { data } = (await ask(fake, `/rooms/${id}?include_sessions=true`)).body;
  assertEquals(data.record_type, "room");
  assertEquals(data.active_session_id, other);
  assertEquals(data.sessions[0].room_id, id);
  assertEquals(data.sessions[0].participants[0].session_id, other);
  assert(!("unique_name" in data));
});

Deno.test("fakeRooms() keeps the active_session_id of a seed until a session starts or ends", () => {
  const fake = fakeRooms({ rooms: [{ id, active_session_id: null }] });
  const active = () => fake.rooms[0]?.active_session_id;
  assertEquals(active(), null);
  const { session_id } = fake.join(id);
  assertEquals(active(), session_id);
  fake.changeRoom(id, { active_session_id: other });
  assertEquals(active(), other);
  fake.endSession(id);
  assertEquals(active(), null);
});

Deno.test("fakeRooms() always responds with a Room that getRoom() accepts", async () => {
  await fc.assert(fc.asyncProperty(
    anyRoom,
    fc.uuid(),
    fc.boolean(),
    async (seed, id, include) => {
      const fake = fakeRooms({ rooms: [{ ...seed, id } as object as Room] });
      const path = `/rooms/${id}?include_sessions=${include}`;
      const { status, headers, body } = await ask(fake, path);
      const response = { status, headers, body: JSON.stringify(body) };
      assertEquals(parseResponse(getRoomOperation, response).data.id, id);
      for (const [name, value] of Object.entries(seed)) {
        if (name === "id" || name === "sessions") continue;
        assertEquals(
          JSON.stringify(body.data[name]),
          JSON.stringify(value),
          name,
        );
      }
    },
  ));
});

const date = "filter[date_created_at]";
const changing = ["POST /rooms", `PATCH /rooms/${other}`];
const refusals: [
  error: string,
  requests: string[],
  init?: { authorization?: string; body?: string },
][] = [
  ["401 10009", [`GET /rooms/${id}`, "GET /rooms"], { authorization: "" }],
  ["401 10009", ["GET /rooms"], { authorization: "Basic any" }],
  ["401 10009", ["GET /rooms"], { authorization: "Bearer wrong" }],
  ["401 10009", ["GET /rooms"], { authorization: "Bearerany" }],
  ["403 10010", ["GET /rooms"], { authorization: "bearer forbidden" }],
  ["400 10006", ["GET /rooms/7", `GET /rooms/${other}0`]],
  ["400 10015", [
    `GET /rooms/${id}?include_sessions=7`,
    "GET /rooms?include_sessions=1",
    "GET /rooms?page[number]=x",
    "GET /rooms?page[number]=0",
    "GET /rooms?page[size]=0",
    "GET /rooms?page[size]=251",
    `GET /rooms?${date}[eq]=01/02/2026`,
    `GET /rooms?${date}[gte]=2026-02-30`,
    `GET /rooms?${date}[lte]=2026-02-30T00:00:00`,
    `GET /rooms?${date}[gte]=2026-02-01Tnoon`,
  ]],
  ["404 10005", [`GET /rooms/${id.replace("7", "8")}`]],
  ["404 10003", ["GET /balance", "GET /rooms//", `PUT /rooms/${id}`]],
  ["422 10027", changing, { body: '{"unique_name":"a"}' }],
  ["422 10027", changing, { body: '{"max_participants":"10"}' }],
  ["400 10023", changing, { body: "{" }],
];
for (const [error, requests, init = {}] of refusals) {
  const { authorization = "Bearer any", body } = init;
  Deno.test(`fakeRooms() responds with ${error} to ${requests} ${authorization} ${body ?? ""}`, async () => {
    const fake = fakeRooms({
      rooms: [{ id, unique_name: "a" }, { id: other }],
      tokens: ["any"],
      forbiddenTokens: ["forbidden"],
    });
    const before = fake.rooms;
    for (const request of requests) {
      const [method = "", path = ""] = request.split(" ");
      const headers = new Headers(authorization ? { authorization } : {});
      const init = { method, headers, ...body && { body } };
      const response = await ask(fake, path, init);
      const [{ code, source }] = response.body.errors;
      assertEquals(`${response.status} ${code}`, error, request);
      const [, parameter] = /\?(.+)=/.exec(request) ?? [];
      if (parameter) assertEquals(source, { parameter });
    }
    assertEquals(fake.rooms, before);
  });
}

Deno.test("fakeRooms() with bareErrors responds with bare errors to a 403 and a 404", async () => {
  const fake = fakeRooms({ forbiddenTokens: ["no"], bareErrors: true });
  const { status, body } = await ask(fake);
  const { code, title } = body;
  assertEquals([status, code, title], [404, "10005", "Resource not found"]);
  const headers = { authorization: "Bearer no" };
  const forbidden = await ask(fake, "/rooms", { headers });
  assertEquals([forbidden.status, forbidden.body.code], [403, "10010"]);
  const other = await ask(fake, "/rooms/7");
  assertEquals([other.status, other.body.errors[0].code], [400, "10006"]);
});

const three: Room[] = [
  { id, unique_name: "b", created_at: "2026-01-31T23:59:59.999999Z" },
  { id: other, unique_name: "a", created_at: "2026-02-01T00:00:00.000000Z" },
  {
    id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f1",
    created_at: undefined,
  } as object as Room,
];
const lists: [query: string, found: number[]][] = [
  ["page[after]=7&sort=name", [0, 1, 2]], // undocumented
  ["page%5Bsize%5D=1&page[number]=2", [1]],
  ["filter[unique_name]=room-", []],
  [`${date}[eq]=2026-01-31`, [0]],
  [`${date}[lte]=2026-02-01`, [0, 1]],
  // As clients send a day
  ...[
    "",
    "T00:00:00",
    "T23:59",
    "T12:00:00.123456%2B00:00",
    "T12:00:00-0800",
    "T12:00:00Z",
    " 12:00:00%2B00:00",
  ].map((time): [string, number[]] => [`${date}[gte]=2026-02-01${time}`, [1]]),
];
for (const [query, found] of lists) {
  Deno.test(`fakeRooms() lists rooms ${found} of three for ${query}`, async () => {
    const { body } = await ask(fakeRooms({ rooms: three }), `/rooms?${query}`);
    const ids = found.map((index) => three[index]?.id);
    assertEquals(body.data.map((room: Room) => room.id), ids);
  });
}

Deno.test("fakeRooms() accepts True and False, and a slash at the end of a path", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  for (const [text, expected] of [["True", []], ["False", undefined]]) {
    const path = `/rooms/${id}/?include_sessions=${text}`;
    assertEquals((await ask(fake, path)).body.data.sessions, expected);
  }
  assertEquals((await ask(fake, "/rooms/")).body.data.length, 1);
});

Deno.test("fakeRooms() needs Authorization except to refresh a join token", async () => {
  const fake = fakeRooms({ rooms: [{ id }], tokens: ["any"] });
  const { refresh_token } = await createJoinToken(fake.fetch, "any", id);
  const post = async (action: string, headers = {}) => {
    const body = JSON.stringify({ refresh_token });
    const init = { method: "POST", body, headers };
    return (await ask(fake, `/rooms/${id}/actions/${action}`, init)).status;
  };
  assertEquals(await post("refresh_client_token"), 201);
  assertEquals(await post("refresh_client_token/"), 201);
  assertEquals(await post("generate_join_client_token"), 401);
  const wrong = { authorization: "Bearer wrong" };
  assertEquals(await post("refresh_client_token", wrong), 401);
});

Deno.test("fakeRooms() limits the rate in windows, to the millisecond, and sends its headers", async () => {
  let now = 0;
  const rateLimit = { limit: 2, windowMs: 90_060 };
  const fake = fakeRooms({ rooms: [{ id }], rateLimit, now: () => now });
  const names = ["x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"];
  const limit = async (at: number) => {
    now = at;
    const { status, headers } = await ask(fake);
    assertEquals(headers.get("x-ratelimit-limit"), "2, 2;window=90.06");
    return [status, ...names.map((name) => headers.get(name))];
  };
  assertEquals(await limit(0), [200, "1", "91", null]);
  assertEquals(await limit(0), [200, "0", "91", null]);
  assertEquals(await limit(29_060), [429, "0", "61", "61"]);
  assertEquals(await limit(90_059), [429, "0", "1", "1"]);
  fake.fault({ headers: { "x-ratelimit-remaining": "7" } });
  assertEquals(await limit(90_060), [200, "7", "91", null]);
});

Deno.test("fakeRooms().addRoom(), changeRoom() and removeRoom() work while it runs, and keep fields that are not known", async () => {
  const fake = fakeRooms();
  fake.addRoom({ id, max_participants: 3, region: "eu" } as Room);
  fake.changeRoom(id.toUpperCase(), { enable_recording: true });
  await updateRoom(fake.fetch, "any", id, { unique_name: "a" });
  const { data } = (await ask(fake)).body;
  assertEquals([data.max_participants, data.enable_recording], [3, true]);
  assertEquals([data.region, data.unique_name], ["eu", "a"]);
  fake.removeRoom(id);
  assertEquals([(await ask(fake)).status, fake.rooms], [404, []]);
});

Deno.test("fakeRooms() names what is wrong with a room", () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const sessions = [{ id: other, active: "yes" }];
  const wrong: [use: () => void, problem: string][] = [
    [() => fake.addRoom({ id }), "change it instead"],
    [() => fake.changeRoom(other, {}), "add it first"],
    [() => fake.removeRoom(other), "add it first"],
    [
      () => fake.changeRoom(id, { sessions } as object),
      "/sessions/0/active must be a boolean, received a string",
    ],
    [() => fake.addRoom({} as Room), "/id is missing"],
    [() => fake.addRoom({ id: "seven" }), "/id must be a UUID"],
  ];
  for (const [use, problem] of wrong) assertThrows(use, TypeError, problem);
  const rooms = [null] as object as Room[];
  assertThrows(() => fakeRooms({ rooms }), TypeError, "must be an object");
});

Deno.test("fakeRooms().requests lists the requests with their statuses", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ disconnect: "before-response" });
  await assertRejects(() => ask(fake), TypeError);
  await ask(fake);
  const headers = { authorization: "Bearer any" };
  const seen = { method: "GET", url: urlOf(`/rooms/${id}`), headers };
  assertEquals([...fake.requests], [seen, { ...seen, status: 200 }]);
});

Deno.test("fakeRooms().requests keeps the newest 10,000, and x-request-id counts all", async () => {
  const fake = fakeRooms();
  const { requests } = fake;
  let last: Response | undefined;
  for (let n = 1; n <= 10_002; n++) last = await fake.fetch(urlOf(`?n=${n}`));
  assertEquals(requests.length, 10_000);
  assertEquals(requests[0]?.url, urlOf("?n=3"));
  assertEquals(requests.at(-1)?.url, urlOf("?n=10002"));
  assertEquals(
    last?.headers.get("x-request-id"),
    "00000000-0000-4000-8000-000000010002",
  );
});

Deno.test("fakeRooms().requests keeps 16 Mi characters, but always the newest", async () => {
  const fake = fakeRooms();
  const post = async (size: number) => {
    const body = "x".repeat(size);
    await fake.fetch(urlOf("/rooms"), { method: "POST", body });
    return fake.requests.map(({ body = "" }) => body.length);
  };
  await post(2 ** 23);
  await post(2 ** 22);
  assertEquals(await post(10), [2 ** 23, 2 ** 22, 10]);
  assertEquals(await post(2 ** 22), [2 ** 22, 10, 2 ** 22]);
  assertEquals(await post(2 ** 25), [2 ** 25]);
  assertEquals(await post(10), [10]);
});

Deno.test("fakeRooms() asks the clock of the moment, not that of its making", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const clock = Date.now;
  try {
    Date.now = () => Date.UTC(2040, 0, 1);
    const { joined_at } = fake.join(id);
    assertEquals(joined_at?.slice(0, 4), "2040");
  } finally {
    Date.now = clock;
  }
  await fake.delivered();
});

Deno.test("fakeRooms() leaves no listener on the signal of a request, whatever becomes of it", async () => {
  const fake = fakeRooms();
  const { signal, listeners } = countedSignal();
  fake.fault({ delayMs: 1 });
  fake.fault({ delayMs: 1, disconnect: "before-response" });
  await ask(fake, `/rooms/${id}`, { signal });
  await assertRejects(() => ask(fake, `/rooms/${id}`, { signal }), TypeError);
  assertEquals(listeners(), 0);
});

Deno.test("fakeRooms().reset() makes it as it was at first", async () => {
  const seed = structuredClone(example.data);
  const rateLimit = { limit: 9, windowMs: 60_000 };
  const fake = fakeRooms({ rooms: [seed].values(), rateLimit, now: () => 0 });
  const { requests } = fake;
  const before = fake.rooms;
  seed.max_participants = 3; // the seed was copied

  for (const _ of ["once", "again"]) {
    await updateRoom(fake.fetch, "any", id, { enable_recording: true });
    const { token } = await createJoinToken(fake.fetch, "any", id);
    fake.addRoom({ id: other.replace("0", "1") });
    const { session_id } = fake.join(id);
    await muteParticipants(fake.fetch, "any", session_id ?? "", "all");
    assert(fake.muted.length > 0);
    fake.fault({ status: 503 }, Infinity);

    fake.reset();
    assertEquals(fake.rooms, before);
    assertEquals([fake.requests, fake.muted], [[], []]);
    assertEquals(requests, fake.requests); // one array, also for who holds it
    const { status, headers } = await ask(fake);
    assertEquals([status, headers.get("x-ratelimit-remaining")], [200, "8"]);
    assertEquals(
      headers.get("x-request-id"),
      "00000000-0000-4000-8000-000000000001",
    );
    assertThrows(() => fake.join(id, { token }), Error, "the token is unknown");
  }
});
