/** What every example that calls the API does when the call fails. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  type FakeRooms,
  fakeRooms,
  type Fault,
} from "@videorooms/telnyx/testing";
import { meeting } from "../../examples/meeting/meeting.ts";
import { whoIsHere } from "../../examples/who_is_here/handler.js";
import { id } from "../support/example.ts";
import { inVirtualTime } from "../support/virtual_time.ts";
import { ask, secret } from "./ask.ts";

type Make = (
  deps: { fetch: FakeRooms["fetch"]; token: string },
) => (request: Request) => Promise<Response>;

const hold: Make = (deps) => meeting({ ...deps, mayUse: () => true });
const who: Make = (deps) => (request) => whoIsHere(request, deps);
const whoInPublic: Make = (deps) => (request) =>
  whoIsHere(request, { ...deps, isPublic: true });

const routes: [example: string, make: Make, line: string][] = [
  ["who_is_here", who, `GET /rooms/${id}`],
  ["who_is_here", whoInPublic, "POST /room"],
  ["meeting", hold, `GET /rooms/${id}`],
  ["meeting", hold, `GET /rooms/${id}/recordings`],
  ["meeting", hold, `GET /recordings/${id}`],
  ["meeting", hold, `POST /rooms/${id}/end`],
  ["meeting", hold, `POST /rooms/${id}/token`],
  ["meeting", hold, `POST /rooms/${id}/refresh`],
];

const inAMinute = { "retry-after": "60" };
const failures: [fault: Fault, status: number][] = [
  [{ status: 404 }, 404],
  [{ status: 429, headers: inAMinute }, 429],
  [{ status: 503, headers: inAMinute }, 502],
  [{ status: 401 }, 502],
  [{ status: 200, body: "<h1>Maintenance</h1>" }, 502],
  [{ delayMs: Infinity }, 504],
];

for (const [example, make, line] of routes) {
  const send = (fake: FakeRooms, token: string, room = id) =>
    inVirtualTime(() =>
      ask(make({ fetch: fake.fetch, token }), line.replace(id, room), {
        room_id: room,
        refresh_token: secret,
      })
    );

  Deno.test(`examples/${example} responds to ${line} with what a failure means, and logs what is its own`, async () => {
    for (const [fault, status] of failures) {
      const fake = fakeRooms({ rooms: [{ id }] });
      fake.fault(fault);
      const { headers, logged, ...got } = await send(fake, secret);
      assertEquals(got.status, status, JSON.stringify([fault, got.body]));
      const wait = status === 429 ? "60" : null;
      assertEquals(headers.get("retry-after"), wait);
      assertEquals(logged.length, status >= 500 ? 1 : 0);
    }
  });

  Deno.test(`examples/${example} sends nothing for ${line} without a key, or with an id that is not a UUID`, async () => {
    const fake = fakeRooms();
    const keyless = await send(fake, "");
    assertEquals(keyless.status, 500);
    assertStringIncludes(keyless.logged.join(), "'token'");
    const { status, logged } = await send(fake, "any", "standup");
    assertEquals([status, logged], [400, []]);
    assertEquals(fake.requests, []);
  });
}

Deno.test("every example responds with 400 to a Host header that no URL may have", async () => {
  for (const make of [who, hold]) {
    const request = new Request("http://127.0.0.1/rooms/x");
    Object.defineProperty(request, "url", { value: "http://a b/rooms/x" });
    const deps = { fetch: fakeRooms().fetch, token: "any" };
    const response = await make(deps)(request);
    await response.body?.cancel();
    assertEquals(response.status, 400);
  }
});
