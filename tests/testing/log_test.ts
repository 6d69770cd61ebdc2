import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  createJoinToken,
  getRoom,
  muteParticipants,
  updateRoom,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { example, id } from "../support/example.ts";

const url = "https://api.telnyx.com/v2/rooms";

Deno.test("fakeRooms().requests keeps the newest 10,000, and x-request-id counts all", async () => {
  const fake = fakeRooms();
  const { requests } = fake;
  let last: Response | undefined;
  for (let n = 1; n <= 10_002; n++) last = await fake.fetch(`${url}?n=${n}`);
  assertEquals(requests.length, 10_000);
  assertEquals(requests[0]?.url, `${url}?n=3`);
  assertEquals(requests.at(-1)?.url, `${url}?n=10002`);
  assertEquals(
    last?.headers.get("x-request-id"),
    "00000000-0000-4000-8000-000000010002",
  );
});

Deno.test("fakeRooms().requests keeps 16 Mi characters, but always the newest", async () => {
  const fake = fakeRooms();
  const sizes = () => fake.requests.map(({ body = "" }) => body.length);
  const post = (size: number) =>
    fake.fetch(url, { method: "POST", body: "x".repeat(size) });
  await post(2 ** 23);
  await post(2 ** 22);
  await post(10);
  assertEquals(sizes(), [2 ** 23, 2 ** 22, 10]);
  await post(2 ** 22);
  assertEquals(sizes(), [2 ** 22, 10, 2 ** 22]);
  await post(2 ** 25);
  assertEquals(sizes(), [2 ** 25]);
  await post(10);
  assertEquals(sizes(), [10]);
});

Deno.test("fakeRooms().reset() makes it as it was at first", async () => {
  const seed = structuredClone(example.data);
  const rateLimit = { limit: 9, windowMs: 60_000 };
  const fake = fakeRooms({
    rooms: [seed].values(),
    rateLimit,
    now: () => 0,
  });
  const { requests } = fake;
  const before = fake.rooms;
  seed.max_participants = 3; // the seed was copied

  await updateRoom(fake.fetch, "any", id, { enable_recording: true });
  const { token } = await createJoinToken(fake.fetch, "any", id);
  fake.addRoom({ id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0" });
  const { session_id } = fake.join(id);
  await muteParticipants(fake.fetch, "any", session_id ?? "", "all");
  assert(fake.muted.length > 0);
  fake.fault({ status: 503 }, Infinity);

  fake.reset();
  assertEquals(fake.rooms, before);
  assertEquals([fake.requests, fake.muted], [[], []]);
  assertEquals(requests, fake.requests); // one array, also for who holds it
  const { remaining, requestId } = await firstResponse(fake);
  assertEquals(remaining, 8);
  assertEquals(requestId, "00000000-0000-4000-8000-000000000001");
  assertThrows(() => fake.join(id, { token }), Error, "the token is unknown");
  fake.reset(); // a second time
  assertEquals(fake.rooms, before);
  assertEquals((await getRoom(fake.fetch, "any", id)).id, id);
});

/** The first response after a reset. */
async function firstResponse(fake: ReturnType<typeof fakeRooms>) {
  const response = await fake.fetch(`${url}/${id}`, {
    headers: { authorization: "Bearer any" },
  });
  assertEquals(response.status, 200);
  await response.body?.cancel();
  return {
    remaining: Number(response.headers.get("x-ratelimit-remaining")),
    requestId: response.headers.get("x-request-id"),
  };
}

Deno.test("fakeRooms().fault() keeps a copy of the fault", async () => {
  const fake = fakeRooms();
  const fault = { status: 503 };
  fake.fault(fault);
  fault.status = 404;
  assertEquals(
    (await fake.fetch(url, {
      headers: { authorization: "Bearer any" },
    })).status,
    503,
  );
});
