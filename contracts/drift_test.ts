import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "npm:yaml@^2.9.1";
import { contractProgram } from "../tests/support/child.ts";
import { getRoomOperation, listRoomsOperation } from "../lib/core/mod.ts";
import { drift, only, operations, report } from "./drift.ts";
import ours from "./telnyx_rooms.openapi.json" with { type: "json" };
import pact from "./videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const [uuid, time] = [
  { type: "string", format: "uuid" },
  { type: "string", format: "datetime" },
];

type Json = Record<string, unknown>;

/** A part of our description in OpenAPI 3.0, with its references inlined. */
function inlined(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(inlined);
  if (typeof part !== "object" || part === null) return part;
  const { $ref, type, ...more } = part as Json;
  if (typeof $ref === "string") {
    return inlined(
      $ref.split("/").slice(1).reduce(
        (at, name) => at[name] as Json,
        ours as Json,
      ),
    );
  }
  const entries = Object.entries(more)
    .map(([name, value]) => [name, inlined(value)]);
  const typed = Array.isArray(type)
    ? { type: type[0], nullable: true }
    : type !== undefined && { type: inlined(type) };
  return { ...Object.fromEntries(entries), ...typed };
}

/** Our description of every path except those of rooms. */
const { "/rooms": _, "/rooms/{id}": __, ...others } = inlined(ours.paths) as {
  [path: string]: Record<string, unknown>;
};

/** A document in OpenAPI 3.0 with rooms as the provider describes them. */
function published() {
  const schemas = {
    Room: {
      type: "object",
      properties: {
        id: uuid,
        max_participants: { type: "integer" } as unknown,
        unique_name: { type: "string" } as unknown,
        created_at: time,
        updated_at: time,
        active_session_id: uuid,
        sessions: { type: "array", items: ref("RoomSession") },
        enable_recording: { type: "boolean", default: false },
        webhook_event_url: { type: "string", format: "url" },
        webhook_event_failover_url: {
          type: "string",
          format: "url",
          nullable: true,
          default: "",
        },
        webhook_timeout_secs: { type: "integer", nullable: true },
        video_codecs: { type: "array", items: { type: "string" } },
        record_type: { type: "string", readOnly: true } as unknown,
      } as Record<string, unknown>,
    },
    RoomSession: {
      type: "object",
      properties: {
        id: uuid,
        room_id: uuid,
        active: { type: "boolean" },
        created_at: time,
        updated_at: time,
        ended_at: time,
        participants: { type: "array", items: ref("RoomParticipant") },
        record_type: { type: "string" },
      } as Record<string, unknown>,
    },
    RoomParticipant: {
      type: "object",
      properties: {
        id: uuid,
        session_id: uuid,
        context: { type: "string" },
        joined_at: time,
        updated_at: time,
        left_at: time,
        record_type: { type: "string" },
      } as Record<string, unknown>,
    },
    PaginationMeta: {
      type: "object",
      properties: {
        page_number: { type: "integer" },
        page_size: { type: "integer" },
        total_pages: { type: "integer" } as unknown,
        total_results: { type: "integer" },
      } as Record<string, unknown>,
    },
    RoomFields: {
      type: "object",
      properties: {
        unique_name: { type: "string" },
        max_participants: { type: "integer", minimum: 2, maximum: 50 },
        enable_recording: { type: "boolean" },
        webhook_event_url: { type: "string", format: "url" },
        webhook_event_failover_url: { type: "string", nullable: true },
        webhook_timeout_secs: { type: "integer", nullable: true },
      } as Record<string, unknown>,
    },
    Error: {
      required: ["code", "title"],
      properties: { code: { type: "string" }, title: { type: "string" } },
    },
  };
  const parameters: unknown[] = [
    { name: "room_id", in: "path", required: true, schema: uuid },
    { name: "include_sessions", in: "query", schema: { type: "boolean" } },
  ];
  const response = (schema: unknown) => ({
    description: "",
    content: { "application/json": { schema } },
  });
  const get = {
    operationId: "ViewRoom",
    parameters,
    responses: {
      200: response({ type: "object", properties: { data: ref("Room") } }),
      404: { $ref: "#/components/responses/ResourceNotFound" },
    },
  };
  const listParameters: unknown[] = [
    ...["date_created_at", "date_updated_at"].flatMap((name) =>
      ["eq", "gte", "lte"].map((bound) => ({
        name: `filter[${name}][${bound}]`,
        in: "query",
        schema: { type: "string", format: "date" },
      }))
    ),
    {
      name: "filter[unique_name]",
      in: "query",
      schema: { type: "string" },
    },
    { name: "include_sessions", in: "query", schema: { type: "boolean" } },
    { name: "page[number]", in: "query", schema: { type: "integer" } },
    { name: "page[size]", in: "query", schema: { type: "integer" } },
  ];
  const list = {
    operationId: "ListRooms",
    parameters: listParameters,
    responses: {
      200: response({
        type: "object",
        properties: {
          data: { type: "array", items: ref("Room") },
          meta: ref("PaginationMeta"),
        },
      }),
    },
  };
  const write = (status: number) => ({
    requestBody: {
      required: true,
      content: { "application/json": { schema: ref("RoomFields") } },
    },
    responses: {
      [status]: response({ type: "object", properties: { data: ref("Room") } }),
      404: { $ref: "#/components/responses/ResourceNotFound" },
      422: { $ref: "#/components/responses/Unprocessable" },
    },
  });
  const id = { parameters: [parameters[0]] };
  const remove = {
    responses: {
      204: { description: "" },
      404: { $ref: "#/components/responses/ResourceNotFound" },
    },
  };
  const responses = {
    ResourceNotFound: response(ref("Error")),
    Unprocessable: response({
      type: "object",
      properties: { errors: { type: "array", items: ref("Error") } },
    }),
  };
  const document = {
    openapi: "3.0.0",
    info: { title: "All", version: "2.0.0" },
    servers: [{ url: "https://api.telnyx.com/v2" }],
    security: [{ bearerAuth: [] }],
    paths: {
      "/rooms": { get: list, post: write(201) },
      "/rooms/{room_id}": {
        get,
        patch: { ...write(200), ...id },
        delete: { ...remove, ...id },
      },
      ...structuredClone(others),
    } as Record<string, Record<string, unknown> | undefined>,
    components: {
      schemas,
      responses,
      securitySchemes: { bearerAuth: { type: "http", scheme: "bearer" } },
    },
  };
  return { document, schemas, parameters, get, listParameters, list };
}

type Published = ReturnType<typeof published>;

/** The findings after a change of the published document. */
async function found(change: (published: Published) => void) {
  const changed = published();
  change(changed);
  const findings = await drift(pact, ours, changed.document);
  return findings
    .filter(({ weight }) => weight !== "undeclared")
    .map(({ weight, text }) => `${weight}: ${text}`);
}

Deno.test("drift() distinguishes undeclared facts from contradictions", async () => {
  const findings = await drift(pact, ours, published().document);
  const string = "must be string: the contract has null as well";
  assertEquals(findings.map(({ weight, text }) => `${weight}: ${text}`), [
    `undeclared: The field data.unique_name ${string}`,
    `undeclared: The field data.active_session_id ${string}`,
    `undeclared: The field data.webhook_event_url ${string}`,
    "undeclared: The field data.webhook_event_failover_url must match format " +
    '"url": the contract has "" as well',
    "undeclared: A response with status 429 is not declared",
    "undeclared: A response with status 401 is not declared",
    "undeclared: A response with status 403 is not declared",
  ]);
});

/** The findings when every operation is gone. */
const goneAll = operations.map(({ method, path }) =>
  `contradiction: There is no ${method} …${path} any more`
);

/** The fields in the response of a look-up. */
function fieldsOf({ paths }: Published["document"], path: string): Json {
  const names = ["responses", "200", "content", "application/json", "schema"];
  return [...names, "properties", "data", "properties"]
    .reduce((at, name) => at[name] as Json, paths[path]?.get as Json);
}

const changes: [string, (published: Published) => void, string[]][] = [
  [
    "a field that is gone",
    ({ schemas }) => delete schemas.Room.properties.unique_name,
    ["contradiction: The field data.unique_name is gone"],
  ],
  [
    "a field deep inside that is gone",
    ({ schemas }) => delete schemas.RoomParticipant.properties.joined_at,
    [
      "contradiction: The field data.sessions[].participants[].joined_at " +
      "is gone",
    ],
  ],
  [
    "a field that is gone and not needed",
    ({ schemas }) => delete schemas.Room.properties.record_type,
    [
      "news: The field data.record_type is gone; the contract does not need it",
    ],
  ],
  [
    "another type",
    ({ schemas }) => schemas.Room.properties.max_participants = time,
    [
      "contradiction: The field data.max_participants is string now: " +
      "it was integer",
    ],
  ],
  [
    "another type of a field that is not in the pact",
    ({ schemas }) => schemas.Room.properties.record_type = { type: "integer" },
    [
      "contradiction: The field data.record_type is integer now: it was string",
    ],
  ],
  [
    "a field that may be null now",
    ({ schemas }) =>
      schemas.RoomSession.properties.active = {
        type: "boolean",
        nullable: true,
      },
    [],
  ],
  [
    "an id that may be null now",
    ({ schemas }) =>
      schemas.RoomSession.properties.id = { ...uuid, nullable: true },
    [
      "contradiction: The field data.sessions[].id may be null now, " +
      "which is refused",
    ],
  ],
  [
    "a field that may not be null any more",
    ({ schemas }) =>
      schemas.Room.properties.webhook_timeout_secs = { type: "integer" },
    [],
  ],
  [
    "a list that is gone",
    ({ schemas }) => delete schemas.Room.properties.sessions,
    ["contradiction: The field data.sessions is gone"],
  ],
  [
    "a new object",
    ({ schemas }) =>
      schemas.Room.properties.region = {
        type: "object",
        properties: { name: { type: "string" } },
      },
    ["news: The field data.region is new: object"],
  ],
  [
    "a new optional parameter",
    ({ parameters }) =>
      parameters.push({ name: "expand", in: "query", schema: time }),
    ["news: The query parameter expand is new"],
  ],
  [
    "a new required parameter",
    ({ parameters }) =>
      parameters.push(
        { name: "region", in: "query", required: true, schema: time },
        { name: "x-region", in: "header", required: true, schema: time },
      ),
    [
      "contradiction: The header x-region is required now",
      "contradiction: The query parameter region is required now",
    ],
  ],
  [
    "a parameter of another type",
    ({ parameters }) =>
      parameters[1] = {
        name: "include_sessions",
        in: "query",
        schema: { type: "integer" },
      },
    [
      "contradiction: The query parameter include_sessions is refused now: " +
      "must be integer",
    ],
  ],
  [
    "a field of the list that is gone",
    ({ schemas }) => delete schemas.PaginationMeta.properties.total_pages,
    ["contradiction: GET …/rooms: The field meta.total_pages is gone"],
  ],
  [
    "a filter of the list that is refused",
    ({ listParameters }) =>
      listParameters[9] = {
        name: "page[size]",
        in: "query",
        schema: { type: "integer", minimum: 10 },
      },
    [
      "contradiction: GET …/rooms: The query parameter page[size] is refused " +
      "now: must be >= 10",
    ],
  ],
  [
    "parameters that are gone",
    ({ parameters, listParameters }) => {
      parameters.pop();
      listParameters.splice(6, 1);
    },
    [
      "contradiction: The query parameter include_sessions is gone",
      "contradiction: GET …/rooms: The query parameter filter is gone",
    ],
  ],
  [
    "parameters of the list that are objects",
    ({ listParameters }) => {
      const schema = { type: "object", additionalProperties: true };
      const more = { in: "query", style: "deepObject", schema };
      const last = listParameters[7];
      listParameters.splice(
        0,
        10,
        { name: "filter", ...more },
        { name: "page", ...more },
        last,
      );
    },
    [
      "news: GET …/rooms: The query parameter filter is new",
      "news: GET …/rooms: The query parameter page is new",
    ],
  ],
  [
    "the list gone",
    ({ document }) => delete document.paths["/rooms"]?.get,
    ["contradiction: There is no GET …/rooms any more"],
  ],
  [
    "an excerpt with the look-up alone",
    ({ document }) => {
      const path = "/rooms/{room_id}";
      document.paths = { [path]: { get: document.paths[path]?.get } };
    },
    [],
  ],
  [
    "an excerpt with the list alone",
    ({ document }) => {
      const { get } = document.paths["/rooms"] ?? {};
      document.paths = { "/rooms": { get } };
    },
    goneAll.filter((text) => !text.includes("GET …/rooms any")),
  ],
  ["nothing left", ({ document }) => document.paths = {}, goneAll],
  [
    "another type of a field of several resources",
    ({ document }) => {
      fieldsOf(document, "/room_recordings/{id}").duration_secs = time;
      fieldsOf(document, "/room_compositions/{id}").size_mb = time;
      fieldsOf(document, "/room_participants/{id}").context = {
        type: "integer",
      };
    },
    [
      "contradiction: GET …/room_participants/{id}: The field data.context is " +
      "integer now: it was string",
      "contradiction: GET …/room_recordings/{id}: The field data.duration_secs " +
      "is string now: it was integer",
      "contradiction: GET …/room_compositions/{id}: The field data.size_mb is " +
      "string now: it was number",
    ],
  ],
  [
    "another prefix, and another name of the id in the path",
    ({ document, parameters }) => {
      document.paths["/v3/rooms/{id}"] = document.paths["/rooms/{room_id}"];
      delete document.paths["/rooms/{room_id}"];
      parameters[0] = { name: "id", in: "path", required: true, schema: uuid };
    },
    [],
  ],
  [
    "an escaped name in a $ref",
    ({ document, schemas }) => {
      const { Room } = schemas as Record<string, unknown>;
      Object.assign(document, { "a~1b": { "c/d": Room } });
      Object.assign(schemas, { Room: { $ref: "#/a~01b/c~1d" } });
    },
    [],
  ],
  [
    "a longer path with the same end",
    ({ document }) =>
      document.paths["/v2/other/rooms/{room_id}"] = { get: { responses: {} } },
    [],
  ],
  [
    "the fields in an allOf",
    ({ schemas }) => {
      const { Room } = schemas as Record<string, unknown>;
      Object.assign(schemas, { Base: Room, Room: { allOf: [ref("Base")] } });
    },
    [],
  ],
];

for (const [name, change, findings] of changes) {
  Deno.test(`drift() of ${name} finds ${findings[0] ?? "nothing"}`, async () => {
    assertEquals(await found(change), findings);
  });
}

Deno.test("drift() ends on a circular document", async () => {
  const { document, schemas } = published();
  schemas.Room.properties.parent = ref("Room");
  const findings = await drift(pact, ours, document);
  assert(!findings.some(({ weight }) => weight === "contradiction"));
});

Deno.test("drift() reports other paths as undeclared in an excerpt with the look-up alone", async () => {
  const { document } = published();
  const path = "/rooms/{room_id}";
  const paths = { [path]: document.paths[path] };
  const texts = (await drift(pact, ours, { ...document, paths }))
    .map(({ weight, text }) => `${weight}: ${text}`);
  assertEquals(texts.slice(-2), [
    "undeclared: POST …/room_compositions is not declared",
    "undeclared: DELETE …/room_compositions/{id} is not declared",
  ]);
});

Deno.test("only() returns undefined for a document without the operation", () => {
  const get = { responses: {} };
  const paths = { "/rooms/{id}": {}, "/rooms/{id}/rooms": { get } };
  for (const operation of [getRoomOperation, listRoomsOperation]) {
    assertEquals(only(operation, {}), undefined);
    assertEquals(only(operation, { paths }), undefined);
  }
  assertEquals(only(listRoomsOperation, { paths: { "/v2/rooms": { get } } }), {
    paths: { "/rooms": { get, parameters: undefined } },
  });
});

Deno.test("report() ends with whether the contract holds", () => {
  const news = { weight: "news", text: "The field data.a is new" } as const;
  assertEquals(
    report([news]),
    "News:\n  - The field data.a is new\n\nThe contract holds.\n",
  );
  assertStringIncludes(
    report([news, { weight: "contradiction", text: "It is gone" }]),
    "has moved away",
  );
});

const command = (...args: string[]) =>
  contractProgram(["contracts/check_drift.ts", ...args]);

Deno.test("contract:drift reads JSON and YAML, and exits with 0, 1 or 2", async () => {
  const dir = await Deno.makeTempDir();
  const [good, bad] = [`${dir}/good.yml`, `${dir}/bad.json`];
  const { document, schemas } = published();
  await Deno.writeTextFile(good, stringify(document));
  delete schemas.Room.properties.unique_name;
  await Deno.writeTextFile(bad, JSON.stringify(document));

  const [held, moved] = await Promise.all(
    [good, bad].map((spec) => command("--spec", spec)),
  );
  assertEquals(held?.code, 0, held?.stderr);
  assertStringIncludes(held?.stdout ?? "", "The contract holds.");
  assertEquals(moved?.code, 1, moved?.stderr);
  assertStringIncludes(
    moved?.stdout ?? "",
    "  - The field data.unique_name is gone",
  );

  await Deno.writeTextFile(bad, "<html>");
  const unread = [`${dir}/none`, bad, "http://127.0.0.1:9/spec.json"];
  const [misspelt, ...failed] = await Promise.all([
    command("--spek", good),
    ...unread.map((spec) => command("--spec", spec)),
  ]);
  for (const { code, stdout, stderr } of failed) {
    assertEquals([code, stdout], [2, ""]);
    assert(/^contract:drift: [^\n]+\n$/.test(stderr), stderr);
  }
  assertEquals(misspelt?.code, 2);
  assertStringIncludes(misspelt?.stderr ?? "", "--spec FILE|URL");
  await Deno.remove(dir, { recursive: true });
});
