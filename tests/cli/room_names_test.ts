import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { distinct } from "../../lib/cli/room_names.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, fails, missing as other } from "./command.ts";

/** A room of a name, and another that has the id of the first as its name. */
const twoRooms = () =>
  fakeRooms({
    rooms: [{ id, unique_name: "Standup" }, { id: other, unique_name: id }],
  });

const takers = [
  "get ROOM",
  `get ROOM ${other}`,
  "update ROOM --recording on",
  "token ROOM",
  "delete ROOM --yes",
  "sessions --room ROOM",
  "recordings --room ROOM",
  "recordings --room ROOM --delete --yes",
];
for (const taker of takers) {
  Deno.test(`${taker} takes the name of a room, and never looks up an id as a name`, async () => {
    const run = (word: string) =>
      command(taker.replace("ROOM", word).split(" "), { fake: twoRooms() });
    const named = await run("Standup");
    assertEquals(named.exitCode, 0);
    const [lookUp, ...requests] = named.requests.map(({ url }) => url);
    assertMatch(`${lookUp}`, /filter%5Bunique_name%5D=Standup/);
    assert(requests.some((url) => url.includes(id)));
    const { exitCode, stderr } = await run("Standu");
    assertEquals(exitCode, 3);
    assertMatch(stderr, /No room is named "Standu"\n$/);

    const byId = await run(id);
    assertEquals(byId.exitCode, 0);
    assert(byId.requests.every(({ url }) => !url.includes("unique_name")));
  });
}

Deno.test("a name is compared exactly, on every page", async () => {
  const pages = [["standup", "Standup 2"], ["Standup"]];
  const fetch = (url: string | URL) => {
    const { pathname, searchParams } = new URL(url);
    const page = Number(searchParams.get("page[number]"));
    const data = pages[page - 1]?.map((unique_name, i) => ({
      id: unique_name === "Standup" ? id : other.replace("0", `${i}`),
      unique_name,
    }));
    const meta = { page_number: page, total_pages: 2 };
    const body = pathname.endsWith("/rooms")
      ? { data, meta }
      : { data: { id, unique_name: "it" } };
    return Promise.resolve(Response.json(body));
  };
  assertMatch((await command(["get", "Standup"], { fetch })).stdout, /^it\n/);
  assertEquals((await command(["get", "Stand"], { fetch })).exitCode, 3);
});

Deno.test("distinct() keeps the first of each, in their order", () => {
  const word = fc.oneof(fc.uuid(), fc.constantFrom("a", "A", id));
  fc.assert(fc.property(fc.array(word), fc.boolean(), (words, isUpper) => {
    const again = words.map((word) =>
      word.length === 36 && isUpper ? word.toUpperCase() : word
    );
    const once = distinct(words);
    assertEquals(distinct([...words, ...again]), once);
    assertEquals(once, [...new Set(words)]);
  }));
});

Deno.test("a name that several rooms have is an error, and nothing is done", async () => {
  const fake = fakeRooms({
    rooms: [id, other].map((id) => ({ id, unique_name: "Standup" })),
  });
  assertEquals(await fails(["delete", "Standup", "--yes"], { fake }), [
    2,
    'Several rooms are named "Standup": give the id of one; see --help',
  ]);
  assertEquals(fake.rooms.length, 2);
});

Deno.test("delete takes a room that is given by its name and its id once", async () => {
  const fake = twoRooms();
  const args = ["delete", "Standup", id, "--yes"];
  const { exitCode, stderr } = await command(args, { fake });
  assertEquals([exitCode, stderr], [0, ""]);
  assertEquals(fake.rooms.map((room) => room.id), [other]);
});
