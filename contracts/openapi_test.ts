import { assert, assertEquals } from "@std/assert";
import { Validator } from "npm:@seriousme/openapi-schema-validator@^2.11.0";
import addFormats from "npm:ajv-formats@^3.0.1";
import { Ajv2020 } from "npm:ajv@^8.20.0/dist/2020.js";
import { generateSync } from "npm:json-schema-faker@^0.6.3";
import fc from "fast-check";
import {
  createRoomOperation,
  getRoomOperation,
  listRoomsOperation,
  type Operation,
  parseResponse,
  type RoomFields,
  toRequest,
} from "../lib/core.ts";
import {
  type FakeRooms,
  fakeRooms,
  type Room,
} from "../lib/testing/fake_rooms.ts";
import { drift } from "./drift.ts";
import { operations } from "./interactions.ts";
import { roomId, token } from "./names.ts";
import { states } from "./states.ts";
import document from "./telnyx_rooms.openapi.json" with { type: "json" };
import pact from "./videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};

type Json = Record<string, unknown>;

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);

/** A schema of the document that stands alone, its references within it. */
function standalone(schema: unknown): Json {
  const whole = { ...schema as Json, $defs: document.components.schemas };
  return JSON.parse(
    JSON.stringify(whole).replaceAll("#/components/schemas/", "#/$defs/"),
  );
}

interface Described {
  content?: { "application/json": { schema: unknown } };
  headers?: Json;
}

/** What the document says of the responses to an operation, by status. */
function responsesTo({ method, path }: Operation): Map<number, Described> {
  const paths = document.paths as unknown as Record<
    string,
    Record<string, { responses: Record<string, { $ref?: string }> }>
  >;
  const { responses } = paths[path]?.[method.toLowerCase()] ?? {};
  assert(responses, `the document has no ${method} ${path}`);
  const shared = document.components.responses as Record<string, unknown>;
  return new Map(
    Object.entries(responses).map(([status, response]) => [
      Number(status),
      (response.$ref
        ? shared[response.$ref.split("/").at(-1) as string]
        : response) as Described,
    ]),
  );
}

/** Makes what fails if a response is not as the document describes it. */
function checker(operation: Operation) {
  const responses = responsesTo(operation);
  const validators = new Map(
    [...responses].map(([status, { content }]) => [
      status,
      content &&
      ajv.compile(standalone(content["application/json"].schema)),
    ]),
  );
  const check = async (response: Response): Promise<void> => {
    const { status, headers } = response;
    assert(validators.has(status), `the document declares no ${status}`);
    const validate = validators.get(status);
    const text = await response.text();
    if (validate) {
      const body = JSON.parse(text);
      assert(validate(body), JSON.stringify([status, validate.errors, body]));
    } else assertEquals(text, "");

    const declared = responses.get(status)?.headers ?? {};
    for (const [name, value] of headers) {
      const ref = declared[name] as { $ref: string } | undefined;
      if (!ref) {
        assert(!name.startsWith("x-ratelimit"), `${name} is not declared`);
        continue;
      }
      const key = ref.$ref.split("/").at(-1) as "RateLimitReset";
      const { schema } = document.components.headers[key];
      const typed = schema.type === "integer" ? Number(value) : value;
      assert(ajv.validate(schema, typed), `${name}: ${value}`);
    }
  };
  return { operation, check, statuses: [...validators.keys()] };
}

const checkers = operations.map(checker);
const [look, list] = checkers as [typeof checkers[0], typeof checkers[0]];

/** Asks a fake for an operation, with the least that it takes. */
function ask(fake: FakeRooms, operation: Operation, opts = {}) {
  const { url, ...init } = toRequest(
    operation,
    token,
    { id: roomId },
    opts,
    {},
  );
  return fake.fetch(url, init);
}

/** What the module makes of a body. */
const parsed = (operation: Operation, body: string): unknown =>
  parseResponse(operation, { status: 200, headers: new Headers(), body });

/** Rooms as the document's schema has them, of all sorts. */
const described: fc.Arbitrary<Room> = fc.nat().map((seed) =>
  generateSync(standalone(document.components.schemas.Room) as never, {
    seed,
    maxDepth: 12,
  }) as Room
);

Deno.test("telnyx_rooms.openapi.json is a valid OpenAPI 3.1 document", async () => {
  const { valid, errors } = await new Validator().validate(
    structuredClone(document) as never,
  );
  assert(valid, JSON.stringify(errors));
  assert(document.openapi.startsWith("3.1."));
});

Deno.test("The pact is within what telnyx_rooms.openapi.json describes", async () => {
  assertEquals(await drift(pact, document, document), []);
});

Deno.test("fakeRooms() responds as described in every provider state", async () => {
  for (const [state, make] of Object.entries(states)) {
    for (const { operation, check, statuses } of checkers) {
      // No list is refused for a room that is not there
      if (state.includes("no such room") && !statuses.includes(404)) continue;
      for (const opts of [{}, { includeSessions: true }, { pageSize: 1 }]) {
        await check(await ask(await make(), operation, opts));
      }
    }
  }
});

Deno.test("fakeRooms() responds as described for every documented status", async () => {
  for (const { operation, check, statuses } of checkers) {
    for (const status of statuses) {
      const fake = fakeRooms({ rooms: [{ id: roomId }] });
      if (status >= 400) fake.fault({ status });
      await check(await ask(fake, operation));
    }
  }
});

Deno.test("fakeRooms() responds as described for any room that is as described", async () => {
  await fc.assert(
    fc.asyncProperty(described, fc.boolean(), async (room, includeSessions) => {
      for (const { operation, check } of checkers) {
        const fake = fakeRooms({ rooms: [{ ...room, id: roomId }] });
        await check(await ask(fake, operation, { includeSessions }));
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("createRoom's payload is what the document describes, no more and no less", () => {
  const schema = standalone(document.components.schemas.RoomFields);
  const validate = ajv.compile(schema);
  const decoder = createRoomOperation.body?.decoder;
  const near = fc.record({
    unique_name: fc.oneof(fc.string({ unit: "grapheme" }), fc.integer()),
    max_participants: fc.oneof(
      fc.integer({ min: -1, max: 53 }),
      fc.constantFrom(null, "10", 2.5),
    ),
    enable_recording: fc.oneof(fc.boolean(), fc.constant("false")),
    webhook_event_url: fc.oneof(
      fc.webUrl(),
      fc.constantFrom("", null, "ftp://a.example", "example.com"),
    ),
    webhook_event_failover_url: fc.oneof(
      fc.webUrl(),
      fc.constantFrom("", null, 7),
    ),
    webhook_timeout_secs: fc.oneof(
      fc.integer({ min: -1, max: 32 }),
      fc.constantFrom(null, "5"),
    ),
  }, { requiredKeys: [] });
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(near, (payload) => {
      const right = validate(payload);
      assertEquals(!decoder?.(payload as RoomFields), right);
      seen[right ? "right" : "wrong"]++;
    }),
    { numRuns: 1000 },
  );
  assert(Math.min(seen.right, seen.wrong) > 20, JSON.stringify(seen));
});

Deno.test("The checks refuse an answer that is not as described", async () => {
  const wrong: unknown[] = [
    {},
    { data: null },
    { data: { id: "7" } },
    { data: { id: roomId, max_participants: "7" } },
    { data: { id: roomId, created_at: "yesterday" } },
    { data: { id: roomId, sessions: [{ id: null }] } },
  ];
  for (const body of wrong) {
    const refused = await look.check(Response.json(body))
      .then(() => false, () => true);
    assert(refused, JSON.stringify(body));
  }
  const meta = { total_pages: 1 };
  const wrongPages: unknown[] = [
    { data: [] },
    { meta },
    { data: [], meta: {} },
    { data: [], meta: { total_pages: -1 } },
    { data: [{ id: "7" }], meta },
  ];
  for (const body of wrongPages) {
    const refused = await list.check(Response.json(body))
      .then(() => false, () => true);
    assert(refused, JSON.stringify(body));
  }
});

Deno.test("parseResponse() accepts whatever is as described, unchanged", () => {
  const seen = { sessions: 0, participants: 0, nulls: 0 };
  fc.assert(
    fc.property(described, (room) => {
      const text = JSON.stringify({ data: room });
      assertEquals(
        JSON.stringify(parsed(getRoomOperation, text)),
        JSON.stringify({ data: room }),
      );
      if (room.sessions?.length) seen.sessions++;
      if (text.includes('"participants":[{')) seen.participants++;
      if (text.includes(":null")) seen.nulls++;
    }),
    { numRuns: 1000 },
  );
  assert(Math.min(...Object.values(seen)) > 50, JSON.stringify(seen));
});

Deno.test("parseResponse() accepts whatever list is as described, unchanged", () => {
  const pages = fc.nat().map((seed) =>
    generateSync(standalone(document.components.schemas.RoomPage) as never, {
      seed,
      maxDepth: 12,
    })
  );
  fc.assert(fc.property(pages, (page) => {
    const text = JSON.stringify(page);
    assertEquals(JSON.stringify(parsed(listRoomsOperation, text)), text);
  }));
});
