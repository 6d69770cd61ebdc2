import { assert, assertEquals, assertRejects } from "@std/assert";
import addFormats from "npm:ajv-formats@^3.0.1";
import { Ajv2020 } from "npm:ajv@^8.20.0/dist/2020.js";
import { Validator } from "npm:@seriousme/openapi-schema-validator@^2.11.0";
import fc from "fast-check";
import { getRoomOperation, listRoomsOperation } from "../lib/core/rooms.ts";
import { fillPath, matchPath } from "../lib/core/path.ts";
import { type FakeRooms, fakeRooms } from "../lib/testing/fake_rooms.ts";
import {
  deref,
  description,
  findOperation,
  type Json,
  operations,
} from "../tests/support/described.ts";
import { edgesOf, exampleOf } from "../tests/support/edges.ts";
import { commands, runCommands } from "../tests/testing/commands.ts";
import { examples, idOf, token } from "./names.ts";
import { inState, states } from "./states.ts";
import document from "./telnyx_rooms.openapi.json" with { type: "json" };

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);

/** Compiles a schema of the document, in which its references resolve. */
const compile = ({ components }: Json, schema: unknown) =>
  ajv.compile({ ...schema as Json, components });

/** The same document, whose objects have no field that is not described. */
const closed: Json = JSON.parse(
  JSON.stringify(document),
  (_, value) =>
    value?.properties && value.type
      ? { additionalProperties: false, ...value }
      : value,
);

/** Every operation of the document; those that delete come last. */
const endpoints = ["get", "post", "patch", "delete"].flatMap((method) =>
  Object.entries(document.paths).filter(([, methods]) => method in methods)
    .map(([path]) => ({ path, method: method.toUpperCase() }))
);

/** The operation that a request is for. */
function endpointOf({ method, url }: { method: string; url: string }) {
  const { pathname } = new URL(url);
  const found = endpoints.find((endpoint) =>
    endpoint.method === method && matchPath(`/v2${endpoint.path}`, pathname)
  );
  assert(found, `${method} ${url}`);
  return found;
}

/** What is at these keys of the closed document, one below the other. */
const at = (...keys: string[]) =>
  keys.reduce((found, key) => deref(closed, found[key]), closed);
const validators = new Map<unknown, ReturnType<typeof compile>>();

/** Fails if a response is not as described. */
async function checkResponse(
  request: { method: string; url: string },
  response: Response,
): Promise<void> {
  const { method, path } = endpointOf(request);
  const { status, headers } = response;
  const name = `${method} ${path}: ${status}`;
  const responses = at("paths", path, method.toLowerCase(), "responses");
  const declared = [`${status}`, `${status}`.replace(/..$/, "XX")]
    .find((key) => key in responses);
  assert(declared, `${name} is not declared`);
  const { content, headers: known } = deref(closed, responses[declared]);
  const text = await response.text();
  if (content) {
    const { schema } = deref(closed, (content as Json)["application/json"]);
    const validate = validators.get(schema) ?? compile(closed, schema);
    validators.set(schema, validate);
    const isValid = validate(JSON.parse(text));
    assert(isValid, JSON.stringify([name, validate.errors, text]));
  } else assertEquals(text, "", `${name} has a body`);

  for (const [header, value] of headers) {
    const declared = deref(closed, known)[header];
    if (!declared) {
      assert(!header.startsWith("x-ratelimit"), `${header} is not declared`);
      continue;
    }
    const schema = deref(closed, deref(closed, declared).schema);
    const typed = schema.type === "integer" ? Number(value) : value;
    assert(ajv.validate(schema, typed), `${header}: ${value}`);
  }
}

const roomId = examples.room_id;
const apiUrl = "https://api.telnyx.com/v2";

/** Checks the response of a fake to a request; returns its status. */
async function respond(
  { fetch }: FakeRooms,
  [method, address]: [method: string, address: string],
  body = "{}",
): Promise<number> {
  const url = apiUrl + address;
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...["POST", "PATCH"].includes(method) && { body },
  });
  await checkResponse({ method, url }, response);
  return response.status;
}

Deno.test("telnyx_rooms.openapi.json is a valid OpenAPI 3.1 document", async () => {
  const { valid, errors } = await new Validator().validate(
    structuredClone(description),
  );
  assert(valid, JSON.stringify(errors));
  assert(document.openapi.startsWith("3.1."));
});

Deno.test("telnyx_rooms.openapi.json describes every operation, and the nested lists", () => {
  const name = ({ path, method }: { path: string; method: string }) =>
    `${method} ${path}`;
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
  for (const state of states) {
    const { fake, given } = await inState(state);
    const ids = { ...examples, ...given };
    for (const { method, path } of endpoints) {
      const address = fillPath(path, () => ids[idOf(path)]);
      await respond(fake, [method, address]);
      if (method !== "GET") continue;
      for (const query of ["include_sessions=true", "page[size]=1"]) {
        await respond(fake, [method, `${address}?${query}`]);
      }
    }
  }
});

Deno.test("fakeRooms() responds as described with every status", async () => {
  for (const { method, path } of endpoints) {
    for (const status of [400, 401, 403, 404, 408, 422, 429, 500, 503, 504]) {
      const fake = fakeRooms();
      fake.fault({ status });
      await respond(fake, [method, fillPath(path, () => roomId)]);
    }
  }
});

Deno.test("fakeRooms() responds as described to wrong requests", async () => {
  const seen = new Set<number>();
  for (const { method, path } of endpoints) {
    const address = fillPath(path, () => roomId);
    for (const wrong of [address, path, `${address}?page[size]=0`]) {
      for (const body of ["", "{", "7", "{}"]) {
        const fake = fakeRooms({ rooms: [{ id: roomId }] });
        seen.add(await respond(fake, [method, wrong], body));
      }
    }
  }
  assert([400, 404, 422].every((status) => seen.has(status)));
});

Deno.test("fakeRooms() responds as described to any sequence of operations", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(commands, async (commands) => {
      await runCommands(commands, async (request, response) => {
        await checkResponse(request, response);
        const { method, path } = endpointOf(request);
        if (response.ok) seen.add(`${method} ${path}`);
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

const look = { method: "GET", url: `${apiUrl}/rooms/${roomId}` };

for (const operation of [getRoomOperation, listRoomsOperation]) {
  Deno.test(`checkResponse() fails for a response of GET ${operation.path} that is not as described`, async () => {
    const { schema } = findOperation(document, operation) ?? {};
    const url = apiUrl + operation.path;
    const isDescribed = (body: unknown) =>
      checkResponse({ method: "GET", url }, Response.json(body))
        .then(() => true, () => false);
    assert(await isDescribed(exampleOf(schema)));
    for (const [pointer, body] of edgesOf(schema)) {
      const isRight = await isDescribed(body);
      assert(!isRight, `${pointer}: ${JSON.stringify(body)}`);
    }
  });
}

Deno.test("checkResponse() fails for a field, a status or a limit that is not described", async () => {
  const room = { id: roomId };
  const headers = { "x-ratelimit-odd": "1" };
  await checkResponse(look, Response.json({ data: room }));
  for (
    const response of [
      Response.json({ data: { ...room, shade: "blue" } }),
      new Response(null, { status: 302 }),
      Response.json({ data: room }, { headers }),
    ]
  ) await assertRejects(() => checkResponse(look, response));
});
