import "../support/pure.ts";
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  checkName,
  checkSpelling,
  distance,
  nearest,
} from "../../lib/core/known_names.ts";
import { InvalidArgumentError } from "../../mod.ts";

const known = [
  "roomId",
  "sessionId",
  "startedAt",
  "durationSecs",
  "includeSessions",
  "timeoutMs",
  "retry",
];

/** Names as users write them, by the name that they mean. */
const misspelt: Record<string, string[]> = {
  roomId: ["room_id", "RoomID"],
  sessionId: ["sessionID"],
  timeoutMs: ["timeout"],
  retry: ["retries", "rettry", "rerty"],
  startedAt: ["started"],
  none: [
    ...["route", "zz", "x", "", "baseUrl", "constructor", "__proto__"],
    "roomId".repeat(1e5),
  ],
};

for (const [meant, names] of Object.entries(misspelt)) {
  Deno.test(`nearest() to ${names.join().slice(0, 40)} is ${meant}`, () => {
    for (const name of names) {
      assertEquals(nearest(name, known) ?? "none", meant);
    }
  });
}

Deno.test("distance() is how many single changes lead from one word to another", () => {
  const word = fc.string({ maxLength: 8 });
  const change = fc.record({
    kind: fc.constantFrom("add", "remove", "replace", "swap"),
    at: fc.nat({ max: 7 }),
  });
  fc.assert(fc.property(word, change, (word, { kind, at }) => {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    const changed = before + {
      add: `x${after}`,
      remove: after.slice(1),
      replace: after && `x${after.slice(1)}`,
      swap: `${after.slice(1, 2)}${after.slice(0, 1)}${after.slice(2)}`,
    }[kind];
    const changes = distance(word, changed);
    assertEquals(changes, changed === word ? 0 : 1);
    assertEquals(distance(changed, word), changes);
  }));
  assertEquals(distance("kitten", "sitting"), 3);
});

Deno.test("checkName() names the wrong name, and the one that was meant", () => {
  const error = assertThrows(
    () => checkName("filter", "room_id", known),
    InvalidArgumentError,
    "'filter.room_id' is unknown: did you mean 'roomId'?",
  );
  assertEquals(error.argument, "filter.room_id");
  for (const name of ["constructor", "toString", "__proto__"]) {
    assertThrows(() => checkName("", name, known), InvalidArgumentError);
  }
});

Deno.test("checkSpelling() refuses a known name in another spelling, and no other name", () => {
  const fields = ["unique_name", "max_participants"];
  for (const name of ["uniqueName", "UNIQUE_NAME", "unique-name"]) {
    assertThrows(
      () => checkSpelling("room", name, fields, []),
      InvalidArgumentError,
      `'room.${name}' is unknown: did you mean 'unique_name'?`,
    );
  }
  for (
    const name of ["unique_name", "unique_names", "new_field", "__proto__"]
  ) {
    checkSpelling("room", name, fields, []);
  }
});

Deno.test("checkName() shows no secret, no control character, and no end of a long name", () => {
  const key = "KEY0123456789abcdef";
  const names = [
    key,
    `x${key}`,
    `${"x".repeat(490)}${key}`,
    `\x1b[2J${key}\n\u202e\u2028\ud800`,
    key.repeat(1e5),
    "\x07".repeat(1e5),
  ];
  for (const name of names) {
    const error = assertThrows(
      () => checkName("", name, known, [key]),
      InvalidArgumentError,
    );
    assertEquals(/KEY0/.test(`${error.stack}`), false);
    assertEquals(/[^ -~…]/u.test(error.message), false, error.message);
    assertEquals(error.message.length < 600, true);
  }
});
