import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "npm:yaml@^2.9.1";
import { contractProgram } from "../tests/support/child.ts";
import { operations } from "../tests/support/described.ts";
import { resolve } from "../tests/support/pointer.ts";
import { drift, report, type Weight } from "./drift.ts";
import ours from "./telnyx_rooms.openapi.json" with { type: "json" };
import pact from "./videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};

type Json = Record<string, unknown>;

/** Changes a copy of a document: what is at JSON Pointers; undefined deletes. */
function changed<T extends Json>(document: T, changes: Json): T {
  const copy = structuredClone(document);
  for (const [pointer, value] of Object.entries(changes)) {
    const at = pointer.lastIndexOf("/");
    const holder = resolve(copy, pointer.slice(0, at)) as Json;
    const key = pointer.slice(at + 1).replaceAll("~1", "/").replaceAll(
      "~0",
      "~",
    );
    if (value === undefined) delete holder[key];
    else holder[key] = value;
  }
  return copy;
}

const [text, integer] = [{ type: "string" }, { type: "integer" }];
const orNull = { type: ["string", "null"] };
const schemas = "/components/schemas";
const room = `${schemas}/Room/properties`;
const session = `${schemas}/RoomSession/properties`;
const person = `${schemas}/RoomParticipant/properties`;
const look = "/paths/~1rooms~1{id}/get";
const firstOption = `${look}/parameters/0`;
const secondOption = `${look}/parameters/1`;
const include = { in: "query", name: "include_sessions" };
const more = { in: "query", name: "more", schema: text };
const deep = { in: "query", style: "deepObject", schema: { type: "object" } };
const pageSize = { in: "query", name: "page[size]" };
const fromTen = { ...integer, minimum: 10 };

/** The part of the pact that is about looking rooms up: the rest takes long. */
const looks = {
  ...pact,
  interactions: pact.interactions.filter(({ request: { method, path } }) =>
    method === "GET" && path.startsWith("/rooms")
  ),
};

/** What may be found, and what the published document has come to. */
const moves: [weight: Weight, part: string, changes: Json][] = [
  [
    "contradiction",
    "response.body.data.sessions[].participants[].joined_at",
    { [`${person}/joined_at`]: undefined },
  ],
  ["contradiction", "response.body.data.max_participants", {
    [`${room}/max_participants`]: text,
  }],
  // It is not in the pact
  ["contradiction", "response.body.data.record_type", {
    [`${room}/record_type`]: integer,
  }],
  ["contradiction", "response.body.data.sessions[].id", {
    [`${session}/id`]: orNull,
  }],
  ["contradiction", "response.body.data.active_session_id", {
    [`${room}/active_session_id`]: { type: "boolean", nullable: true },
  }],
  ["contradiction", "request.query.more", {
    [secondOption]: { ...more, required: true },
  }],
  ["contradiction", "request.headers.more", {
    [secondOption]: { ...more, in: "header", required: true },
  }],
  ["contradiction", "request.query.include_sessions", { [firstOption]: more }],
  ["contradiction", "request.query.page[size]", {
    "/paths/~1rooms/get/parameters/9": { ...pageSize, schema: fromTen },
  }],
  ["contradiction", "path", { [look]: undefined }],
  ["undeclared", "response.body.data.unique_name", {
    [`${room}/unique_name`]: text,
  }],
  ["undeclared", "response.body.data.unique_name", {
    [`${room}/unique_name`]: { ...orNull, format: "uuid" },
  }],
  ["undeclared", "response.status", { [`${look}/responses/4XX`]: undefined }],
  ["news", "response.body.data.record_type", {
    [`${room}/record_type`]: undefined,
  }],
  ["news", "response.body.data.region", { [`${room}/region`]: text }],
  ["news", "response.body.data.parent", {
    [`${room}/parent`]: { $ref: "#/components/schemas/Room" },
  }],
  ["news", "request.query.more", { [secondOption]: more }],
  // The filters are in one option
  ["news", "request.query.filter", {
    "/paths/~1rooms/get/parameters": [
      ...["filter", "page"].map((name) => ({ ...deep, name })),
      include,
    ],
  }],
];
for (const [weight, part, changes] of moves) {
  const change = JSON.stringify(changes, (_, value) => value ?? null);
  Deno.test(`drift() finds that ${part} is ${weight} for ${change}`, async () => {
    const found = await drift(looks, ours, changed(ours, changes));
    const weights = found.filter((one) => one.part === part)
      .map(({ weight }) => weight);
    assert(weights.includes(weight), JSON.stringify(found));
    if (weight === "contradiction") return;
    assert(!found.some(({ weight }) => weight === "contradiction"));
  });
}

/** What the published document may differ in. */
const equivalent: Record<string, Json> = {
  "nothing": {},
  "its prefix and the names of its ids": {
    "/paths": Object.fromEntries(
      Object.entries(ours.paths).map(([path, item]) => [
        `/v3${path.replace("{id}", "{any}")}`,
        item,
      ]),
    ),
  },
  "a longer path with the same end": {
    "/paths/~1v2~1other~1rooms~1{id}": { get: { responses: {} } },
  },
  "the place of its schemas": {
    "/a~01b": { "c/d": ours.components.schemas.Room },
    [`${schemas}/Base`]: { $ref: "#/a~01b/c~1d" },
    [`${schemas}/Room`]: { allOf: [{ $ref: "#/components/schemas/Base" }] },
  },
};
for (const [what, changes] of Object.entries(equivalent)) {
  Deno.test(`drift() finds nothing if ${what} differs`, async () => {
    assertEquals(await drift(pact, ours, changed(ours, changes)), []);
  });
}

Deno.test("drift() of an empty document misses every operation, of an excerpt with the look-up none", async () => {
  const weights = async (paths: Json) =>
    (await drift(pact, ours, { ...ours, paths })).map(({ weight }) => weight);
  const { get } = ours.paths["/rooms/{id}"];
  const missing = Array(operations.size).fill("contradiction");
  assertEquals(await weights({}), missing);
  const left = Array(operations.size - 1).fill("undeclared");
  assertEquals(await weights({ "/rooms/{id}": { get } }), left);
});

/** The part of the pact that is changed. */
const few = {
  ...pact,
  interactions: pact.interactions.filter(({ request, response }) =>
    request.path.startsWith("/rooms") && response.status < 400
  ),
};

/** The pointer to the first interaction with this description. */
const interaction = (name: string) => {
  const found = few.interactions.findIndex(({ description }) =>
    description === name
  );
  return `/interactions/${found}`;
};
const looked = interaction("a request for the room with its sessions");
const created = interaction("a request to create a room with that name");
const deleted = interaction("a request to delete the room");
const answer = `${looked}/response/body/content/data`;

/** What contradicts our description, and what the pact has come to. */
const contradictions: [part: string, changes: Json][] = [
  ["request.query.all", { [`${looked}/request/query`]: { all: ["true"] } }],
  ["request.query.include_sessions", {
    [`${looked}/request/query`]: { include_sessions: ["maybe"] },
  }],
  ["response.status", { [`${looked}/response/status`]: 202 }],
  ["response.body.data.max_participants", {
    [`${answer}/max_participants`]: "8",
  }],
  ["response.body.data.shade", { [`${answer}/shade`]: "blue" }],
  ["request.body.max_participants", {
    [`${created}/request/body/content/max_participants`]: "8",
  }],
  ["request.body", { [`${created}/request/body`]: undefined }],
  ["request.body", {
    [`${deleted}/request/body`]: { content: {}, contentType: "x/json" },
  }],
];
for (const [part, changes] of contradictions) {
  const change = JSON.stringify(changes, (_, value) => value ?? null);
  Deno.test(`drift() finds ${part} in a pact with ${change}`, async () => {
    const found = await drift(changed(few, changes), ours, ours);
    assertEquals(found.map(({ part }) => part), [part]);
    assert(found.every(({ weight }) => weight !== "news"));
  });
}

Deno.test("report() says each difference once, with its operations, and a verdict", async () => {
  const added = { [`${room}/a`]: text };
  const held = report(await drift(looks, ours, changed(ours, added)));
  const line = "News:\n  - response.body.data.a is new\n    (POST /rooms, ";
  assertStringIncludes(held, line);
  assertStringIncludes(held, "The contract holds.\n");
});

Deno.test("contract:drift reads JSON and YAML, and exits with 0, 1 or 2", async () => {
  const dir = await Deno.makeTempDir();
  const gone = changed(ours, { [`${room}/unique_name`]: undefined });
  await Deno.writeTextFile(`${dir}/good.yml`, stringify(ours));
  await Deno.writeTextFile(`${dir}/bad.json`, JSON.stringify(gone));
  await Deno.writeTextFile(`${dir}/page.json`, "<html>");
  const command = (...args: string[]) =>
    contractProgram(["contracts/check_drift.ts", ...args]);
  const [held, moved, misspelt, ...unread] = await Promise.all([
    command("--spec", `${dir}/good.yml`),
    command("--spec", `${dir}/bad.json`),
    command("--spek", dir),
    command("--spec", `${dir}/none`),
    command("--spec", `${dir}/page.json`),
    command("--spec", "http://127.0.0.1:9/spec.json"),
  ]);
  assertEquals([held.code, moved.code, misspelt.code], [0, 1, 2]);
  assertStringIncludes(held.stdout, "The contract holds.");
  assertStringIncludes(
    moved.stdout,
    "- response.body.data.unique_name is gone",
  );
  assertStringIncludes(moved.stdout, "The provider has moved away");
  assertStringIncludes(misspelt.stderr, "--spec FILE|URL");
  for (const { code, stdout, stderr } of unread) {
    assertEquals([code, stdout], [2, ""]);
    assert(/^contract:drift: [^\n]+\n$/.test(stderr), stderr);
  }
  await Deno.remove(dir, { recursive: true });
});
