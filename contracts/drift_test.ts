import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "npm:yaml@^2.9.1";
import { contractProgram } from "../tests/support/child.ts";
import { drift, operations, report } from "./drift.ts";
import ours from "./telnyx_rooms.openapi.json" with { type: "json" };
import pact from "./videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};

type Published = ReturnType<typeof copy>;
type Json = Record<string, unknown>;

/** Our own description, in place of the provider's. */
function copy() {
  const document = structuredClone(ours);
  const schemas: Record<string, { properties: Json }> = Object.fromEntries(
    Object.entries(document.components.schemas)
      .flatMap(([name, schema]) =>
        "properties" in schema ? [[name, schema]] : []
      ),
  );
  const paths: Record<string, Json> = document.paths;
  return { document, schemas, paths };
}

const change = (make: (published: Published) => void) => {
  const published = copy();
  make(published);
  return published.document;
};

const lookUp = "/rooms/{id}";
const [text, number] = [{ type: "string" }, { type: "integer" }];
const field = (schema: string, name: string, value?: unknown) => {
  return ({ schemas }: Published) => {
    const { properties } = schemas[schema] ?? { properties: {} };
    if (value) properties[name] = value;
    else delete properties[name];
  };
};
const parameter = (path: string, name: string, value?: Json) => {
  return ({ paths, document }: Published) => {
    const get = paths[path]?.get as {
      parameters: (Json & { $ref?: string })[];
    };
    const names: Record<string, { name: string }> =
      document.components.parameters;
    get.parameters = get.parameters.filter(({ $ref = "" }) =>
      names[$ref.split("/").at(-1) ?? ""]?.name !== name
    );
    if (value) get.parameters.push({ in: "query", name, ...value });
  };
};
const move = (from: string, to: string) => ({ paths }: Published) => {
  Object.assign(paths, { [to]: paths[from] });
  delete paths[from];
};

/** Changes, and the finding of the look-up or list of rooms. */
const changes: [
  what: string,
  make: (published: Published) => void,
  finding: string | undefined,
][] = [
  ["nothing", () => {}, undefined],
  [
    "a field that is gone",
    field("Room", "unique_name"),
    "contradiction: response.body.data.unique_name is gone",
  ],
  [
    "a field deep inside that is gone",
    field("RoomParticipant", "joined_at"),
    "contradiction: response.body.data.sessions[].participants[].joined_at is gone",
  ],
  [
    "a field that is gone and not needed",
    field("Room", "record_type"),
    "news: response.body.data.record_type is gone",
  ],
  [
    "another type",
    field("Room", "max_participants", text),
    "contradiction: response.body.data.max_participants must be string",
  ],
  [
    "another type of a field that is not in the pact",
    field("Room", "record_type", number),
    "contradiction: response.body.data.record_type is integer now: it was string",
  ],
  [
    "an id that may be null",
    field("RoomSession", "id", { type: ["string", "null"] }),
    "contradiction: response.body.data.sessions[].id may be null now, which is refused",
  ],
  [
    "an id that may be null, in OpenAPI 3.0",
    field("RoomSession", "id", { ...text, nullable: true }),
    "contradiction: response.body.data.sessions[].id may be null now, which is refused",
  ],
  [
    "filters that are one object",
    ({ paths }) => {
      const schema = { type: "object", additionalProperties: true };
      const more = { in: "query", style: "deepObject", schema };
      const get = paths["/rooms"]?.get as { parameters: unknown[] };
      get.parameters = ["filter", "page", "include_sessions"]
        .map((name) =>
          name.includes("_") ? { in: "query", name } : { name, ...more }
        );
    },
    "news: request.query.filter is new",
  ],
  [
    "an escaped name in a $ref",
    ({ document }) => {
      const { schemas } = document.components;
      Object.assign(document, { "a~1b": { "c/d": schemas.Room } });
      Object.assign(schemas, { Room: { $ref: "#/a~01b/c~1d" } });
    },
    undefined,
  ],
  [
    "a null that is not declared",
    field("Room", "unique_name", text),
    "undeclared: response.body.data.unique_name must be string",
  ],
  [
    "a format that is not the example's",
    field("Room", "unique_name", { type: ["string", "null"], format: "uuid" }),
    'undeclared: response.body.data.unique_name must match format "uuid"',
  ],
  [
    "a new field",
    field("Room", "region", text),
    "news: response.body.data.region is new: string",
  ],
  [
    "a circular field",
    field("Room", "parent", { $ref: "#/components/schemas/Room" }),
    "news: response.body.data.parent is new: object",
  ],
  [
    "a new optional parameter",
    parameter(lookUp, "expand", { schema: text }),
    "news: request.query.expand is new",
  ],
  [
    "a new required parameter",
    parameter(lookUp, "region", { required: true, schema: text }),
    "contradiction: request.query.region must be string",
  ],
  [
    "a new required header",
    parameter(lookUp, "x-region", {
      in: "header",
      required: true,
      schema: text,
    }),
    "contradiction: request.headers.x-region must have required property 'x-region'",
  ],
  [
    "a parameter of another type",
    parameter(lookUp, "include_sessions", { schema: number }),
    "contradiction: request.query.include_sessions must be integer",
  ],
  [
    "a parameter that is gone",
    parameter(lookUp, "include_sessions"),
    "contradiction: request.query.include_sessions Query parameter is not defined in the spec file: include_sessions",
  ],
  [
    "a page size that is refused",
    parameter("/rooms", "page[size]", { schema: { ...number, minimum: 10 } }),
    "contradiction: request.query.page[size] must be >= 10",
  ],
  [
    "a status that is not declared",
    ({ paths }) =>
      delete (paths[lookUp]?.get as { responses: Json }).responses["4XX"],
    "undeclared: response.status Response status code not defined in spec file: 404",
  ],
  [
    "an operation that is gone",
    ({ paths }) => delete paths[lookUp]?.get,
    "contradiction: path is not there",
  ],
  [
    "another prefix and another id",
    move(lookUp, "/v3/rooms/{room}"),
    undefined,
  ],
  [
    "a longer path with the same end",
    ({ paths }) =>
      Object.assign(paths, {
        "/v2/other/rooms/{id}": { get: { responses: {} } },
      }),
    undefined,
  ],
  [
    "the fields in an allOf",
    ({ document: { components: { schemas } } }) =>
      Object.assign(schemas, {
        Base: schemas.Room,
        Room: { allOf: [{ $ref: "#/components/schemas/Base" }] },
      }),
    undefined,
  ],
];
for (const [what, make, expected] of changes) {
  Deno.test(`drift() of ${what} finds ${expected ?? "nothing"}`, async () => {
    const found = (await drift(pact, ours, change(make)))
      .map(({ weight, part, text }) => `${weight}: ${part} ${text}`);
    if (expected === undefined) assertEquals(found, []);
    else assert(found.includes(expected), found.join("\n"));
    const weights = expected?.startsWith("contradiction")
      ? []
      : found.filter((text) => text.startsWith("contradiction"));
    assertEquals(weights, []);
  });
}

Deno.test("drift() of an empty document misses every operation, of an excerpt with the look-up none", async () => {
  const empty = { ...ours, paths: {} };
  const excerpt = {
    ...ours,
    paths: { [lookUp]: { get: ours.paths[lookUp].get } },
  };
  const weights = async (document: Json) =>
    (await drift(pact, ours, document)).map(({ weight }) => weight);
  assertEquals(await weights(empty), operations.map(() => "contradiction"));
  assertEquals(
    await weights(excerpt),
    operations.slice(1).map(() => "undeclared"),
  );
});

Deno.test("report() says each difference once, with its operations, and a verdict", async () => {
  const findings = await drift(pact, ours, change(field("Room", "a", text)));
  const heading =
    "News:\n  - response.body.data.a is new: string\n    (GET /rooms/{id}, POST /rooms,";
  assertStringIncludes(report(findings), heading);
  assertStringIncludes(report(findings), "The contract holds.\n");
  const moved = await drift(pact, ours, change(field("Room", "unique_name")));
  assertStringIncludes(report(moved), "has moved away");
});

const command = (...args: string[]) =>
  contractProgram(["contracts/check_drift.ts", ...args]);

Deno.test("contract:drift reads JSON and YAML, and exits with 0, 1 or 2", async () => {
  const dir = await Deno.makeTempDir();
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${dir}/${name}`, text);
  await write("good.yml", stringify(ours));
  await write("bad.json", JSON.stringify(change(field("Room", "unique_name"))));
  await write("page.json", "<html>");
  const run = (spec: string) => command("--spec", spec);
  const [held, moved, misspelt, ...unread] = await Promise.all([
    run(`${dir}/good.yml`),
    run(`${dir}/bad.json`),
    command("--spek", dir),
    ...[`${dir}/none`, `${dir}/page.json`, "http://127.0.0.1:9/spec.json"]
      .map(run),
  ]);
  assertEquals([held.code, moved.code, misspelt.code], [0, 1, 2]);
  assertStringIncludes(held.stdout, "The contract holds.");
  assertStringIncludes(
    moved.stdout,
    "  - response.body.data.unique_name is gone",
  );
  assertStringIncludes(misspelt.stderr, "--spec FILE|URL");
  for (const { code, stdout, stderr } of unread) {
    assertEquals([code, stdout], [2, ""]);
    assert(/^contract:drift: [^\n]+\n$/.test(stderr), stderr);
  }
  await Deno.remove(dir, { recursive: true });
});
