import { assert, assertEquals, assertRejects } from "@std/assert";
import { STATUS_CODE } from "@std/http/status";
import { ApiError, getRoom, NetworkError } from "../mod.ts";
import { fakeRooms, serveRooms } from "../lib/testing/fake_rooms.ts";
import { example, id } from "./example.ts";
import { withServer } from "./server.ts";

Deno.test("getRoom() looks a room up over HTTP", async () => {
  const seen: unknown[] = [];
  const room = await withServer((request) => {
    seen.push([
      request.method,
      new URL(request.url).pathname,
      request.headers.get("authorization"),
      request.headers.get("accept"),
    ]);
    return Response.json(example, { status: STATUS_CODE.OK });
  }, (baseUrl) => getRoom(fetch, "KEY", id, { baseUrl }));

  assertEquals(room as unknown, example.data);
  assertEquals(seen, [
    ["GET", `/rooms/${id}`, "Bearer KEY", "application/json"],
  ]);
});

Deno.test("getRoom() takes a room whose id is not the one that it asked for", async () => {
  const other = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
  const room = await getRoom(
    () => Promise.resolve(Response.json(example)),
    "any",
    other,
  );
  assertEquals(room.id, id);
});

Deno.test("getRoom() takes the token to no other origin", async () => {
  let visits = 0;
  await withServer(() => {
    visits++;
    return Response.json(example);
  }, (elsewhere) =>
    withServer(
      () => Response.redirect(`${elsewhere}/rooms/${id}`, STATUS_CODE.Found),
      async (baseUrl) => {
        const error = await assertRejects(
          () => getRoom(fetch, "KEY", id, { baseUrl }),
          ApiError,
          "redirect",
        );
        assertEquals(error.code, "unexpected_status");
      },
    ));
  assertEquals(visits, 0);
});

Deno.test("getRoom() tells that nothing listens", async () => {
  const closed = await withServer(
    () => new Response(),
    (baseUrl) => Promise.resolve(baseUrl),
  );
  const error = await assertRejects(
    () => getRoom(fetch, "KEY", id, { baseUrl: closed, retry: false }),
    NetworkError,
  );
  assert(error.cause instanceof Error);
});

Deno.test("getRoom() gives up a body that stalls on a real connection", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ bodyDelayMs: Infinity });
  const { url: baseUrl, close } = await serveRooms(fake);
  const room = await getRoom(fetch, "KEY", id, {
    baseUrl,
    attemptTimeoutMs: 50,
    retry: { baseDelayMs: 1 },
  });
  await close();
  assertEquals(room.id, id);
  assertEquals(fake.requests.length, 2);
});

Deno.test("getRoom() waits out the rate limit that the provider tells of", async () => {
  const fake = fakeRooms({
    rooms: [{ id }],
    rateLimit: { limit: 1, windowMs: 1000 },
  });
  const look = () => getRoom(fake.fetch, "KEY", id);
  await look();
  const began = performance.now();
  await look();
  assert(performance.now() - began > 500);
  assertEquals(fake.requests.map(({ status }) => status), [200, 429, 200]);
});
