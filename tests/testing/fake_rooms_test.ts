import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import {
  getRoom,
  InvalidArgumentError,
  listRooms,
  type Room,
} from "../../mod.ts";
import { getRoomOperation, parseResponse } from "../../lib/core/mod.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { example, id } from "../support/example.ts";
import { anyRoom } from "../support/described.ts";

const other = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
const url = (path: string) => `https://api.telnyx.com/v2${path}`;
const withToken = { headers: { authorization: "Bearer any" } };

async function ask(
  fake: ReturnType<typeof fakeRooms>,
  path = `/rooms/${id}`,
  init: RequestInit = withToken,
) {
  const { status, headers, body } = await fake.fetch(url(path), init);
  const text = await new Response(body).text();
  return { status, headers, body: text ? JSON.parse(text) : undefined };
}

Deno.test("fakeRooms() sets a test up in one line", async () => {
  const rooms = [{ id }];
  assertEquals((await getRoom(fakeRooms({ rooms }).fetch, "any", id)).id, id);
});

const unknown: [
  name: string,
  use: (fake: ReturnType<typeof fakeRooms>, options: object) => unknown,
  options: object,
  problem: string,
][] = [
  [
    "fakeRooms()",
    (_, options) => fakeRooms(options),
    { token: ["any"] },
    "'token' is unknown: did you mean 'tokens'?",
  ],
  [
    "fakeRooms()",
    (_, rateLimit) => fakeRooms({ rateLimit } as object),
    { limit: 1, windowMS: 1000, windows: 2 },
    "'rateLimit.windowMS' is unknown: did you mean 'windowMs'?",
  ],
  [
    "serveRooms()",
    (fake, options) => serveRooms(fake, options),
    { prot: 7070 },
    "'prot' is unknown: did you mean 'port'?",
  ],
  [
    "join()",
    (fake, options) => fake.join(id, options),
    { contex: "Ann" },
    "'contex' is unknown: did you mean 'context'?",
  ],
  [
    "fault()",
    (fake, fault) => fake.fault(fault),
    { delay: 1000 },
    "'fault.delay' is unknown: did you mean 'delayMs'?",
  ],
];
for (const [name, use, options, problem] of unknown) {
  Deno.test(`${name} refuses ${Object.keys(options)}, and says which was meant`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    const refused = async () => void await use(fake, options);
    await assertRejects(refused, InvalidArgumentError, problem);
    assertEquals(fake.present(id), []);
  });
}

Deno.test("fakeRooms() responds with the provider's example and the codecs of recorded responses", async () => {
  const fake = fakeRooms({ rooms: [example.data] });
  const { status, body, headers } = await ask(
    fake,
    `/rooms/${id}?include_sessions=true`,
  );
  const data = { ...example.data, video_codecs: ["h264", "vp8"] };
  assertEquals([status, body], [200, { data }]);
  assertEquals(
    headers.get("content-type"),
    "application/json; charset=utf-8",
  );
});

Deno.test("fakeRooms() includes sessions only with include_sessions=true", async () => {
  const fake = fakeRooms({ rooms: [example.data, { id: other }] });
  const sessions = async (path: string) =>
    (await ask(fake, path)).body.data
      .sessions;
  assertEquals(await sessions(`/rooms/${id}`), undefined);
  assertEquals(
    await sessions(`/rooms/${id}?include_sessions=false`),
    undefined,
  );
  assertEquals(
    await sessions(`/rooms/${id}?include_sessions=true`),
    example.data.sessions,
  );
  assertEquals(await sessions(`/rooms/${other}?include_sessions=true`), []);
});

Deno.test("fakeRooms() fills in only what a seed leaves out", async () => {
  const participants = [{ id: other }];
  const sessions = [{ id: other, active: true, participants }];
  const fake = fakeRooms({
    rooms: [{ id, sessions, unique_name: undefined } as unknown as Room],
  });
  const { data } = (await ask(fake, `/rooms/${id}?include_sessions=true`)).body;
  assertEquals(data.record_type, "room");
  assertEquals(data.active_session_id, other);
  assertEquals(data.sessions[0].room_id, id);
  assertEquals(data.sessions[0].participants[0].session_id, other);
  assert(!("unique_name" in data));
});

Deno.test("fakeRooms() always responds with a Room that getRoom() accepts", async () => {
  await fc.assert(fc.asyncProperty(
    anyRoom,
    fc.uuid(),
    fc.boolean(),
    async (seed, id, include) => {
      const fake = fakeRooms({ rooms: [{ ...seed, id } as unknown as Room] });
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

const withAuthorization = (authorization: string) => ({
  headers: { authorization },
});
const errors: [
  name: string,
  path: string,
  error: `${number} ${number}`,
  init?: RequestInit,
][] = [
  ["without a token", `/rooms/${id}`, "401 10009", {}],
  ["for a list without a token", "/rooms", "401 10009", {}],
  [
    "with another scheme",
    "/rooms",
    "401 10009",
    withAuthorization("Basic any"),
  ],
  [
    "with an unknown token",
    "/rooms",
    "401 10009",
    withAuthorization("Bearer wrong"),
  ],
  ["without a space", "/rooms", "401 10009", withAuthorization("Bearerany")],
  [
    "with a forbidden token",
    "/rooms",
    "403 10010",
    withAuthorization("bearer forbidden"),
  ],
  ["for an id that is not a UUID", "/rooms/7", "400 10006"],
  [
    "for an unknown include_sessions",
    `/rooms/${id}?include_sessions=7`,
    "400 10015",
  ],
  [
    "for an unknown include_sessions of a list",
    "/rooms?include_sessions=1",
    "400 10015",
  ],
  ["for a page that is not a number", "/rooms?page[number]=x", "400 10015"],
  ["for a page before the first", "/rooms?page[number]=0", "400 10015"],
  ["for an empty page", "/rooms?page[size]=0", "400 10015"],
  ["for a page over 250 rooms", "/rooms?page[size]=251", "400 10015"],
  [
    "for a day that does not exist",
    "/rooms?filter[date_created_at][gte]=2026-02-30",
    "400 10015",
  ],
  ["for an unknown room", `/rooms/${other}`, "404 10005"],
  ["for another path", "/balance", "404 10003"],
  [
    "for another method",
    `/rooms/${id}`,
    "404 10003",
    { ...withToken, method: "PUT" },
  ],
];

for (const [name, path, error, init] of errors) {
  Deno.test(`fakeRooms() responds with ${error} ${name}`, async () => {
    const fake = fakeRooms({
      rooms: [{ id }],
      tokens: ["any"],
      forbiddenTokens: ["forbidden"],
    });
    const { status, body } = await ask(fake, path, init);
    assertEquals(`${status} ${body.errors[0].code}`, error);
  });
}

Deno.test("fakeRooms() names the query parameter that it refuses", async () => {
  const fake = fakeRooms();
  const names = [
    "include_sessions",
    "page[number]",
    "page[size]",
    "filter[date_created_at][eq]",
    "filter[date_updated_at][lte]",
  ];
  for (const parameter of names) {
    const { status, body } = await ask(fake, `/rooms?${parameter}=x`);
    assertEquals([status, body.errors[0].source], [400, { parameter }]);
  }
});

const three: Room[] = [
  {
    id,
    unique_name: "b",
    created_at: "2026-01-31T23:59:59.999999Z",
    updated_at: "2026-03-01T00:00:00.000000Z",
    sessions: [{ id: other, active: true }],
  },
  {
    id: other,
    unique_name: "a",
    created_at: "2026-02-01T00:00:00.000000Z",
    updated_at: "2026-02-28T12:00:00.000000Z",
  },
  {
    id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f1",
    created_at: undefined,
  } as unknown as Room,
];

const lists: [string, string, number[]][] = [
  ["all rooms, in the order of creation", "", [0, 1, 2]],
  ["the first page", "page[size]=2", [0, 1]],
  ["the second page", "page[number]=2&page[size]=2", [2]],
  ["nothing past the last page", "page[number]=3&page[size]=2", []],
  ["a room by its name", "filter[unique_name]=a", [1]],
  ["no room by a part of its name", "filter[unique_name]=room-", []],
  ["no room by its name in another case", "filter[unique_name]=A", []],
  ["rooms of a day", "filter[date_created_at][eq]=2026-01-31", [0]],
  ["rooms from a day on", "filter[date_created_at][gte]=2026-02-01", [1]],
  ["rooms until a day", "filter[date_created_at][lte]=2026-02-01", [0, 1]],
  [
    "rooms that changed since a day",
    "filter[date_updated_at][gte]=2026-03-01",
    [0],
  ],
  [
    "rooms that match all filters",
    "filter[date_created_at][lte]=2026-02-01&filter[unique_name]=b",
    [0],
  ],
  ["all rooms with undocumented parameters", "page[after]=7&sort=name", [
    0,
    1,
    2,
  ]],
];

for (const [name, query, expected] of lists) {
  Deno.test(`fakeRooms() lists ${name}: ${query || "GET /rooms"}`, async () => {
    const { status, body } = await ask(
      fakeRooms({ rooms: three }),
      `/rooms?${query}`,
    );
    assertEquals(status, 200);
    assertEquals(
      body.data.map((room: Room) => room.id),
      expected.map((index) => three[index]?.id),
    );
  });
}

Deno.test("fakeRooms() describes a page in its meta", async () => {
  const meta = async (path: string, rooms = three) =>
    (await ask(fakeRooms({ rooms }), path)).body.meta;
  assertEquals(await meta("/rooms"), {
    page_number: 1,
    page_size: 20,
    total_pages: 1,
    total_results: 3,
  });
  assertEquals(await meta("/rooms?page[number]=7&page[size]=2"), {
    page_number: 7,
    page_size: 2,
    total_pages: 2,
    total_results: 3,
  });
  const none = await meta("/rooms", []);
  assertEquals([none.total_pages, none.total_results], [0, 0]);
});

Deno.test("fakeRooms() lists each room as a look-up returns it", async () => {
  const fake = fakeRooms({ rooms: three });
  for (const include of [true, false]) {
    const query = `include_sessions=${include}`;
    const { body } = await ask(fake, `/rooms?${query}`);
    for (const room of body.data) {
      const alone = await ask(fake, `/rooms/${room.id}?${query}`);
      assertEquals(room, alone.body.data);
    }
  }
});

Deno.test("fakeRooms() applies the rate limit and faults to lists", async () => {
  const fake = fakeRooms({
    rooms: three,
    rateLimit: { limit: 2, windowMs: 60_000 },
  });
  fake.fault({ status: 503 });
  const list = () => listRooms(fake.fetch, "any", { retry: false });
  const codes: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    codes.push(await list().then(() => "page", ({ code }) => code));
  }
  assertEquals(codes, ["server_error", "page", "rate_limited"]);
});

Deno.test("fakeRooms() with bareErrors responds with bare errors to a 403 and a 404", async () => {
  const fake = fakeRooms({ forbiddenTokens: ["no"], bareErrors: true });
  const missing = await ask(fake);
  const { code, title } = missing.body;
  assertEquals([missing.status, code, title], [
    404,
    "10005",
    "Resource not found",
  ]);
  const headers = { authorization: "Bearer no" };
  const forbidden = await ask(fake, "/rooms", { headers });
  assertEquals([forbidden.status, forbidden.body.code], [403, "10010"]);
  const other = await ask(fake, "/rooms/7");
  assertEquals([other.status, other.body.errors[0].code], [400, "10006"]);
});

Deno.test("fakeRooms() limits the rate in windows, to the millisecond, and sends its headers", async () => {
  let now = 0;
  const rateLimit = { limit: 2, windowMs: 60 };
  const fake = fakeRooms({ rooms: [{ id }], rateLimit, now: () => now });
  const limit = async () => {
    const { status, headers } = await ask(fake);
    return [
      status,
      ...["limit", "remaining", "reset"].map((name) =>
        headers.get(`x-ratelimit-${name}`)
      ),
    ];
  };
  assertEquals(await limit(), [200, "2, 2;window=0.06", "1", "1"]);
  assertEquals(await limit(), [200, "2, 2;window=0.06", "0", "1"]);
  now = 59;
  assertEquals(await limit(), [429, "2, 2;window=0.06", "0", "1"]);
  now = 60;
  assertEquals(await limit(), [200, "2, 2;window=0.06", "1", "1"]);
});

Deno.test("fakeRooms().addRoom(), changeRoom() and removeRoom() work while it runs", async () => {
  const fake = fakeRooms();
  const status = async () => (await ask(fake)).status;
  assertEquals(await status(), 404);
  fake.addRoom({ id, max_participants: 3 });
  assertEquals(await status(), 200);
  fake.changeRoom(id.toUpperCase(), { enable_recording: true });
  const { data } = (await ask(fake)).body;
  assertEquals([data.max_participants, data.enable_recording], [3, true]);
  assertEquals(fake.rooms.map(({ id }) => id), [id]);
  fake.removeRoom(id);
  assertEquals(await status(), 404);
  assertEquals(fake.rooms, []);
});

Deno.test("fakeRooms() copies the rooms", async () => {
  const room: Room = { id, max_participants: 3 };
  const fake = fakeRooms({ rooms: [room] });
  room.max_participants = 99;
  assertEquals((await ask(fake)).body.data.max_participants, 3);
});

Deno.test("fakeRooms() names what is wrong with a room", () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  assertThrows(() => fake.addRoom({ id }), TypeError, "change it instead");
  assertThrows(() => fake.changeRoom(other, {}), TypeError, "add it first");
  assertThrows(() => fake.removeRoom(other), TypeError, "add it first");
  const sessions = [{ id: other, active: "yes" }] as never;
  assertThrows(
    () => fake.changeRoom(id, { sessions }),
    TypeError,
    "/sessions/0/active must be a boolean, received a string",
  );
  for (const room of [null, {}, { id: 7 }, { id: "seven" }]) {
    assertThrows(
      () => fakeRooms({ rooms: [room as never] }),
      TypeError,
      "room",
    );
  }
});

Deno.test("fakeRooms().requests lists the requests with their statuses", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ disconnect: "before-response" });
  await assertRejects(() => ask(fake), TypeError);
  await ask(fake);
  const seen = { method: "GET", url: url(`/rooms/${id}`), ...withToken };
  assertEquals(fake.requests as unknown, [seen, { ...seen, status: 200 }]);
});

Deno.test("fakeRooms().fault() injects faults into the next requests, in order", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ status: 503 }, 2);
  fake.fault({ status: 404 });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await ask(fake)).status);
  assertEquals(statuses, [503, 503, 404, 200]);
});

Deno.test("fakeRooms().fault() sends the documented body for a status, or yours", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const codes: [number, string][] = [
    [400, "10015"],
    [401, "10009"],
    [403, "10010"],
    [404, "10005"],
    [408, "10008"],
    [429, "10011"],
    [500, "10007"],
  ];
  for (const [status, code] of codes) {
    fake.fault({ status });
    const response = await ask(fake);
    assertEquals([response.status, response.body.errors[0].code], [
      status,
      code,
    ]);
  }
  fake.fault({ status: 404, body: { a: 1 }, headers: { "retry-after": "1" } });
  const { body, headers } = await ask(fake);
  assertEquals([body, headers.get("retry-after")], [{ a: 1 }, "1"]);
  fake.fault({ body: "plain" });
  assertEquals(await (await fake.fetch(url(""), withToken)).text(), "plain");
  fake.fault({ status: 204 });
  assertEquals((await ask(fake)).body, undefined);
});

Deno.test("fakeRooms().fault() delays a response, and an abort rejects with its reason", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    fake.fault({ delayMs: 20 });
    let status: number | undefined;
    const asking = ask(fake).then((answer) => status = answer.status);
    await clock.tickAsync(19);
    assertEquals(status, undefined);
    await clock.tickAsync(1);
    assertEquals(await asking, 200);
    for (const fault of [{ delayMs: Infinity }, { delayMs: 60_000 }]) {
      fake.fault(fault);
      const controller = new AbortController();
      const init = { ...withToken, signal: controller.signal };
      const refused = ask(fake, undefined, init).catch((reason) => reason);
      await clock.tickAsync(59_999);
      controller.abort("enough");
      assertEquals(await refused, "enough");
    }
  } finally {
    clock.uninstall();
  }
});

Deno.test("fakeRooms().fault() breaks or stalls a body after half of it", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ disconnect: "in-body" });
  const broken = await fake.fetch(url(`/rooms/${id}`), withToken);
  await assertRejects(() => broken.text(), TypeError, "broke");

  fake.fault({ bodyDelayMs: 20 });
  assertEquals((await ask(fake)).body.data.id, id);

  for (const end of ["cancel", "abort"]) {
    fake.fault({ bodyDelayMs: 60_000 });
    const controller = new AbortController();
    const { body } = await fake.fetch(url(`/rooms/${id}`), {
      ...withToken,
      signal: controller.signal,
    });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    assert(first.value && first.value.length > 0);
    if (end === "cancel") await reader.cancel();
    else {
      controller.abort("enough");
      assertEquals(await reader.read().catch((reason) => reason), "enough");
    }
  }
});

Deno.test("fakeRooms().fault() refuses a status that no response can have", () => {
  for (const status of [0, 100, 199, 600, 200.5, NaN]) {
    assertThrows(
      () => fakeRooms().fault({ status }),
      RangeError,
      "'status' must be",
    );
  }
});

Deno.test("fakeRooms().fault() overrides the headers of the rate limit", async () => {
  const fake = fakeRooms({ rateLimit: { limit: 9, windowMs: 1000 } });
  fake.fault({ headers: { "x-ratelimit-remaining": "0" } });
  const { headers } = await ask(fake, "/rooms");
  assertEquals(headers.get("x-ratelimit-remaining"), "0");
  assertEquals(headers.get("x-ratelimit-limit"), "9, 9;window=1");
});

Deno.test("fakeRooms().fault() is used up by an aborted request", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ status: 503 });
  const signal = AbortSignal.abort("gone");
  await ask(fake, "/rooms", { ...withToken, signal }).catch(() => {});
  assertEquals((await ask(fake, "/rooms")).status, 200);
});

Deno.test("fakeRooms() creates a room as in recorded responses, with its clock and ids", async () => {
  const fake = fakeRooms({
    now: () => Date.UTC(2026, 0, 1),
    newId: () => other,
  });
  const created = await ask(fake, "/rooms", {
    ...withToken,
    method: "POST",
    body: "{}",
  });
  const at = "2026-01-01T00:00:00.000000Z";
  assertEquals([created.status, created.body], [201, {
    data: {
      id: other,
      unique_name: null,
      max_participants: 10,
      enable_recording: false,
      webhook_event_url: null,
      created_at: at,
      updated_at: at,
      active_session_id: null,
      webhook_event_failover_url: "",
      webhook_timeout_secs: null,
      video_codecs: ["h264", "vp8"],
      record_type: "room",
    },
  }]);
});

const refused: [name: string, body: string, status: number, code: string][] = [
  ["a name that is taken", '{"unique_name":"a"}', 422, "10027"],
  ["a number as text", '{"max_participants":"10"}', 422, "10027"],
  ["a body that is not JSON", "{", 400, "10023"],
];

for (const [name, body, status, code] of refused) {
  Deno.test(`fakeRooms() responds with ${status} ${code} to ${name}`, async () => {
    const rooms = [{ id, unique_name: "a" }, { id: other, unique_name: "b" }];
    const fake = fakeRooms({ rooms });
    const before = fake.rooms;
    for (
      const [method, path] of [["POST", "/rooms"], ["PATCH", `/rooms/${other}`]]
    ) {
      const response = await ask(fake, path as string, {
        ...withToken,
        method: method as string,
        body,
      });
      assertEquals([response.status, response.body.errors[0].code], [
        status,
        code,
      ]);
    }
    assertEquals(fake.rooms, before);
  });
}

Deno.test("fakeRooms() updates the fields that are sent, and keeps the rest", async () => {
  const room = { id, unique_name: "a", max_participants: 8, region: "eu" };
  const fake = fakeRooms({ rooms: [room], now: () => 0 });
  const body = '{"unique_name":"a","enable_recording":true}';
  const { body: { data } } = await ask(fake, `/rooms/${id}`, {
    ...withToken,
    method: "PATCH",
    body,
  });
  assertEquals(
    [data.unique_name, data.max_participants, data.region],
    ["a", 8, "eu"],
  );
  assertEquals(data.enable_recording, true);
  assertEquals(data.updated_at, "1970-01-01T00:00:00.000000Z");
});

Deno.test("fakeRooms().fault() injects a fault for ever, with times Infinity", async () => {
  const fake = fakeRooms();
  fake.fault({ status: 503 });
  fake.fault({ status: 404 }, 0);
  fake.fault({ status: 500 }, Infinity);
  assertEquals((await ask(fake)).status, 503);
  for (let i = 0; i < 3; i++) assertEquals((await ask(fake)).status, 500);
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
