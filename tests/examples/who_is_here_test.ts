import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { whoIsHere } from "../../examples/who_is_here/handler.js";
import { exampleRooms } from "../support/example_rooms.ts";
import { id } from "../support/example.ts";
import { ask } from "./ask.ts";

/** Sends the example a request, in private or in public. */
function send(line: string, {
  fake = fakeRooms({ rooms: exampleRooms }),
  isPublic = false,
  accept = "*/*",
  body = "",
} = {}) {
  const deps = { fetch: fake.fetch, token: "any", isPublic };
  const handle = (request: Request) => whoIsHere(request, deps);
  return ask(handle, line, body, { accept });
}

Deno.test("whoIsHere() lists the people in the room, without those who left", async () => {
  const { status, headers, body } = await send(`GET /rooms/${id}`);
  assertEquals(status, 200);
  assertEquals(headers.get("cache-control"), "private, max-age=5");
  assertEquals(headers.get("access-control-allow-origin"), null);
  assertEquals(body, {
    name: "My Room",
    live: true,
    people: [{ name: "Alice", since: "2021-04-16T09:46:20.954863Z" }],
  });
});

Deno.test("whoIsHere() reports an idle room", async () => {
  const fake = fakeRooms({ rooms: [{ id, unique_name: "Standup" }] });
  const { body } = await send(`GET /rooms/${id}`, { fake });
  assertEquals(body, { name: "Standup", live: false, people: [] });
});

Deno.test("whoIsHere() sends browsers a page with escaped names", async () => {
  const fake = fakeRooms({ rooms: [{ id, unique_name: "My Room" }] });
  fake.join(id, { context: `<script>alert("&'")</script>` });
  const accept = "text/html,*/*;q=0.8";
  const { headers, body } = await send(`GET /rooms/${id}`, { fake, accept });
  assertEquals(headers.get("content-type"), "text/html; charset=utf-8");
  assertEquals(headers.get("vary"), "accept");
  assertStringIncludes(body, "<h1>My Room</h1>");
  assertStringIncludes(body, "&#60;script&#62;alert(&#34;&#38;&#39;&#34;)");
  assert(!body.includes("<script>"));
});

Deno.test("whoIsHere() responds with 404 at other paths", async () => {
  for (const isPublic of [false, true]) {
    assertEquals((await send("GET /rooms", { isPublic })).status, 404);
  }
});

Deno.test("whoIsHere() in public names nobody, to any page, and any cache may keep it", async () => {
  const { status, headers } = await send("OPTIONS /room", { isPublic: true });
  assertEquals(
    [status, headers.get("access-control-allow-headers")],
    [200, "authorization, x-client-info, apikey, content-type"],
  );
  const body = JSON.stringify({ room_id: id });
  for (const line of [`GET /rooms/${id}`, "POST /room"]) {
    const got = await send(line, { isPublic: true, body });
    assertEquals(got.headers.get("access-control-allow-origin"), "*");
    assertEquals(got.headers.get("cache-control"), "public, max-age=10");
    assertEquals(got.body, { live: true, people: 1 });
  }
});

Deno.test("whoIsHere() rejects a body without a room_id", async () => {
  for (const body of ["", "[", "null", "{}", '{"room_id":7}']) {
    const { status } = await send("POST /room", { isPublic: true, body });
    assertEquals(status, 400, body);
  }
});

Deno.test("whoIsHere() cancels its call when the visitor leaves", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ delayMs: Infinity });
  const left = new AbortController();
  const deps = { fetch: fake.fetch, token: "any", signal: left.signal };
  const request = new Request(`http://127.0.0.1/rooms/${id}`);
  const asking = whoIsHere(request, deps);
  left.abort();
  assertEquals((await asking).status, 499);
});
