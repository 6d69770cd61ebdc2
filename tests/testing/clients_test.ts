import { assertEquals } from "@std/assert";
import { createJoinToken } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

const rooms = [
  { id, created_at: "2026-01-31T23:59:59.999999Z" },
  {
    id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0",
    created_at: "2026-02-01T00:00:00.000000Z",
  },
];
const withToken = { headers: { authorization: "Bearer any" } };

async function ask(path: string, fake = fakeRooms({ rooms })) {
  const url = `https://api.telnyx.com/v2${path}`;
  const response = await fake.fetch(url, withToken);
  const { data, errors } = await response.json();
  return { status: response.status, data, errors };
}

const days: [text: string, found: number][] = [
  ["2026-02-01", 1],
  ["2026-02-01T00:00:00", 1],
  ["2026-02-01T23:59", 1],
  ["2026-02-01T12:00:00.123456+00:00", 1],
  ["2026-02-01T12:00:00-0800", 1],
  ["2026-02-01T12:00:00Z", 1],
  ["2026-02-01 12:00:00+00:00", 1],
];

for (const [text, found] of days) {
  Deno.test(`fakeRooms() accepts ${text} as a day, as clients send it`, async () => {
    const query = `filter[date_created_at][gte]=${encodeURIComponent(text)}`;
    const { status, data } = await ask(`/rooms?${query}`);
    assertEquals([status, data.length], [200, found]);
  });
}

for (const text of ["2026-02-01Tnoon", "2026-02-30T00:00:00", "01/02/2026"]) {
  Deno.test(`fakeRooms() refuses ${text} as a day`, async () => {
    const parameter = "filter[date_created_at][gte]";
    const { status, errors } = await ask(`/rooms?${parameter}=${text}`);
    assertEquals([status, errors[0].source], [400, { parameter }]);
  });
}

Deno.test("fakeRooms() accepts True and False, as the SDK for Python sends them", async () => {
  for (const [text, expected] of [["True", []], ["False", undefined]]) {
    const { data } = await ask(`/rooms/${id}?include_sessions=${text}`);
    assertEquals(data.sessions, expected);
  }
});

Deno.test("fakeRooms() accepts a slash at the end of a path", async () => {
  assertEquals((await ask(`/rooms/${id}/`)).data.id, id);
  assertEquals((await ask("/rooms/")).data.length, 2);
  assertEquals((await ask("/rooms//")).status, 404);
});

Deno.test("fakeRooms() accepts plain and encoded brackets in a query", async () => {
  const query = `page[size]=1&${encodeURIComponent("page[number]")}=2`;
  const { data } = await ask(`/rooms?${query}`);
  assertEquals(data.length, 1);
});

Deno.test("fakeRooms() needs Authorization except to refresh a join token", async () => {
  const fake = fakeRooms({ rooms, tokens: ["any"] });
  const { refresh_token } = await createJoinToken(fake.fetch, "any", id);
  const post = (action: string, headers = {}) =>
    fake.fetch(`https://api.telnyx.com/v2/rooms/${id}/actions/${action}`, {
      method: "POST",
      body: JSON.stringify({ refresh_token }),
      headers,
    }).then(({ status }) => status);
  assertEquals(await post("refresh_client_token"), 201);
  assertEquals(await post("refresh_client_token/"), 201);
  assertEquals(await post("generate_join_client_token"), 401);
  const wrong = { authorization: "Bearer wrong" };
  assertEquals(await post("refresh_client_token", wrong), 401);
});

Deno.test("fakeRooms() sends Retry-After with a 429 only", async () => {
  const rateLimit = { limit: 1, windowMs: 90_000 };
  let now = 0;
  const fake = fakeRooms({ rateLimit, now: () => now });
  const waits = async () => {
    const { headers } = await fake.fetch("https://a.example/rooms", withToken);
    return ["retry-after", "x-ratelimit-reset"].map((name) =>
      headers.get(name)
    );
  };
  assertEquals(await waits(), [null, "90"]);
  now = 29_001;
  assertEquals(await waits(), ["61", "61"]);
});
