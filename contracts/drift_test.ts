import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "npm:yaml@^2.9.1";
import { deno } from "../tests/support/child.ts";
import { type Json, operations } from "../tests/support/described.ts";
import { resolve } from "../tests/support/pointer.ts";
import { withServer } from "../tests/support/server.ts";
import { drift, type Finding, report } from "./drift.ts";
import ours from "./telnyx_rooms.openapi.json" with { type: "json" };
import pact from "./videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};

/** A change of a document: what is at a JSON Pointer; it is deleted if undefined. */
type Change = [pointer: string, value?: unknown];

/** A copy of a document with changes. */
function changed<T extends Json>(document: T, ...changes: Change[]): T {
  const copy = structuredClone(document);
  for (const [pointer, value] of changes) {
    const slash = pointer.lastIndexOf("/");
    const holder = resolve(copy, pointer.slice(0, slash)) as Json;
    const key = pointer.slice(slash + 1)
      .replaceAll("~1", "/").replaceAll("~0", "~");
    if (value === undefined) delete holder[key];
    else holder[key] = value;
  }
  return copy;
}

/** The part of the pact that is about rooms: the rest takes long. */
const rooms = {
  ...pact,
  interactions: pact.interactions.filter(({ request, response }) =>
    request.path.startsWith("/rooms") &&
    (request.method === "GET" || response.status < 400)
  ),
};

/** The pointer to the first interaction with this description. */
const interaction = (of: string) =>
  `/interactions/${
    rooms.interactions.findIndex(({ description }) => description === of)
  }`;
const looked = interaction("a request for the room with its sessions");
const deleted = interaction("a request to delete the room");

const text = { type: "string" };
const orNull = { type: ["string", "null"] };
const flag = { type: "boolean", nullable: true };
const [room, session, person] = ["Room", "RoomSession", "RoomParticipant"]
  .map((name) => `/components/schemas/${name}/properties`);
const circular = { $ref: "#/components/schemas/Room" };
const look = "/paths/~1rooms~1{id}/get";
const [first, second] = [`${look}/parameters/0`, `${look}/parameters/1`];
const list = "/paths/~1rooms/get/parameters";
const more = { in: "query", name: "more", schema: text };
const header = { ...more, in: "header", required: true };
const ten = { type: "integer", minimum: 10 };
const fromTen = { in: "query", name: "page[size]", schema: ten };
const deep = { in: "query", style: "deepObject", schema: { type: "object" } };

/** What may be found, and what the document or the pact has come to. */
const moves: [Finding["weight"], words: string, ...Change][] = [
  ["contradiction", "sessions[].participants[]: ", `${person}/joined_at`],
  ["contradiction", ".max_participants: ", `${room}/max_participants`, text],
  // It is not in the pact
  ["contradiction", ".record_type: ", `${room}/record_type`, ten],
  ["contradiction", ".sessions[].id: ", `${session}/id`, orNull],
  ["contradiction", "active_session_id", `${room}/active_session_id`, flag],
  ["contradiction", "query.more: ", second, { ...more, required: true }],
  ["contradiction", "headers.more: ", second, header],
  ["contradiction", "query.include_sessions: ", first, more],
  ["contradiction", "query.page[size]: ", `${list}/9`, fromTen],
  ["contradiction", "request.path: ", look],
  ["contradiction", "query.all: ", `${looked}/request/query`, { all: ["a"] }],
  ["contradiction", "request.body: ", `${deleted}/request/body`, {
    content: {},
    contentType: "x/json",
  }],
  ["undeclared", ".unique_name: ", `${room}/unique_name`, text],
  ["undeclared", ".unique_name: ", `${room}/unique_name`, {
    ...orNull,
    format: "uuid",
  }],
  ["undeclared", "response.status: ", `${look}/responses/4XX`],
  ["undeclared", "response.status: ", `${looked}/response/status`, 202],
  ["news", "response.body.data.record_type is gone", `${room}/record_type`],
  ["news", "response.body.data.region is new", `${room}/region`, text],
  ["news", "response.body.data.parent is new", `${room}/parent`, circular],
  ["news", "request.query.more is new", second, more],
  // The filters are in one option
  ["news", "request.query.filter is new", list, [
    { ...deep, name: "filter" },
    { ...deep, name: "page" },
    { ...more, name: "include_sessions" },
  ]],
];
for (const [weight, words, ...change] of moves) {
  const [pointer, value = null] = change;
  Deno.test(`drift() finds the ${weight} '${words}' if ${pointer} is ${JSON.stringify(value)}`, async () => {
    const found = pointer.startsWith("/interactions")
      ? await drift(changed(rooms, change), ours, ours)
      : await drift(rooms, ours, changed(ours, change));
    const weights = found.filter((one) => one.text.includes(words))
      .map(({ weight }) => weight);
    assert(weights.includes(weight), JSON.stringify(found));
    if (weight === "contradiction") return;
    assert(!found.some(({ weight }) => weight === "contradiction"));
  });
}

Deno.test("drift() finds nothing if prefix, names of ids or the place of schemas differ", async () => {
  const paths = Object.entries(ours.paths)
    .map(([path, item]) => [`/v3${path.replace("{id}", "{any}")}`, item]);
  const same = changed(
    ours,
    ["/paths", Object.fromEntries(paths)],
    // A longer path with the same end
    ["/paths/~1v2~1other~1rooms~1{id}", { get: { responses: {} } }],
    ["/a~01b", { "c/d": ours.components.schemas.Room }],
    ["/components/schemas/Base", { $ref: "#/a~01b/c~1d" }],
    ["/components/schemas/Room/allOf", [{
      $ref: "#/components/schemas/Base",
    }]],
    ["/components/schemas/Room/properties"],
    ["/components/schemas/Room/required"],
  );
  assertEquals(await drift(pact, ours, same), []);
});

Deno.test("drift() of an empty document misses every operation, of an excerpt with the look-up none", async () => {
  const weights = async (paths: Json) =>
    (await drift(pact, ours, { ...ours, paths })).map(({ weight }) => weight);
  const { get } = ours.paths["/rooms/{id}"];
  const missing = Array(operations.size).fill("contradiction");
  assertEquals(await weights({}), missing);
  const left = Array(operations.size - 1).fill("undeclared");
  assertEquals(await weights({ "/rooms/{id}": { get } }), left);
});

Deno.test("report() says each difference once, with its operations, and a verdict", async () => {
  const findings = await drift(rooms, ours, changed(ours, [`${room}/a`, text]));
  const line = "News:\n  - response.body.data.a is new\n    (POST /rooms, ";
  assertStringIncludes(report(findings), line);
  assertStringIncludes(report(findings), "The contract holds.\n");
});

Deno.test("deno task contract:drift reads JSON, YAML and the network, and exits with 0, 1 or 2", () =>
  withServer(() => Response.json(ours), async (url) => {
    const dir = await Deno.makeTempDir();
    const gone = changed(ours, [`${room}/unique_name`]);
    await Deno.writeTextFile(`${dir}/good.yml`, stringify(ours));
    await Deno.writeTextFile(`${dir}/bad.json`, JSON.stringify(gone));
    await Deno.writeTextFile(`${dir}/page.json`, "<html>");
    const command = (spec: string, option = "--spec") =>
      deno(["task", "--quiet", "contract:drift", option, spec], {
        NO_COLOR: "1",
      });
    const [read, asked, moved, ...failed] = await Promise.all([
      command(`${dir}/good.yml`),
      // A name that no list of --allow-net has
      command(`${url.replace("127.0.0.1", "localhost")}/spec.json`),
      command(`${dir}/bad.json`),
      command(dir, "--spek"),
      command(`${dir}/none`),
      command(`${dir}/page.json`),
      command("http://127.0.0.1:9/spec.json"),
    ]);
    for (const { code, stdout, stderr } of [read, asked]) {
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "The contract holds.");
    }
    assertEquals(moved.code, 1);
    assertStringIncludes(
      moved.stdout,
      "- response.body.data.unique_name is gone",
    );
    assertStringIncludes(moved.stdout, "The provider has moved away");
    for (const { code, stdout, stderr } of failed) {
      assertEquals([code, stdout], [2, ""]);
      assert(/^contract:drift \[--spec FILE\|URL\]: [^\n]+\n$/.test(stderr));
    }
    await Deno.remove(dir, { recursive: true });
  }));
