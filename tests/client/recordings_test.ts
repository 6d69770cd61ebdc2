import { assertEquals, assertRejects } from "@std/assert";
import {
  deleteRecordings,
  InvalidArgumentError,
  type RecordingFilter,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

const status = "completed";
const bounds = "must have at least one of 'eq', 'gte', 'lte'";
const option = (name: string, value: unknown): [string, object] => [
  `'filter.${name}'`,
  { status, [name]: value },
];

/** What is no filter, or has no condition: it would delete every recording. */
const refused: [message: string, ...filters: unknown[]][] = [
  ["at least one condition", {}, { roomId: undefined }],
  ["at least one condition", { startedAt: undefined, durationSecs: undefined }],
  [bounds, { startedAt: {} }, { status, startedAt: {} }],
  [bounds, { status, startedAt: { lt: undefined } }],
  [bounds, { status, endedAt: { gte: undefined } }, { durationSecs: {} }],
  ["'startedAt' must be", { startedAt: null }],
  ["must be a plain object", { status, startedAt: new Date(0) }],
  ["must be a plain object", { status, endedAt: new Map() }],
  ["did you mean 'lte'", { status, startedAt: { lt: "2026-01-01" } }],
  ["did you mean 'roomId'", { status, room_id: id }],
  ["did you mean 'roomId'", { status, room_id: undefined }],
  ["did you mean 'sessionId'", { status, sessionID: id }],
  option("baseUrl", "https://evil.example/"),
  option("retry", { maxAttempts: 9 }),
  option("pageSize", 1),
  option("timeoutMs", 1000),
  ["'filter'", undefined, null, "all", []],
  ["is inherited", Object.assign(Object.create({ roomId: id }), { status })],
];

const shown = (filter: unknown) =>
  JSON.stringify(filter, (_, value) => value ?? `${value}`);

for (const [message, ...filters] of refused) {
  Deno.test(`deleteRecordings() refuses ${filters.map(shown)}, and sends nothing`, async () => {
    for (const filter of filters as RecordingFilter[]) {
      const fake = fakeRooms();
      const call = deleteRecordings(fake.fetch, "any", filter);
      const { argument } = await assertRejects(
        () => call,
        InvalidArgumentError,
        message,
      );
      const [first = ""] = argument.split(".");
      const names = ["filter", "startedAt", "endedAt", "durationSecs"];
      assertEquals([names.includes(first), fake.requests], [true, []]);
    }
  });
}

Deno.test("deleteRecordings() takes no condition from its options, and loses none to them", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const filtering: object = { type: "audio" };
  const call = deleteRecordings(fake.fetch, "any", { roomId: id }, filtering);
  await assertRejects(() => call, InvalidArgumentError, "'type' is unknown");
  assertEquals(fake.requests, []);
  const opts = { roomId: undefined, timeoutMs: 1000 };
  const filter = { roomId: id, type: "audio" as const };
  await deleteRecordings(fake.fetch, "any", filter, opts);
  const { searchParams } = new URL(fake.requests[0]?.url ?? "");
  assertEquals(searchParams.get("filter[room_id]"), id);
});

/** Filters that have their condition only in so many reads. */
const vanishing: [parameter: string, (reads: number) => RecordingFilter][] = [
  ["room_id", (reads) =>
    new Proxy({ roomId: id }, {
      get: (target, name) =>
        reads-- > 0 ? Reflect.get(target, name) : undefined,
    })],
  ["date_started_at][lte", (reads) => ({
    status,
    startedAt: new Proxy({ lte: "2020-01-01" }, {
      ownKeys: (target) => reads-- > 0 ? Reflect.ownKeys(target) : [],
    }),
  })],
];

for (const [parameter, filterOf] of vanishing) {
  Deno.test(`deleteRecordings() never sends a filter whose ${parameter} vanishes when it is read again`, async () => {
    const fake = fakeRooms();
    for (let reads = 0; reads < 6; reads++) {
      const filter = filterOf(reads);
      await deleteRecordings(fake.fetch, "any", filter).catch(() => {});
    }
    assertEquals(fake.requests.length, 5);
    for (const { url } of fake.requests) {
      const { searchParams } = new URL(url);
      assertEquals(searchParams.has(`filter[${parameter}]`), true);
    }
  });
}
