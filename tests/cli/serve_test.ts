import { assertEquals, assertRejects } from "@std/assert";
import { getRoom, NetworkError } from "../../mod.ts";
import { serve } from "../../lib/cli/serve.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../example.ts";

Deno.test("serve() answers over HTTP as the fake does, and tells of each request", async () => {
  const log: unknown[] = [];
  const fake = fakeRooms({ rooms: [{ id }], tokens: ["any"] });
  const { baseUrl, close } = await serve(
    fake,
    0,
    (...told) => log.push(told),
  );
  const room = await getRoom(fetch, "any", id, {
    baseUrl,
    includeSessions: true,
  });
  assertEquals([room.id, room.sessions], [id, []]);
  const wrong = await fetch(`${baseUrl}/rooms/${id}`);
  assertEquals([wrong.status, (await wrong.json()).errors[0].code], [
    401,
    "10009",
  ]);
  await close();
  assertEquals(log, [
    ["GET", `/v2/rooms/${id}?include_sessions=true`, 200],
    ["GET", `/v2/rooms/${id}`, 401],
  ]);
});

for (const disconnect of ["before-response", "in-body"] as const) {
  Deno.test(`serve() breaks the connection ${disconnect} when the fake does`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    fake.fault({ disconnect });
    const { baseUrl, close } = await serve(fake, 0);
    await assertRejects(
      () => getRoom(fetch, "any", id, { baseUrl, retry: false }),
      NetworkError,
    );
    await close();
  });
}

Deno.test("serve() lets a page of any origin ask", async () => {
  const { baseUrl, close } = await serve(fakeRooms({ rooms: [{ id }] }), 0);
  const url = `${baseUrl}/rooms/${id}`;
  const headers = { authorization: "Bearer any" };
  const preflight = await fetch(url, { method: "OPTIONS" });
  const answer = await fetch(url, { headers });
  await answer.body?.cancel();
  await close();
  assertEquals(preflight.status, 204);
  for (const { headers } of [preflight, answer]) {
    assertEquals(headers.get("access-control-allow-origin"), "*");
    assertEquals(headers.get("access-control-expose-headers"), "*");
  }
  assertEquals(
    preflight.headers.get("access-control-allow-headers"),
    "*, authorization",
  );
});

Deno.test("serve() lets go of an answer that nobody waits for", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ bodyDelayMs: 60_000 });
  const { baseUrl, close } = await serve(fake, 0);
  const signal = AbortSignal.timeout(30);
  await getRoom(fetch, "any", id, { baseUrl, signal }).catch(() => {});
  await close();
});

Deno.test("serve() rejects when the port is taken", async () => {
  const { baseUrl, close } = await serve(fakeRooms(), 0);
  await assertRejects(
    () => serve(fakeRooms(), Number(new URL(baseUrl).port)),
    Error,
  );
  await close();
});
