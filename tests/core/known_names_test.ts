import { assertEquals, assertThrows } from "@std/assert";
import { checkNames, nearest } from "../../lib/core/known_names.ts";
import { InvalidArgumentError } from "../../mod.ts";

const known = ["roomId", "sessionId", "startedAt", "timeoutMs", "retry"];

const misspelt: [wrong: string, meant: string | undefined][] = [
  ["room_id", "roomId"],
  ["RoomID", "roomId"],
  ["sessionID", "sessionId"],
  ["timeout", "timeoutMs"],
  ["retries", "retry"],
  ["started", "startedAt"],
  ["zz", undefined],
  ["x", undefined],
];

for (const [wrong, meant] of misspelt) {
  Deno.test(`nearest() to "${wrong}" is ${meant ?? "none"}`, () => {
    assertEquals(nearest(wrong, known), meant);
  });
}

Deno.test("checkNames() names the wrong name, and the one that was meant", () => {
  const error = assertThrows(
    () => checkNames("filter", { roomId: 1, room_id: 2 }, known),
    InvalidArgumentError,
    "'filter.room_id' is unknown: did you mean 'roomId'?",
  );
  assertEquals(error.argument, "filter.room_id");
});

Deno.test("checkNames() accepts known names, and unknown ones that are undefined", () => {
  checkNames("", { roomId: 1, other: undefined }, known);
});

Deno.test("checkNames() knows no name of every object", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const options = JSON.parse(`{"${name}":1}`);
    assertThrows(() => checkNames("", options, known), InvalidArgumentError);
  }
});
