import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { dashboard } from "../../examples/deno_dashboard/dashboard.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { id } from "../support/example.ts";

const token = "any";
const requestWith = (headers: HeadersInit = {}) =>
  new Request(`http://127.0.0.1/rooms/${id}`, { headers });

Deno.test("dashboard() lists the people in the room, without those who left", async () => {
  const { fetch } = fakeRooms({ rooms: exampleRooms });
  const response = await dashboard(requestWith(), { fetch, token });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("cache-control"), "private, max-age=5");
  assertEquals(await response.json(), {
    name: "My Room",
    live: true,
    people: [{ name: "Alice", since: "2021-04-16T09:46:20.954863Z" }],
  });
});

Deno.test("dashboard() reports an idle room", async () => {
  const { fetch } = fakeRooms({ rooms: [{ id, unique_name: "Standup" }] });
  const response = await dashboard(requestWith(), { fetch, token });
  const idle = { name: "Standup", live: false, people: [] };
  assertEquals(await response.json(), idle);
});

Deno.test("dashboard() sends browsers a page with escaped names", async () => {
  const [room] = structuredClone(exampleRooms) as typeof exampleRooms;
  const alice = room.sessions?.[0]?.participants?.[0];
  assert(alice);
  alice.context = `<script>alert("&")</script>`;
  const { fetch } = fakeRooms({ rooms: [room] });
  const request = requestWith({ accept: "text/html,*/*;q=0.8" });
  const response = await dashboard(request, { fetch, token });
  const type = response.headers.get("content-type");
  assertEquals(type, "text/html; charset=utf-8");
  assertEquals(response.headers.get("vary"), "accept");
  const html = await response.text();
  assertStringIncludes(html, "<h1>My Room</h1>");
  assertStringIncludes(html, "&lt;script&gt;alert(&quot;&amp;&quot;)");
  assert(!html.includes("<script>"));
});

Deno.test("dashboard() responds with 404 at other paths", async () => {
  const { fetch } = fakeRooms();
  const request = new Request("http://127.0.0.1/rooms");
  const response = await dashboard(request, { fetch, token });
  await response.body?.cancel();
  assertEquals(response.status, 404);
});
