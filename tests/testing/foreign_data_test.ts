import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Room } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { ask } from "./ask.ts";

const other = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];

/** An object with fields of these names of its own, as JSON makes it. */
const odd = (more: object = {}) =>
  ({
    ...Object.fromEntries(names.map((name) => [name, { polluted: true }])),
    ...more,
  }) as object as Room;

Deno.test("fakeRooms() keeps fields that are named as those of every object", async () => {
  const participants = [odd({ id: other })];
  const sessions = [odd({ id: other, active: true, participants })];
  const fake = fakeRooms({ rooms: [odd({ id, sessions })] });
  const { body } = await ask(fake, `/rooms/${id}?include_sessions=true`);
  const [session] = body.data.sessions;
  for (const record of [body.data, session, session.participants[0]]) {
    for (const name of names) assert(Object.hasOwn(record, name), name);
    assertEquals(Object.getPrototypeOf(record), Object.prototype);
  }
  fake.changeRoom(id, odd({ max_participants: 3 }));
  assertEquals(fake.rooms[0]?.max_participants, 3);
  assert(!("polluted" in {}));
});

Deno.test("fakeRooms() ignores such names in bodies, queries, paths and headers", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const requests = [
    ["POST", "/rooms"],
    ["PATCH", `/rooms/${id}`],
    ["POST", `/rooms/${id}/actions/generate_join_client_token`],
  ] as const;
  for (const [method, path] of requests) {
    const body = JSON.stringify(odd());
    const response = await ask(fake, path, { method, body });
    assert(response.status < 300, path);
    assert(!JSON.stringify(response.body).includes("polluted"));
  }
  for (const name of names) {
    for (const query of [name, `filter[${name}]`, `page[${name}][eq]`]) {
      const { status, body } = await ask(fake, `/rooms?${query}=polluted`);
      assertEquals([status, body.data.length], [200, 2]);
    }
    assertEquals((await ask(fake, `/${name}`)).status, 404);
    assertEquals((await ask(fake, `/rooms/${name}`)).status, 400);
  }
  const headers = new Headers(
    Object.fromEntries(names.map((name) => [name, "x"])),
  );
  headers.set("authorization", "Bearer any");
  assertEquals((await ask(fake, "/rooms", { headers })).status, 200);
  assert(!("polluted" in {}));
});

Deno.test("fakeRooms() keeps what it has checked, whatever a getter says later", () => {
  let reads = 0;
  const seed = {
    id,
    get max_participants() {
      return ++reads === 1 ? 8 : "many";
    },
  };
  const fake = fakeRooms({ rooms: [seed as Room] });
  assertEquals([fake.rooms[0]?.max_participants, reads], [8, 1]);
});

const cyclic: Record<string, unknown> = { id };
cyclic.self = [cyclic];

const wrong: [name: string, seed: object, message: string][] = [
  ["contains itself", cyclic, "contains itself"],
  ["has a Map", { id, a: new Map() }, "received a Map"],
  ["has a date", { id, created_at: new Date(0) }, "received a Date"],
  ["has a BigInt", { id, a: 1n }, "received a bigint"],
  ["has a function", { id, a: () => {} }, "received a Function"],
  ["has NaN", { id, a: NaN }, "received NaN"],
];

for (const [name, seed, message] of wrong) {
  Deno.test(`fakeRooms() refuses a room that ${name}`, () => {
    const room = seed as Room;
    const fake = fakeRooms({ rooms: [{ id: other }] });
    assertThrows(() => fakeRooms({ rooms: [room] }), TypeError, message);
    assertThrows(() => fake.addRoom(room), TypeError, message);
    const { id: _, ...changes } = room;
    assertThrows(() => fake.changeRoom(other, changes), TypeError, message);
    assertEquals(fake.rooms.length, 1);
  });
}
