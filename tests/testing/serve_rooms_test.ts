import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createRoom, getRoom, NetworkError } from "../../mod.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

Deno.test("serveRooms() responds over HTTP as the fake does", async () => {
  const fake = fakeRooms({ rooms: [{ id }], tokens: ["any"] });
  const { url: baseUrl, close } = await serveRooms(fake);
  assertMatch(baseUrl, /^http:\/\/127\.0\.0\.1:\d+\/v2$/);
  const room = await getRoom(fetch, "any", id, {
    baseUrl,
    includeSessions: true,
  });
  assertEquals([room.id, room.sessions], [id, []]);
  const made = await createRoom(fetch, "any", { unique_name: "Zoë 李雷" }, {
    baseUrl,
  });
  const wrong = await fetch(`${baseUrl}/rooms/${id}`);
  assertEquals([wrong.status, (await wrong.json()).errors[0].code], [
    401,
    "10009",
  ]);
  await close();
  assertEquals(fake.rooms.at(-1)?.unique_name, "Zoë 李雷");
  assertEquals(made.unique_name, "Zoë 李雷");
  assertEquals(
    fake.requests.map(({ method, url, status }) => [
      method,
      url.slice(baseUrl.length),
      status,
    ]),
    [
      ["GET", `/rooms/${id}?include_sessions=true`, 200],
      ["POST", "/rooms", 201],
      ["GET", `/rooms/${id}`, 401],
    ],
  );
});

for (const disconnect of ["before-response", "in-body"] as const) {
  Deno.test(`serveRooms() breaks the connection ${disconnect} when the fake does`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    fake.fault({ disconnect });
    const { url: baseUrl, close } = await serveRooms(fake);
    await assertRejects(
      () => getRoom(fetch, "any", id, { baseUrl, retry: false }),
      NetworkError,
    );
    assertEquals((await getRoom(fetch, "any", id, { baseUrl })).id, id);
    await close();
  });
}

Deno.test("serveRooms() allows requests from pages of any origin", async () => {
  const { url, close } = await serveRooms(fakeRooms({ rooms: [{ id }] }));
  const headers = { authorization: "Bearer any" };
  const preflight = await fetch(`${url}/rooms/${id}`, { method: "OPTIONS" });
  const response = await fetch(`${url}/rooms/${id}`, { headers });
  await response.body?.cancel();
  await close();
  assertEquals(preflight.status, 204);
  for (const { headers } of [preflight, response]) {
    assertEquals(headers.get("access-control-allow-origin"), "*");
    assertEquals(headers.get("access-control-expose-headers"), "*");
  }
  assertEquals(
    preflight.headers.get("access-control-allow-headers"),
    "*, authorization",
  );
});

/** A body without end, and a promise that resolves when it is cancelled. */
function endless() {
  let timer: ReturnType<typeof setInterval>;
  const { promise, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new Uint8Array(1e5)), 1);
    },
    cancel() {
      clearInterval(timer);
      resolve();
    },
  });
  return { body, cancelled: promise };
}

Deno.test("serveRooms() cancels the body when the client aborts", async () => {
  const { body, cancelled } = endless();
  const { url, close } = await serveRooms({
    fetch: () => Promise.resolve(new Response(body)),
  });
  const gone = new AbortController();
  const response = await fetch(url, { signal: gone.signal });
  await response.body?.getReader().read();
  gone.abort();
  await cancelled;
  await close();
});

Deno.test("serveRooms() drops a delayed response when the client aborts", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ delayMs: Infinity });
  fake.fault({ bodyDelayMs: Infinity });
  const { url: baseUrl, close } = await serveRooms(fake);
  for (let i = 0; i < 2; i++) {
    const opts = { baseUrl, timeoutMs: 500, retry: false } as const;
    await getRoom(fetch, "any", id, opts).catch(() => {});
  }
  await close();
  assertEquals(fake.requests.length, 2);
});

Deno.test("serveRooms() rejects when the port is taken", async () => {
  const { url, close } = await serveRooms(fakeRooms());
  const error = await assertRejects(
    () => serveRooms(fakeRooms(), { port: Number(new URL(url).port) }),
    Error,
  );
  assert("code" in error && error.code === "EADDRINUSE");
  await close();
});
