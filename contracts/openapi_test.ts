import { assert, assertEquals, assertRejects } from "@std/assert";
import { Validator } from "npm:@seriousme/openapi-schema-validator@^2.11.0";
import fc from "fast-check";
import { fillPath } from "../lib/core/path.ts";
import { fakeRooms, type Room } from "../lib/testing/fake_rooms.ts";
import {
  deref,
  description,
  findOperation,
  operations,
  valuesOf,
} from "../tests/support/described.ts";
import { edgesOf, exampleOf } from "../tests/support/edges.ts";
import { commands, runCommands } from "../tests/testing/commands.ts";
import {
  closed,
  compile,
  type Endpoint,
  endpointOf,
  responseChecker,
} from "./description.ts";
import { examples, token } from "./names.ts";
import { states } from "./states.ts";
import document from "./telnyx_rooms.openapi.json" with { type: "json" };

const check = responseChecker(document);
const checkClosed = responseChecker(closed(document));

/** Every operation of the document. */
const endpoints: Endpoint[] = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    ["get", "post", "patch", "delete"].filter((method) => method in methods)
      .map((method) => ({ path, method: method.toUpperCase() }))
  );
const look = { path: "/rooms/{id}", method: "GET" } as const;
const list = { path: "/rooms", method: "GET" } as const;

const roomId = examples.room_id;

/** Sends a fake a request of an operation, by default the least. */
const ask = (
  { fetch } = fakeRooms({ rooms: [{ id: roomId }] }),
  { path, method }: Endpoint,
  { address = fillPath(path, () => roomId), body = "{}" } = {},
) =>
  fetch(`https://api.telnyx.com/v2${address}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...["POST", "PATCH"].includes(method) && { body },
  });

Deno.test("telnyx_rooms.openapi.json is a valid OpenAPI 3.1 document", async () => {
  const { valid, errors } = await new Validator().validate(
    structuredClone(description),
  );
  assert(valid, JSON.stringify(errors));
  assert(document.openapi.startsWith("3.1."));
});

Deno.test("telnyx_rooms.openapi.json describes every operation, and the nested lists", () => {
  const name = ({ path, method }: Endpoint) => `${method} ${path}`;
  const nested = [
    "GET /rooms/{roomId}/sessions",
    "GET /room_sessions/{sessionId}/participants",
  ];
  assertEquals(
    endpoints.map(name).sort(),
    [...[...operations.values()].map(name), ...nested].sort(),
  );
});

Deno.test("fakeRooms() responds as described in every provider state", async () => {
  for (const make of Object.values(states)) {
    for (const endpoint of endpoints) {
      const { fake } = await make();
      await checkClosed(endpoint, await ask(fake, endpoint));
      if (endpoint.method !== "GET") continue;
      const path = fillPath(endpoint.path, () => roomId);
      for (const query of ["include_sessions=true", "page[size]=1"]) {
        const address = `${path}?${query}`;
        await checkClosed(endpoint, await ask(fake, endpoint, { address }));
      }
    }
  }
});

Deno.test("fakeRooms() responds as described with every status", async () => {
  for (const endpoint of endpoints) {
    for (const status of [400, 401, 403, 404, 408, 422, 429, 500, 503, 504]) {
      const fake = fakeRooms();
      fake.fault({ status });
      await checkClosed(endpoint, await ask(fake, endpoint));
    }
  }
});

Deno.test("fakeRooms() responds as described for any described room", async () => {
  const rooms = valuesOf(
    document,
    document.components.schemas.Room,
    "described",
  ) as fc.Arbitrary<Room>;
  await fc.assert(
    fc.asyncProperty(rooms, fc.boolean(), async (room, included) => {
      const fake = fakeRooms({ rooms: [{ ...room, id: roomId }] });
      for (const endpoint of [look, list]) {
        const path = fillPath(endpoint.path, () => roomId);
        const address = `${path}?include_sessions=${included}`;
        await check(endpoint, await ask(fake, endpoint, { address }));
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("fakeRooms() responds as described to wrong requests", async () => {
  const seen = new Set<number>();
  for (const endpoint of endpoints) {
    const path = fillPath(endpoint.path, () => roomId);
    for (const address of [path, endpoint.path, `${path}?page[size]=0`]) {
      for (const body of ["", "{", "7", "{}"]) {
        const response = await ask(undefined, endpoint, { address, body });
        seen.add(response.status);
        await checkClosed(endpoint, response);
      }
    }
  }
  assert([400, 404, 422].every((status) => seen.has(status)));
});

Deno.test("fakeRooms() responds as described to any sequence of operations", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(commands, async (commands) => {
      await runCommands(commands, async ({ method, url }, response) => {
        const endpoint = endpointOf(document, method, url);
        assert(endpoint, `${method} ${url}`);
        await checkClosed(endpoint, response);
        if (response.ok) seen.add(`${method} ${endpoint.path}`);
      });
    }),
    { numRuns: 120 },
  );
  for (const { method, path } of operations.values()) {
    assert(seen.has(`${method} ${path}`), `${method} ${path}`);
  }
});

/** Values of a schema, and values beside it. */
function near(schema: unknown): fc.Arbitrary<unknown> {
  const at = deref(document, schema);
  const beside = edgesOf(at).map(([, value]) => value);
  const { minimum, maximum } = at;
  const values = fc.oneof(
    { weight: 8, arbitrary: fc.constant(exampleOf(at)) },
    fc.constantFrom(minimum ?? null, maximum ?? null, "all", ...beside),
  );
  if (!at.properties) return values;
  const fields = Object.entries(at.properties)
    .map(([name, field]) => [name, near(field)]);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

for (const operation of operations.values()) {
  const { body, method, path } = operation;
  const decoder = body?.decoder;
  if (!decoder) continue;
  Deno.test(`The payload of ${method} ${path} is checked exactly as described`, () => {
    const { payload } = findOperation(document, operation) ?? {};
    const { properties } = deref(document, payload);
    const schema = body.field
      ? deref(document, properties)[body.field]
      : payload;
    const validate = compile(document, schema);
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(near(schema), (payload) => {
        const right = validate(payload);
        assertEquals(!decoder(payload), right, JSON.stringify(payload));
        seen[right ? "right" : "wrong"]++;
      }),
      { numRuns: 1000 },
    );
    assert(Math.min(seen.right, seen.wrong) > 20, JSON.stringify(seen));
  });
}

for (const endpoint of [look, list]) {
  Deno.test(`responseChecker() fails for a response of GET ${endpoint.path} that is not as described`, async () => {
    const { schema } = findOperation(document, { ...endpoint, status: 200 }) ??
      {};
    await check(endpoint, Response.json(exampleOf(schema)));
    for (const [pointer, body] of edgesOf(schema)) {
      const isRefused = await check(endpoint, Response.json(body))
        .then(() => false, () => true);
      assert(isRefused, `${pointer}: ${JSON.stringify(body)}`);
    }
  });
}

Deno.test("responseChecker() fails for a field, a status or a limit that is not described", async () => {
  const room = { id: roomId };
  const headers = { "x-ratelimit-odd": "1" };
  await checkClosed(look, Response.json({ data: room }));
  for (
    const response of [
      Response.json({ data: { ...room, shade: "blue" } }),
      new Response(null, { status: 302 }),
      Response.json({ data: room }, { headers }),
    ]
  ) await assertRejects(() => checkClosed(look, response));
});
