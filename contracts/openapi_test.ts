import { assert, assertEquals } from "@std/assert";
import { Validator } from "npm:@seriousme/openapi-schema-validator@^2.11.0";
import addFormats from "npm:ajv-formats@^3.0.1";
import { Ajv2020 } from "npm:ajv@^8.20.0/dist/2020.js";
import { generateSync } from "npm:json-schema-faker@^0.6.3";
import fc from "fast-check";
import { parseRooms } from "../lib/list_rooms.ts";
import { parseRoom } from "../lib/response.ts";
import { fakeRooms, type Room } from "../lib/testing/fake_rooms.ts";
import { drift } from "./drift.ts";
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

/** Makes what fails where an answer is not as the document describes it. */
function checker(
  responses: Record<
    string,
    {
      content: { "application/json": { schema: unknown } };
      headers?: Json;
    }
  >,
) {
  const validators = new Map(
    Object.entries(responses).map(([status, { content }]) => [
      Number(status),
      ajv.compile(standalone(content["application/json"].schema)),
    ]),
  );
  const check = async (response: Response): Promise<void> => {
    const { status, headers } = response;
    const validate = validators.get(status);
    assert(validate, `the document declares no ${status}`);
    const body = await response.json();
    assert(validate(body), JSON.stringify([status, validate.errors, body]));

    const declared = responses[status]?.headers ?? {};
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
  return { check, statuses: [...validators.keys()] };
}

const base = "https://api.telnyx.com/v2/rooms";
const look = checker(document.paths["/rooms/{room_id}"].get.responses);
const list = checker(document.paths["/rooms"].get.responses);
const operations: [url: string, typeof look][] = [
  [`${base}/${roomId}`, look],
  [base, list],
];

const init = { headers: { authorization: `Bearer ${token}` } };

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

Deno.test("fakeRooms() answers as described in every provider state", async () => {
  for (const [state, make] of Object.entries(states)) {
    for (const [url, { check }] of operations) {
      for (const query of ["", "?include_sessions=true", "?page[size]=1"]) {
        // No list is refused for a room that is not there
        if (url === base && state.includes("no such room")) continue;
        const fake = await make();
        await check(await fake.fetch(`${url}${query}`, init));
      }
    }
  }
});

Deno.test("fakeRooms() answers as described for every documented status", async () => {
  for (const [url, { check, statuses }] of operations) {
    for (const status of statuses) {
      const fake = fakeRooms({ rooms: [{ id: roomId }] });
      fake.fault({ status });
      await check(await fake.fetch(url, init));
    }
  }
});

Deno.test("fakeRooms() answers as described for any room that is as described", async () => {
  await fc.assert(
    fc.asyncProperty(described, fc.boolean(), async (room, sessions) => {
      const fake = fakeRooms({ rooms: [{ ...room, id: roomId }] });
      const query = `?include_sessions=${sessions}`;
      for (const [url, { check }] of operations) {
        await check(await fake.fetch(`${url}${query}`, init));
      }
    }),
    { numRuns: 500 },
  );
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

Deno.test("parseRoom() accepts whatever is as described, unchanged", () => {
  const seen = { sessions: 0, participants: 0, nulls: 0 };
  fc.assert(
    fc.property(described, (room) => {
      const text = JSON.stringify({ data: room });
      assertEquals(
        JSON.stringify(parseRoom(200, new Headers(), text)),
        JSON.stringify(room),
      );
      if (room.sessions?.length) seen.sessions++;
      if (text.includes('"participants":[{')) seen.participants++;
      if (text.includes(":null")) seen.nulls++;
    }),
    { numRuns: 1000 },
  );
  assert(Math.min(...Object.values(seen)) > 50, JSON.stringify(seen));
});

Deno.test("parseRooms() accepts whatever is as described, unchanged", () => {
  const pages = fc.nat().map((seed) =>
    generateSync(standalone(document.components.schemas.RoomPage) as never, {
      seed,
      maxDepth: 12,
    })
  );
  fc.assert(fc.property(pages, (page) => {
    const text = JSON.stringify(page);
    const parsed = parseRooms(200, new Headers(), text);
    assertEquals(JSON.stringify(parsed), text);
  }));
});
