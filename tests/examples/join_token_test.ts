import { assert, assertEquals } from "@std/assert";
import { type Deps, joinToken } from "../../examples/join_token/join_token.ts";
import {
  rooms,
  stubProvider,
} from "../../examples/join_token/stub_provider.ts";
import { quietly } from "./quietly.ts";

const url = (id: string) => `http://127.0.0.1/rooms/${id}/join_token`;
const isIssue = (address: string) => address.endsWith("_join_client_token");

/** Asks for a token; a provider of `issue` answers that call with it. */
async function ask(
  id: string,
  issue?: Deps["fetch"],
  more: Partial<Deps> = {},
  init: RequestInit = {},
) {
  const provider = stubProvider();
  const sent: string[] = [];
  const deps: Deps = {
    token: "KEY-secret",
    mayJoin: () => true,
    fetch(address, request) {
      sent.push(`${request.method} ${new URL(address).pathname}`);
      return issue && isIssue(address)
        ? issue(address, request)
        : provider.fetch(address, request);
    },
    ...more,
  };
  const request = new Request(url(id), { method: "POST", ...init });
  const { value: response, logged } = await quietly(() =>
    joinToken(request, deps)
  );
  const text = await response.text();
  assert(!(text + logged).includes("KEY-secret"));
  return {
    status: response.status,
    headers: response.headers,
    body: text && JSON.parse(text),
    sent,
    logged,
  };
}

const respond =
  (status: number, body: unknown, headers: HeadersInit = {}) => () =>
    Promise.resolve(Response.json(body, { status, headers }));

Deno.test("joinToken() issues a token for a room with a place left", async () => {
  const { status, headers, body, sent } = await ask(rooms.free);
  assertEquals(status, 201);
  assertEquals(headers.get("cache-control"), "no-store");
  assertEquals(Object.keys(body), ["token", "token_expires_at"]);
  assertEquals(body.token, "a-join-token");
  assertEquals(sent, [
    `GET /v2/rooms/${rooms.free}`,
    `POST /v2/rooms/${rooms.free}/actions/generate_join_client_token`,
  ]);
});

Deno.test("joinToken() asks for the token as the provider documents it", async () => {
  const requests: [string, RequestInit][] = [];
  await ask(rooms.free, (address, init) => {
    requests.push([address, init]);
    return respond(201, { data: { token: "a" } })();
  }, { baseUrl: "http://127.0.0.1/v2/" });
  const [[address, { method, headers, body }] = ["", {}]] = requests;
  assertEquals(
    address,
    `http://127.0.0.1/v2/rooms/${rooms.free}/actions/generate_join_client_token`,
  );
  assertEquals(method, "POST");
  assertEquals(headers, {
    "accept": "application/json",
    "authorization": "Bearer KEY-secret",
    "content-type": "application/json",
  });
  assertEquals(JSON.parse(String(body)), {
    token_ttl_secs: 600,
    refresh_token_ttl_secs: 3600,
  });
});

Deno.test("joinToken() refuses when the room is full", async () => {
  const { status, body, sent } = await ask(rooms.full);
  assertEquals(status, 409);
  assertEquals(body, { error: "room_full", people: 2, max_participants: 2 });
  assertEquals(sent.length, 1);
});

Deno.test("joinToken() refuses when there is no such room", async () => {
  const none = "00000000-0000-4000-8000-000000000000";
  const { status, sent } = await ask(none);
  assertEquals([status, sent.length], [404, 1]);
});

Deno.test("joinToken() asks nobody about who may not join", async () => {
  const seen: string[] = [];
  const mayJoin = (request: Request, id: string) => {
    seen.push(request.url, id);
    return Promise.resolve(false);
  };
  const { status, sent } = await ask(rooms.free, undefined, { mayJoin });
  assertEquals([status, sent], [403, []]);
  assertEquals(seen, [url(rooms.free), rooms.free]);
});

Deno.test("joinToken() takes POST alone", async () => {
  const told = await ask(rooms.free, undefined, {}, { method: "GET" });
  assertEquals([told.status, told.headers.get("allow")], [405, "POST"]);
  assertEquals(told.sent, []);
});

const refusals: [string, Deps["fetch"], number][] = [
  ["that is gone meanwhile", respond(404, {}), 404],
  ["beyond the limit", respond(429, {}, { "retry-after": "7" }), 429],
  ["that the key is not for", respond(403, {}), 502],
  ["that breaks the provider", respond(500, {}), 502],
  ["whose token has no token", respond(201, { data: null }), 502],
  [
    "whose token is no JSON",
    () => Promise.resolve(new Response("<h1>", { status: 201 })),
    502,
  ],
  ["whose connection breaks", () => Promise.reject(new TypeError("gone")), 502],
  [
    "that takes too long",
    () => Promise.reject(new DOMException("It is late", "TimeoutError")),
    504,
  ],
];

for (const [what, issue, status] of refusals) {
  Deno.test(`joinToken() makes ${status} of a room ${what}`, async () => {
    const told = await ask(rooms.free, issue);
    assertEquals(told.status, status);
    assertEquals(told.headers.get("retry-after"), status === 429 ? "7" : null);
    assertEquals(told.sent.length, 2); // the second is not repeated
    assertEquals(told.logged.length, status > 500 ? 1 : 0);
  });
}
