/** What calls, lists and jobs say of wrong arguments, beside those of the description. */
import { assertEquals, assertRejects } from "@std/assert";
import * as rooms from "../../mod.ts";
import { InvalidArgumentError } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

type Wrong = [argument: string, given: unknown, opts?: unknown, token?: string];

const polls: Wrong[] = [
  ["intervalMs", id, { intervalMs: 99 }],
  ["intervalMs", id, { intervalMs: "500" }],
  ["timeoutMs", id, { timeoutMs: 0 }],
  ["intervalMS", id, { intervalMS: 1000 }],
  ["opts", id, null],
];
const waits: Wrong[] = [
  ...polls,
  ["onProgress", id, { onProgress: 1 }],
  ["onProgress", id, { onProgress: null }],
  ["maxBodyBytes", id, { maxBodyBytes: 0 }],
];
const downloads: Wrong[] = [
  ["offset", id, { offset: -1 }],
  ["offset", id, { offset: 1.5, etag: '"a"' }],
  ["etag", id, { offset: 1 }],
  ["etag", id, { etag: 'W/"a"' }],
  ["etag", id, { etag: "a" }],
  ["stallTimeoutMs", id, { stallTimeoutMs: 0 }],
  ["stalTimeoutMs", id, { stalTimeoutMs: 1 }],
  ["timeoutMs", id, { timeoutMs: 0 }],
  ["signal", id, { signal: {} }],
  ["opts", id, []],
];
const noDays = [
  ...["2026-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00"],
  ...["2026-01-32", "2026-1-1", "2026-01-01T00:00:00Z", "2026-01-01\n"],
  ...[" 2026-01-01", "+010000-01", "today", 20260101, new Date(0)],
];

const lists: Wrong[] = [
  ...[null, 7, [], "opts"].map((opts): Wrong => ["opts", opts]),
  ["uniqueName", { uniqueName: ["a"] }],
  ["createdAt", { createdAt: new Date(0).getTime() }],
  ["createdAt", { createdAt: new Date(0) }],
  ["createdAt", { createdAt: new Map([["gte", "2026-01-01"]]) }],
  ...noDays.map((gte): Wrong => ["createdAt.gte", { createdAt: { gte } }]),
  ["pageNumber", { pageNumber: 2 ** 53 }],
  ["pageNumber", { pageNumber: NaN }],
];
const named = { unique_name: "Standup" };

const functions: Record<string, Wrong[]> = {
  getRoom: Object.entries({
    "signal": [null, {}],
    "onAttempt": [{}],
    "timeoutMs": [0, -1, NaN, Infinity, 2 ** 31, "30", null],
    "attemptTimeoutMs": [0, 2 ** 31],
    "maxBodyBytes": [0, 1.5, null],
    "retry": [true, null, 3],
    "retry.maxAttempts": [0, 1.5, Infinity, "3"],
    "retry.baseDelayMs": [-1, NaN],
    "retry.maxDelayMs": [2 ** 31, null],
    "retry.maxAttemps": [5],
  }).flatMap(([argument, values]) =>
    values.map((value): Wrong => {
      const [name = "", field] = argument.split(".");
      return [argument, id, { [name]: field ? { [field]: value } : value }];
    })
  ),
  createRoom: [["room.uniqueName", { uniqueName: "Standup" }]],
  createComposition: [["composition.sessionId", { sessionId: id }]],
  listRooms: lists,
  allRooms: [
    ...lists,
    ...[0, 1.5, -1, "5", null].map((limit): Wrong => ["limit", { limit }]),
    ...[0, 1.5, 1001, NaN].map((concurrency): Wrong => [
      "concurrency",
      { concurrency },
    ]),
  ],
  getRooms: [
    ["ids", id],
    ["ids", 7],
    ["concurrency", [id], { concurrency: 0 }],
    ["concurrency", [id], { concurrency: 1.5 }],
    ["timeoutMs", [id], { timeoutMs: 0 }],
    ["token", [id], {}, "two words"],
    ["concurency", [], { concurency: 2 }],
    ["roomId", [], { roomId: id }],
  ],
  findOrCreateRoom: [
    ["room", null],
    ["room.unique_name", {}],
    ["room.unique_name", { unique_name: "" }],
    ["room.max_participants", { ...named, max_participants: 1 }],
    ["timeoutMs", named, { timeoutMs: 0 }],
    ["pageSize", named, { pageSize: 5 }],
  ],
  watchRoom: [...polls, ["includeSessions", id, { includeSessions: true }]],
  waitForComposition: waits,
  waitForRecordings: [
    ...waits,
    ["settleMs", id, { settleMs: -1 }],
    ["settleMS", id, { settleMS: 1 }],
  ],
  downloadRecording: downloads,
  downloadComposition: downloads,
};

Deno.test("getRoom() says what to pass for an API key that is missing, as in a variable that is not set", async () => {
  const { fetch } = fakeRooms();
  for (const token of [undefined, ""]) {
    await assertRejects(
      () => Reflect.apply(rooms.getRoom, undefined, [fetch, token, id]),
      InvalidArgumentError,
      "'token' is missing: pass the account's API key",
    );
  }
});

Deno.test("getRoom() names fetchFn if it was forgotten, not what stands in its place", async () => {
  const error = await assertRejects(
    () => Reflect.apply(rooms.getRoom, undefined, ["KEY", id]),
    InvalidArgumentError,
  );
  assertEquals(error.argument, "fetchFn");
});

for (const [name, wrong] of Object.entries(functions)) {
  Deno.test(`${name}() refuses wrong arguments by name, and sends nothing`, async () => {
    for (const [argument, given, opts, token = "any"] of wrong) {
      const fake = fakeRooms();
      const args = [fake.fetch, token, given];
      if (opts !== undefined) args.push(opts);
      const error = await assertRejects(async () => {
        const job = Reflect.get(rooms, name);
        const result = Object(Reflect.apply(job, undefined, args));
        await (result.next?.() ?? result);
      }, InvalidArgumentError);
      assertEquals([error.argument, fake.requests.length], [argument, 0]);
    }
  });
}
