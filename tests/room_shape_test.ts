import { assertEquals } from "@std/assert";
import { type Room, room } from "../lib/rooms.ts";
import { example } from "./example.ts";

Deno.test("room takes the provider's own example", () => {
  const typed: Room = example.data; // the interface takes it as well
  assertEquals(room(typed), undefined);
});

Deno.test("room enforces types, not formats: timestamps and ids stay strings", () => {
  assertEquals(
    room({ id: "7", created_at: "yesterday", webhook_timeout_secs: 3600 }),
    undefined,
  );
});
