import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { deleteRecordings, InvalidArgumentError } from "../../mod.ts";
import { deleteRecordingsOperation, toRequest } from "../../lib/core/mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

/** Filters without a condition: the provider would delete every recording. */
const empty: unknown[] = [
  {},
  { roomId: undefined },
  { startedAt: undefined, durationSecs: undefined },
];

/** Filters with what is no filter, and what the error says. */
const wrong: [filter: unknown, message: string][] = [
  [{ startedAt: null }, "'startedAt' must be"],
  [
    { status: "completed", startedAt: { lt: "2026-01-01" } },
    "did you mean 'lte'",
  ],
  [{ status: "completed", room_id: id }, "did you mean 'roomId'"],
  [{ status: "completed", room_id: undefined }, "did you mean 'roomId'"],
  [{ status: "completed", startedAt: {} }, "must have at least one of 'eq',"],
  [{ startedAt: {} }, "must have at least one of 'eq', 'gte', 'lte'"],
  [{ status: "completed", startedAt: { lt: undefined } }, "at least one of"],
  [{ status: "completed", endedAt: { gte: undefined } }, "at least one of"],
  [{ status: "completed", durationSecs: {} }, "at least one of"],
  [{ status: "completed", startedAt: new Date(0) }, "must be a plain object"],
  [{ status: "completed", endedAt: new Map() }, "must be a plain object"],
  [{ status: "completed", sessionID: id }, "did you mean 'sessionId'"],
  [
    { status: "completed", baseUrl: "https://evil.example/" },
    "'filter.baseUrl'",
  ],
  [{ status: "completed", retry: { maxAttempts: 9 } }, "'filter.retry'"],
  [{ status: "completed", pageSize: 1 }, "'filter.pageSize'"],
  [{ status: "completed", timeoutMs: 1000 }, "'filter.timeoutMs'"],
  [undefined, "'filter'"],
  [null, "'filter'"],
  ["all", "'filter'"],
  [[], "'filter'"],
];

const shown = (filter: unknown) =>
  JSON.stringify(filter, (_, value) => value ?? `${value}`);

for (const filter of empty) {
  Deno.test(`deleteRecordings() and toRequest() refuse the filter ${shown(filter)}, which has no condition`, async () => {
    const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
    fake.join(id);
    const { argument } = await assertRejects(
      () => deleteRecordings(fake.fetch, "any", filter as never),
      InvalidArgumentError,
      "at least one condition",
    );
    assertEquals([argument, fake.requests], ["filter", []]);
    assertThrows(
      () => toRequest(deleteRecordingsOperation, "any", {}, filter as never),
      InvalidArgumentError,
      "at least one condition",
    );
  });
}

for (const [filter, message] of wrong) {
  Deno.test(`deleteRecordings() refuses the filter ${shown(filter)}, and sends nothing`, async () => {
    const fake = fakeRooms();
    const { argument } = await assertRejects(
      () => deleteRecordings(fake.fetch, "any", filter as never),
      InvalidArgumentError,
      message,
    );
    assertEquals(
      /^(filter|startedAt|endedAt|durationSecs)\b/.test(argument),
      true,
      argument,
    );
    assertEquals(fake.requests, []);
  });
}

Deno.test("deleteRecordings() refuses a filter in its options", async () => {
  const fake = fakeRooms();
  await assertRejects(
    () =>
      deleteRecordings(fake.fetch, "any", { roomId: id }, {
        type: "audio",
      } as never),
    InvalidArgumentError,
    "'type' is unknown",
  );
  assertEquals(fake.requests, []);
});

Deno.test("deleteRecordings() keeps its conditions, though the options set one to undefined", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const opts = { roomId: undefined, timeoutMs: 1000 };
  const filter = { roomId: id, type: "audio" as const };
  await deleteRecordings(fake.fetch, "any", filter, opts);
  const { searchParams } = new URL(fake.requests[0]?.url ?? "");
  assertEquals(searchParams.get("filter[room_id]"), id);
});

Deno.test("deleteRecordings() never sends a filter whose condition vanishes when it is read again", async () => {
  const fake = fakeRooms();
  for (let reads = 0; reads < 6; reads++) {
    let left = reads;
    const filter = new Proxy({ roomId: id }, {
      get: (target, name) => left-- > 0 ? Reflect.get(target, name) : undefined,
    });
    await deleteRecordings(fake.fetch, "any", filter).catch(() => {});
  }
  assertEquals(fake.requests.length, 5);
  for (const { url } of fake.requests) {
    assertEquals(new URL(url).searchParams.get("filter[room_id]"), id);
  }
});

Deno.test("deleteRecordings() never sends a filter whose bound vanishes when it is read again", async () => {
  const fake = fakeRooms();
  for (let reads = 0; reads < 6; reads++) {
    let left = reads;
    const startedAt = new Proxy({ lte: "2020-01-01" }, {
      ownKeys: (target) => left-- > 0 ? Reflect.ownKeys(target) : [],
    });
    await deleteRecordings(fake.fetch, "any", {
      status: "completed",
      startedAt,
    })
      .catch(() => {});
  }
  assertEquals(fake.requests.length, 5);
  for (const { url } of fake.requests) {
    const { searchParams } = new URL(url);
    assertEquals(
      searchParams.get("filter[date_started_at][lte]"),
      "2020-01-01",
    );
  }
});
