import { assert, assertEquals } from "@std/assert";
import { Validator } from "npm:@seriousme/openapi-schema-validator@^2.11.0";
import fc from "fast-check";
import {
  type FakeRooms,
  fakeRooms,
  type Room,
} from "../lib/testing/fake_rooms.ts";
import {
  ajv,
  type Endpoint,
  endpointOf,
  responseChecker,
  standalone,
} from "./description.ts";
import { deref, findOperation, valuesOf } from "../tests/support/described.ts";
import { edgesOf, exampleOf } from "../tests/support/edges.ts";
import { commands, runCommands } from "../tests/testing/commands.ts";
import { operations } from "./interactions.ts";
import { examples, token } from "./names.ts";
import { states } from "./states.ts";
import document from "./telnyx_rooms.openapi.json" with { type: "json" };
import { fillPath } from "../lib/core/path.ts";

const check = responseChecker(document);
const checkClosed = responseChecker(document, true);

/** Every operation of the document. */
const endpoints: Endpoint[] = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    ["get", "post", "patch", "delete"].filter((method) => method in methods)
      .map((method) => ({ path, method: method.toUpperCase() }))
  );

const roomId = examples.room_id;
const { Room } = document.components.schemas;

/** Sends a fake the minimal request of an operation. */
function ask(fake: FakeRooms, { path, method }: Endpoint, query = "") {
  const id = fillPath(path, () => roomId);
  return fake.fetch(`https://api.telnyx.com/v2${id}${query}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...method === "POST" && { body: "{}" },
  });
}

/** Random rooms of the document's schema. */
const described = valuesOf(document, Room, "described") as fc.Arbitrary<Room>;

Deno.test("telnyx_rooms.openapi.json is a valid OpenAPI 3.1 document", async () => {
  const { valid, errors } = await new Validator().validate(
    structuredClone(document) as never,
  );
  assert(valid, JSON.stringify(errors));
  assert(document.openapi.startsWith("3.1."));
});

Deno.test("telnyx_rooms.openapi.json describes every operation, and the nested lists", () => {
  const described = endpoints.map(({ path, method }) => `${method} ${path}`);
  const nested = [
    "/rooms/{roomId}/sessions",
    "/room_sessions/{sessionId}/participants",
  ];
  assertEquals(
    described.sort(),
    [
      ...operations.map(({ path, method }) => `${method} ${path}`),
      ...nested.map((path) => `GET ${path}`),
    ].sort(),
  );
});

Deno.test("fakeRooms() responds as described in every provider state", async () => {
  for (const make of Object.values(states)) {
    for (const endpoint of endpoints) {
      const { fake } = await make();
      await checkClosed(endpoint, await ask(fake, endpoint));
      if (endpoint.method !== "GET") continue;
      for (const query of ["?include_sessions=true", "?page[size]=1"]) {
        await checkClosed(endpoint, await ask(fake, endpoint, query));
      }
    }
  }
});

Deno.test("fakeRooms() responds as described with every status", async () => {
  for (const endpoint of endpoints) {
    for (const status of [400, 401, 403, 404, 408, 422, 429, 500, 503, 504]) {
      const fake = fakeRooms({ rooms: [{ id: roomId }] });
      fake.fault({ status });
      await checkClosed(endpoint, await ask(fake, endpoint));
    }
  }
});

Deno.test("fakeRooms() responds as described for any described room", async () => {
  const looks = endpoints.filter(({ path, method }) =>
    /^\/rooms(\/\{id\})?$/.test(path) && method === "GET"
  );
  await fc.assert(
    fc.asyncProperty(described, fc.boolean(), async (room, included) => {
      const fake = fakeRooms({ rooms: [{ ...room, id: roomId }] });
      for (const endpoint of looks) {
        await check(
          endpoint,
          await ask(fake, endpoint, `?include_sessions=${included}`),
        );
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("fakeRooms() responds as described to wrong requests", async () => {
  const headers = { authorization: `Bearer ${token}` };
  const seen = new Set<number>();
  for (const endpoint of endpoints) {
    const { path, method } = endpoint;
    const body = method === "GET" || method === "DELETE"
      ? []
      : ["{", "7", "{}"];
    const id = fillPath(path, () => roomId);
    for (const init of [{}, ...body.map((body) => ({ body }))]) {
      for (const address of [id, path, `${id}?page[size]=0`]) {
        const response = await fakeRooms({ rooms: [{ id: roomId }] }).fetch(
          `https://api.telnyx.com/v2${address}`,
          { method, headers, ...init },
        );
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
    fc.asyncProperty(
      commands,
      async (commands) => {
        await runCommands(commands, async ({ method, url }, response) => {
          const endpoint = endpointOf(document, method, url);
          assert(endpoint, `${method} ${url}`);
          await checkClosed(endpoint, response);
          if (response.ok) seen.add(`${method} ${endpoint.path}`);
        });
      },
    ),
    { numRuns: 120 },
  );
  for (const { method, path } of operations) {
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

for (const operation of operations) {
  const { body, method, path } = operation;
  const decoder = body?.decoder;
  if (!decoder) continue;
  Deno.test(`The payload of ${method} ${path} is checked exactly as described`, () => {
    const { payload } = findOperation(document, operation) ?? {};
    const { properties } = deref(document, payload);
    const schema = body.field
      ? deref(document, properties)[body.field]
      : payload;
    const validate = ajv.compile(standalone(document, schema));
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

for (const path of ["/rooms/{id}", "/rooms"]) {
  Deno.test(`responseChecker() fails for a response of GET ${path} that is not as described`, async () => {
    const look = { path, method: "GET" } as const;
    const { schema } = findOperation(document, { ...look, status: 200 }) ?? {};
    await check(look, Response.json(exampleOf(schema)));
    for (const [pointer, body] of edgesOf(schema)) {
      const isRefused = await check(look, Response.json(body))
        .then(() => false, () => true);
      assert(isRefused, `${pointer}: ${JSON.stringify(body)}`);
    }
  });
}
