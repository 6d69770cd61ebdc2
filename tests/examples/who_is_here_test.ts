import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { whoIsHere } from "../../examples/who_is_here/handler.js";
import { exampleRooms } from "../support/example_rooms.ts";
import { id } from "../support/example.ts";

const deps = { fetch: fakeRooms({ rooms: exampleRooms }).fetch, token: "any" };
const publicDeps = { ...deps, isPublic: true };
const get = (path = `/rooms/${id}`, headers: HeadersInit = {}) =>
  new Request(`http://127.0.0.1${path}`, { headers });
const post = (body: string) =>
  new Request("http://127.0.0.1/room", { method: "POST", body });

Deno.test("whoIsHere() lists the people in the room, without those who left", async () => {
  const response = await whoIsHere(get(), deps);
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("cache-control"), "private, max-age=5");
  assertEquals(response.headers.get("access-control-allow-origin"), null);
  assertEquals(await response.json(), {
    name: "My Room",
    live: true,
    people: [{ name: "Alice", since: "2021-04-16T09:46:20.954863Z" }],
  });
});

Deno.test("whoIsHere() reports an idle room", async () => {
  const { fetch } = fakeRooms({ rooms: [{ id, unique_name: "Standup" }] });
  const response = await whoIsHere(get(), { fetch, token: "any" });
  const idle = { name: "Standup", live: false, people: [] };
  assertEquals(await response.json(), idle);
});

Deno.test("whoIsHere() sends browsers a page with escaped names", async () => {
  const [room] = structuredClone(exampleRooms) as typeof exampleRooms;
  const alice = room.sessions?.[0]?.participants?.[0];
  assert(alice);
  alice.context = `<script>alert("&")</script>`;
  const { fetch } = fakeRooms({ rooms: [room] });
  const request = get(undefined, { accept: "text/html,*/*;q=0.8" });
  const response = await whoIsHere(request, { fetch, token: "any" });
  const type = response.headers.get("content-type");
  assertEquals(type, "text/html; charset=utf-8");
  assertEquals(response.headers.get("vary"), "accept");
  const html = await response.text();
  assertStringIncludes(html, "<h1>My Room</h1>");
  assertStringIncludes(html, "&lt;script&gt;alert(&quot;&amp;&quot;)");
  assert(!html.includes("<script>"));
});

Deno.test("whoIsHere() responds with 404 at other paths", async () => {
  for (const each of [deps, publicDeps]) {
    const response = await whoIsHere(get("/rooms"), each);
    await response.body?.cancel();
    assertEquals(response.status, 404);
  }
});

Deno.test("whoIsHere() in public names nobody, and any cache may keep it", async () => {
  const body = JSON.stringify({ room_id: id });
  for (const request of [get(), post(body)]) {
    const response = await whoIsHere(request, publicDeps);
    assertEquals(response.headers.get("access-control-allow-origin"), "*");
    assertEquals(response.headers.get("cache-control"), "public, max-age=10");
    assertEquals(await response.json(), { live: true, people: 1 });
  }
});

Deno.test("whoIsHere() in public responds to a preflight request", async () => {
  const request = new Request("http://127.0.0.1/room", { method: "OPTIONS" });
  const response = await whoIsHere(request, publicDeps);
  assertEquals(response.status, 200);
  assertEquals(
    response.headers.get("access-control-allow-headers"),
    "authorization, x-client-info, apikey, content-type",
  );
});

Deno.test("whoIsHere() rejects a body without a room_id", async () => {
  for (const body of ["", "[", "null", "{}", '{"room_id":7}']) {
    const response = await whoIsHere(post(body), publicDeps);
    assertEquals(response.status, 400, body);
    await response.body?.cancel();
  }
});

Deno.test("whoIsHere() cancels its call when the visitor leaves", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ delayMs: Infinity });
  const left = new AbortController();
  const { signal } = left;
  const asking = whoIsHere(get(), { fetch: fake.fetch, token: "any", signal });
  left.abort();
  assertEquals((await asking).status, 499);
});
