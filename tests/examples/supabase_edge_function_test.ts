import { assertEquals } from "@std/assert";
import { fakeRooms } from "@videorooms/telnyx/testing";
import { answer } from "../../examples/supabase_edge_function/functions/room/room.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { id } from "../support/example.ts";

const deps = { fetch: fakeRooms({ rooms: exampleRooms }).fetch, token: "any" };
const requestWith = (method: string, body: string | null = null) =>
  new Request("http://127.0.0.1/room", { method, body });

Deno.test("The Supabase function counts the people in the room", async () => {
  const body = JSON.stringify({ room_id: id });
  const response = await answer(requestWith("POST", body), deps);
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertEquals(await response.json(), { live: true, people: 1 });
});

Deno.test("The Supabase function responds to a preflight request", async () => {
  const response = await answer(requestWith("OPTIONS"), deps);
  assertEquals(response.status, 200);
  assertEquals(
    response.headers.get("access-control-allow-headers"),
    "authorization, x-client-info, apikey, content-type",
  );
});

Deno.test("The Supabase function rejects a body without a room_id", async () => {
  for (const body of ["", "[", "null", "{}", '{"room_id":7}']) {
    const response = await answer(requestWith("POST", body), deps);
    assertEquals(response.status, 400, body);
    await response.body?.cancel();
  }
});
