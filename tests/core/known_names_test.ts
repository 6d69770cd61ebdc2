import "../support/pure.ts";
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkName, distance, nearest } from "../../lib/core/known_names.ts";
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

const misspelt: [wrong: string, meant: string | undefined][] = [
  ["room_id", "roomId"],
  ["RoomID", "roomId"],
  ["sessionID", "sessionId"],
  ["timeout", "timeoutMs"],
  ["retries", "retry"],
  ["rettry", "retry"],
  ["route", undefined],
  ["rerty", "retry"],
  ["started", "startedAt"],
  ["zz", undefined],
  ["x", undefined],
  ["", undefined],
  ["baseUrl", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
  ["roomId".repeat(1e6), undefined],
];

for (const [wrong, meant] of misspelt) {
  Deno.test(`nearest() to "${wrong.slice(0, 40)}" is ${meant ?? "none"}`, () => {
    assertEquals(nearest(wrong, known), meant);
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
});

Deno.test("checkName() knows no name of every object", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    assertThrows(() => checkName("", name, known), InvalidArgumentError);
  }
});

Deno.test("checkName() shows no secret, no control character, and no end of a long name", () => {
  const key = "KEY0123456789abcdef";
  const names = [
    key,
    `x${key}`,
    `${"x".repeat(490)}${key}`,
    `\x1b[2J${key}\n\u202e\u2028\ud800`,
    key.repeat(1e6),
    "\x07".repeat(1e6),
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
