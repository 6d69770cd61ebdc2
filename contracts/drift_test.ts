import { assert, assertEquals, assertMatch } from "@std/assert";
import { stringify } from "npm:yaml@^2.9.1";
import { deno } from "../tests/support/child.ts";
import { description, type Json } from "../tests/support/described.ts";
import { withServer } from "../tests/support/server.ts";
import { check, drift } from "./drift.ts";

const text = { type: "string" };
const count = { type: "integer", nullable: true };
const orNull = { type: ["string", "null"], format: "uuid" };
const ten = { type: "integer", minimum: 10 };
const tens = { type: "array", items: ten };
const more = { in: "query", name: "more", schema: text };
const needed = { ...more, name: "needed", required: true };
const header = { ...needed, in: "header" };
const pageSize = { in: "query", name: "page[size]", schema: ten };
const parent = { $ref: "#/components/schemas/RoomSession" };
const session = (old: Json) => ({
  ...old,
  properties: { ...old.properties as Json, id: orNull, region: text, parent },
});

/** The description with other values; without those that become undefined. */
const changed = (change: (key: string, value: unknown) => unknown): Json =>
  JSON.parse(JSON.stringify(description, change));

/** What is found if the value of a key in the document is another, or is gone. */
const moves: [weight: string, words: string, key: string, value?: unknown][] = [
  ["contradiction", ".participants[]: ", "joined_at"],
  ["contradiction", "response.body.data: ", "joined_at"],
  ["news", ".joined_at is gone", "joined_at"],
  ["contradiction", ".max_participants: ", "max_participants", text],
  // It is not in the pact
  ["contradiction", ".record_type: ", "record_type", ten],
  ["contradiction", ".video_codecs[]: ", "video_codecs", tens],
  // What is an integer is a number
  ["contradiction", ".size_mb: Response", "size_mb", ten],
  ["contradiction", ".id: must not be null", "RoomSession", session],
  ["contradiction", ".total_pages: must not be null", "total_pages", count],
  ["news", ".region is new", "RoomSession", session],
  ["news", ".parent is new", "RoomSession", session],
  ["contradiction", "query.include_sessions: ", "IncludeSessions", more],
  ["news", "query.include_sessions is gone", "IncludeSessions", more],
  ["news", "query.more is new", "IncludeSessions", more],
  ["contradiction", "query.needed: ", "LeftTo", needed],
  ["contradiction", "headers.needed: ", "LeftFrom", header],
  ["news", ".needed is new", "LeftTo", needed],
  ["news", "[date_left_at]", "LeftTo", needed],
  ["contradiction", "query.page[size]: ", "PageSize", pageSize],
  ["contradiction", "request.path: ", "delete"],
  ["left open", ".unique_name: ", "unique_name", text],
  ["left open", ".download_url: ", "download_url", orNull],
  ["left open", "response.status: ", "4XX"],
];

Deno.test("drift() finds what has changed in the document, and nothing else", async () => {
  const document = changed((key, value) => {
    const [move] = moves.filter(([, , changed]) => changed === key);
    if (!move) return value;
    const [, , , other] = move;
    return typeof other === "function" ? other(value) : other;
  });
  const found = await drift(document);
  const isOf = (line: string) => ([weight, words]: typeof moves[number]) =>
    line.startsWith(`${weight}: `) && line.includes(words);
  for (const move of moves) {
    assert(found.some(([line]) => isOf(line)(move)), JSON.stringify(move));
  }
  assertEquals(found.filter(([line]) => !moves.some(isOf(line))), []);
});

Deno.test("drift() finds nothing if prefix, names of ids or the place of schemas differ", async () => {
  const text = JSON.stringify(description)
    .replaceAll('"/room', '"/v3/room')
    .replaceAll("{id}", "{any}").replaceAll('"name":"id"', '"name":"any"')
    .replaceAll('"#/components/schemas/Room"', '"#/a~0b/c~1d"');
  const base = { $ref: "#/components/schemas/Room" };
  const moved = {
    "a~b": { "c/d": { anyOf: [{ allOf: [base] }] } },
    ...JSON.parse(text),
  };
  // Another path with the same end
  moved.paths["/v4/rooms/{id}"] = { get: { responses: {} } };
  assertEquals(await drift(moved), []);
});

Deno.test("drift() finds no contradiction if all filters are one option", async () => {
  const option = {
    in: "query",
    style: "deepObject",
    schema: { type: "object" },
  };
  const found = await drift(changed((_, value) => {
    const parameter = value as { name?: string } | null;
    const [, name] = /^(\w+)\[/.exec(`${parameter?.name}`) ?? [];
    return name === undefined ? value : { ...option, name };
  }));
  const lines = found.map(([line]) => line);
  assert(lines.includes("news: request.query.filter is new"), lines.join("\n"));
  assert(lines.every((line) => line.startsWith("news: ")), lines.join("\n"));
});

Deno.test("deno task contract:drift reads JSON, YAML and the network, and exits with 0, 1 or 2", async () => {
  const moved = changed((key, value) =>
    key === "unique_name" ? undefined : value
  );
  const { code, stdout, stderr } = await withServer(
    () => Response.json(moved),
    (url) => {
      // A name that no list of --allow-net has
      const spec = url.replace("127.0.0.1", "localhost");
      return deno(["task", "--quiet", "contract:drift", "--spec", spec]);
    },
  );
  assertEquals([code, stderr], [1, ""]);
  assertMatch(stdout, /^news: .*\.unique_name is gone\n[^]*has moved away/m);
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, stringify(description));
  const [holds, text] = await check(["--spec", file]);
  assertEquals(holds, 0);
  assertMatch(text, /\nThe contract holds\.$/);
  await Deno.writeTextFile(file, "<html>");
  const gone = await withServer(
    () => new Response("404: Not Found", { status: 404 }),
    (url) => check(["--spec", url]),
  );
  assertMatch(gone[1], /: HTTP 404$/);
  const refused = [file, `${file}/none`, "http://127.0.0.1:9/"]
    .map((spec) => check(["--spec", spec]));
  for (const [code, text] of [gone, ...await Promise.all(refused)]) {
    assertEquals(code, 2);
    assertMatch(text, /^contract:drift \[--spec FILE\|URL\]: cannot .+$/);
  }
  assertEquals((await check(["--spek"]))[0], 2);
  await Deno.remove(file);
});
