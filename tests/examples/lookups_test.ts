/** What every example that looks up a room has in common. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { FetchFn } from "@videorooms/telnyx";
import { fakeRooms, type Fault } from "@videorooms/telnyx/testing";
import { joinToken } from "../../examples/join_token/join_token.ts";
import { meeting } from "../../examples/meeting/meeting.ts";
import { whoIsHere } from "../../examples/who_is_here/handler.js";
import { id } from "../support/example.ts";
import { inVirtualTime } from "../support/virtual_time.ts";
import { quietly } from "./quietly.ts";

interface Deps {
  fetch: FetchFn;
  token: string;
}

const get = (path: string, init?: RequestInit) =>
  new Request(`http://127.0.0.1/${path}`, init);

/** Requests a room from the example. */
const examples: Record<string, (id: string, deps: Deps) => Promise<Response>> =
  {
    join_token: (id, deps) =>
      joinToken(get(`rooms/${id}/join_token`, { method: "POST" }), {
        ...deps,
        mayJoin: () => true,
      }),
    who_is_here: (id, deps) => whoIsHere(get(`rooms/${id}`), deps),
    "who_is_here, public": (id, deps) => {
      const body = JSON.stringify({ room_id: id });
      const request = get("room", { method: "POST", body });
      return whoIsHere(request, { ...deps, isPublic: true });
    },
  };

/** The examples that parse the address of a web request. */
const addressed: Record<
  string,
  (request: Request, deps: Deps) => Promise<Response>
> = {
  join_token: (request, deps) =>
    joinToken(request, { ...deps, mayJoin: () => true }),
  meeting: (request, deps) => meeting({ ...deps, mayUse: () => true })(request),
  who_is_here: whoIsHere,
};
for (const [name, handle] of Object.entries(addressed)) {
  Deno.test(`examples/${name} responds with 400 to a Host header that no URL may have`, async () => {
    const request = get("rooms/x");
    Object.defineProperty(request, "url", { value: "http://a b/rooms/x" });
    const deps = { fetch: fakeRooms().fetch, token: "any" };
    const response = await handle(request, deps);
    await response.body?.cancel();
    assertEquals(response.status, 400);
  });
}

const inAMinute = { "retry-after": "60" };
const failures: [string, Fault, number][] = [
  ["a missing room", { status: 404 }, 404],
  ["an exceeded rate limit", { status: 429, headers: inAMinute }, 429],
  ["a provider that is down", { status: 503, headers: inAMinute }, 502],
  ["a key that is refused", { status: 401 }, 502],
  ["an invalid response", { body: "<h1>Maintenance</h1>" }, 502],
];

for (const [name, ask] of Object.entries(examples)) {
  for (const [what, fault, status] of failures) {
    Deno.test(`examples/${name} responds with ${status} for ${what}`, async () => {
      const fake = fakeRooms({ rooms: [{ id }] });
      fake.fault(fault);
      const deps = { fetch: fake.fetch, token: "KEY-secret" };
      const { value, logged } = await quietly(() => ask(id, deps));
      const text = await value.text();
      assertEquals(value.status, status, text);
      assertEquals(
        value.headers.get("retry-after"),
        status === 429 ? "60" : null,
      );
      assertEquals(logged.length, status === 502 ? 1 : 0);
      assert(!(text + logged).includes("KEY-secret"));
      assertEquals(fake.requests.length, 1);
    });
  }

  Deno.test(`examples/${name} responds with 504 for a silent provider`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    fake.fault({ delayMs: Infinity });
    const { value } = await inVirtualTime(() =>
      quietly(() => ask(id, { fetch: fake.fetch, token: "any" }))
    );
    await value.body?.cancel();
    assertEquals(value.status, 504);
  });

  Deno.test(`examples/${name} logs that its API key is missing`, async () => {
    const deps = { fetch: fakeRooms().fetch, token: "" };
    const { value, logged } = await quietly(() => ask(id, deps));
    await value.body?.cancel();
    assertEquals(value.status, 500);
    assertStringIncludes(logged.join(), "'token'");
  });

  Deno.test(`examples/${name} sends nothing for an id that is not a UUID`, async () => {
    const fake = fakeRooms();
    const deps = { fetch: fake.fetch, token: "any" };
    const response = await ask("standup", deps);
    await response.body?.cancel();
    assertEquals(response.status, 400);
    assertEquals(fake.requests, []);
  });
}
