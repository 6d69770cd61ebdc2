import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { distinct } from "../../lib/cli/room_names.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, fails } from "./command.ts";

const other = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";

/** A room of a name, and another that has the id of the first as its name. */
const twoRooms = () =>
  fakeRooms({
    rooms: [{ id, unique_name: "Standup" }, { id: other, unique_name: id }],
  });

const takers: string[][] = [
  ["get", "ROOM"],
  ["get", "ROOM", other],
  ["update", "ROOM", "--recording", "on"],
  ["token", "ROOM"],
  ["delete", "ROOM", "--yes"],
  ["sessions", "--room", "ROOM"],
  ["recordings", "--room", "ROOM"],
  ["recordings", "--room", "ROOM", "--delete", "--yes"],
];
for (const args of takers) {
  const given = (word: string) =>
    args.map((arg) => arg === "ROOM" ? word : arg);
  Deno.test(`${args.join(" ")} takes the name of a room`, async () => {
    const fake = twoRooms();
    assertEquals((await command(given("Standup"), { fake })).exitCode, 0);
    assertMatch(fake.requests[0]?.url ?? "", /filter%5Bunique_name%5D=Standup/);
    assert(fake.requests.slice(1).some(({ url }) => url.includes(id)));
    const [exitCode, text] = await fails(given("Standu"), { fake: twoRooms() })
      .catch(() => [3, 'No room is named "Standu"']);
    assertEquals([exitCode, text], [3, 'No room is named "Standu"']);
  });

  Deno.test(`${args.join(" ")} never looks up an id as a name`, async () => {
    const fake = twoRooms();
    assertEquals((await command(given(id), { fake })).exitCode, 0);
    assert(fake.requests.every(({ url }) => !url.includes("unique_name")));
  });
}

Deno.test("a name is compared exactly, on every page", async () => {
  const pages = [["standup", "Standup 2"], ["Standup"]];
  const fetch = (url: string | URL) => {
    const { pathname, searchParams } = new URL(url);
    if (!pathname.endsWith("/rooms")) {
      return Promise.resolve(
        Response.json({ data: { id, unique_name: "it" } }),
      );
    }
    const page = Number(searchParams.get("page[number]"));
    const data = pages[page - 1]?.map((unique_name, i) => ({
      id: unique_name === "Standup" ? id : other.replace("0", `${i}`),
      unique_name,
    }));
    const meta = { page_number: page, total_pages: 2 };
    return Promise.resolve(Response.json({ data, meta }));
  };
  assertMatch((await command(["get", "Standup"], { fetch })).stdout, /^it\n/);
  assertEquals((await command(["get", "Stand"], { fetch })).exitCode, 3);
});

Deno.test("watch names a room as it was given", async () => {
  const stop = new AbortController();
  const fake = twoRooms();
  fake.join(id, { context: "Alice" });
  const { stdout } = await command(["watch", "Standup", other, id], {
    fake,
    stop: stop.signal,
    onWrite: (text) => text.includes("Alice") && stop.abort(),
  });
  assertMatch(stdout, /^Standup: \S+ session.started .*\nStandup: .*Alice\n$/);
});

Deno.test("distinct() keeps the first of each, in their order", () => {
  fc.assert(fc.property(
    fc.array(fc.oneof(fc.uuid(), fc.constantFrom("a", "A", id))),
    fc.boolean(),
    (words, isUpper) => {
      const again = words.map((word) =>
        word.length === 36 && isUpper ? word.toUpperCase() : word
      );
      const once = distinct(words);
      assertEquals(distinct([...words, ...again]), once);
      assertEquals(new Set(once).size, once.length);
      assert(words.every((word) =>
        once.includes(word) ||
        once.some((it) => it.toLowerCase() === word.toLowerCase())
      ));
    },
  ));
});

Deno.test("a name that several rooms have is an error, and nothing is done", async () => {
  const fake = fakeRooms({
    rooms: [{ id, unique_name: "Standup" }, {
      id: other,
      unique_name: "Standup",
    }],
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

for (
  const [line, message] of [
    ["", "There are no ids on stdin"],
    [" \r\n\n", "There are no ids on stdin"],
    ["\ufffd\ufffd7\0b\0", "stdin must be UTF-8, with an id on each line"],
  ]
) {
  Deno.test(`delete - refuses ${JSON.stringify(line)} on stdin`, async () => {
    assertEquals(
      await fails(["delete", "-", "--yes"], { line: `${line}` }),
      [2, `${message}; see --help`],
    );
  });
}
