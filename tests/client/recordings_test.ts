import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { deleteRecordings, InvalidArgumentError } from "../../mod.ts";
import { deleteRecordingsOperation, toRequest } from "../../lib/core/mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

/** Filters without a condition: the provider would delete every recording. */
const empty: unknown[] = [
  {},
  { roomId: undefined },
  { startedAt: {} },
  { startedAt: { gte: undefined }, endedAt: {} },
  { startedAt: { from: "2026-01-01" } },
  { durationSecs: {} },
  { startedAt: null },
  { room_id: id },
  { pageSize: 1, timeoutMs: 1000 },
  undefined,
  null,
  "all",
  [],
];

for (const filter of empty) {
  const shown = JSON.stringify(filter, (_, value) => value ?? `${value}`);
  Deno.test(`deleteRecordings() and toRequest() reject the filter ${shown}`, async () => {
    const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
    fake.join(id);
    const { argument } = await assertRejects(
      () => deleteRecordings(fake.fetch, "any", filter as never),
      InvalidArgumentError,
      "at least one filter",
    );
    assertEquals([argument, fake.requests], ["filter", []]);
    assertThrows(
      () => toRequest(deleteRecordingsOperation, "any", {}, filter as never),
      InvalidArgumentError,
      "at least one filter",
    );
  });
}

Deno.test("deleteRecordings() ignores a filter in its options", async () => {
  const opts = { roomId: id } as never;
  await assertRejects(
    () => deleteRecordings(fakeRooms().fetch, "any", {}, opts),
    InvalidArgumentError,
  );
});

Deno.test("deleteRecordings() sends only documented bounds", () => {
  const startedAt = { gte: "2026-01-01", from: "2026-01-02" };
  const opts = { startedAt };
  const { url } = toRequest(deleteRecordingsOperation, "any", {}, opts);
  assertEquals(
    decodeURIComponent(new URL(url).search),
    "?filter[date_started_at][gte]=2026-01-01",
  );
});
