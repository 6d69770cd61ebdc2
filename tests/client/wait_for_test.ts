/** `waitForRecordings` and `waitForComposition`. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createComposition,
  type FetchFn,
  InvalidArgumentError,
  WaitError,
  waitForComposition,
  type WaitForCompositionOptions,
  waitForRecordings,
  type WaitForRecordingsOptions,
  wholeMeeting,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { type Clock, test } from "../support/virtual_time.ts";

/** A fake provider with someone in a room that records. */
function meeting() {
  const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
  const { id: person, session_id } = fake.join(id);
  return { fake, person, sessionId: session_id ?? "" };
}

test("waitForRecordings() waits for the end, for the files, and until the list is settled", async (clock) => {
  const { fake, person, sessionId } = meeting();
  const began = clock.now;
  setTimeout(() => fake.leave(person), 9500);
  const told: unknown[] = [];
  const recordings = await waitForRecordings(fake.fetch, "any", sessionId, {
    onProgress: ({ hasEnded, recordings, ready }) =>
      told.push([hasEnded, recordings.length, ready]),
  });
  assertEquals(recordings.map(({ type }) => type), ["audio", "video"]);
  assert(recordings.every(({ download_url }) => download_url));
  assertEquals(clock.now - began, 25_000);
  assertEquals(told, [
    [false, 0, 0],
    [false, 0, 0],
    [true, 2, 0],
    [true, 2, 2],
    [true, 2, 2],
    [true, 2, 2],
  ]);
});

test("waitForRecordings() resolves to an empty list once nothing has come for settleMs", async (clock) => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const { id: person, session_id } = fake.join(id);
  fake.leave(person);
  const began = clock.now;
  const sessionId = session_id ?? "";
  assertEquals(await waitForRecordings(fake.fetch, "any", sessionId), []);
  assertEquals(clock.now - began, 15_000);
});

test("waitForRecordings() starts to settle anew when a recording appears late", async (clock) => {
  const { fake, person, sessionId } = meeting();
  fake.leave(person);
  const began = clock.now;
  const late: FetchFn = async (url, init) => {
    const response = await fake.fetch(url, init);
    const isLate = clock.now - began < 12_000;
    if (!isLate || !url.includes("room_recordings")) return response;
    const page = await response.json();
    return Response.json({ ...page, data: page.data.slice(0, 1) });
  };
  const recordings = await waitForRecordings(late, "any", sessionId);
  assertEquals([clock.now - began, recordings.length], [30_000, 2]);
});

test("waitForComposition() resolves once the file can be downloaded, and tells every status", async (clock) => {
  const { fake, person, sessionId } = meeting();
  fake.leave(person);
  const began = clock.now;
  const fields = { ...wholeMeeting, session_id: sessionId };
  const composition = await createComposition(fake.fetch, "any", fields);
  const told: unknown[] = [];
  const opts: WaitForCompositionOptions = {
    intervalMs: 800,
    onProgress: ({ status }) => told.push(status),
  };
  const { download_url } = await waitForComposition(
    fake.fetch,
    "any",
    composition.id,
    opts,
  );
  assert(download_url);
  assertEquals(told, ["enqueued", "enqueued", "processing", "completed"]);
  assertEquals(clock.now - began, 2400);
});

/** Waits for a composition whose record has these fields. */
const waitFor = (fields: object, opts: WaitForCompositionOptions = {}) =>
  waitForComposition(
    () => Promise.resolve(Response.json({ data: { id, ...fields } })),
    "any",
    id,
    opts,
  );

Deno.test("waitForComposition() rejects a failed one at once", async () => {
  const error = await assertRejects(() =>
    waitFor({ status: "failed" }, { timeoutMs: 50 })
  );
  assert(error instanceof WaitError);
  assertEquals(error.code, "failed");
  assert(error.message.includes(id), error.message);
  assert(error.stack?.includes("waitForComposition"), error.stack);
});

const unready: [object, string][] = [
  [{ status: "stuck" }, `composition ${id} has the status "stuck"`],
  [{ status: "completed" }, `composition ${id} has no download_url`],
  [{}, `composition ${id} has no status`],
];
for (const [fields, words] of unready) {
  test(`waitForComposition() waits for ${JSON.stringify(fields)} up to timeoutMs, and names what is missing`, async (clock) => {
    const began = clock.now;
    const error = await assertRejects(() => waitFor(fields), WaitError);
    assertEquals(clock.now - began, 1_800_000);
    assertEquals(error.code, "wait_timeout");
    assertEquals(
      error.message,
      `Not ready within 1800000 ms (timeoutMs): ${words}`,
    );
  });
}

test("waitForRecordings() says in the error of a timeout that the session has not ended", async (clock) => {
  const { fake, sessionId } = meeting();
  const began = clock.now;
  const opts = { timeoutMs: 12_000 };
  const error = await assertRejects(
    () => waitForRecordings(fake.fetch, "any", sessionId, opts),
    WaitError,
  );
  assertEquals(clock.now - began, 12_000);
  assert(error.message.endsWith("the session has not ended"));
});

test("waitForComposition() waits longer after failures, and as long as Telnyx asks", async (clock) => {
  const { fake, sessionId } = meeting();
  const fields = { session_id: sessionId };
  const composition = await createComposition(fake.fetch, "any", fields);
  fake.fault({ status: 429, headers: { "retry-after": "600" } });
  const began = clock.now;
  const { status } = await waitForComposition(
    fake.fetch,
    "any",
    composition.id,
  );
  assertEquals([status, clock.now - began], ["completed", 600_000]);
});

test("waitForComposition() gives up at timeoutMs, however long Telnyx asks to wait, with the cause", async (clock) => {
  const fake = fakeRooms();
  fake.fault({ status: 429, headers: { "retry-after": "600" } }, Infinity);
  const began = clock.now;
  const error = await assertRejects(
    () => waitForComposition(fake.fetch, "any", id, { timeoutMs: 60_000 }),
    WaitError,
  );
  assertEquals(clock.now - began, 60_000);
  assertEquals(Object(error.cause).code, "rate_limited");
  assertEquals(fake.requests.length, 1);
});

/** A composition that is never ready, after polls with these responses. */
function pollsOf(clock: Clock, ...first: (() => Promise<Response>)[]) {
  const began = clock.now;
  const times: number[] = [];
  const fetchFn: FetchFn = () => {
    times.push(clock.now - began);
    const data = { id, status: "processing" };
    return first.shift()?.() ?? Promise.resolve(Response.json({ data }));
  };
  return { fetchFn, times };
}
const busy = () => Promise.resolve(new Response("{}", { status: 503 }));

test("waitForComposition() gives the calls of one poll 30 s at most", async (clock) => {
  const { fetchFn, times } = pollsOf(clock, () => new Promise(() => {}));
  const opts = { attemptTimeoutMs: 100_000, timeoutMs: 50_000 };
  await assertRejects(() => waitForComposition(fetchFn, "any", id, opts));
  assertEquals(times[0], 0);
  assert(Number(times[1]) >= 35_000 && Number(times[1]) < 50_000, `${times}`);
});

test("waitForComposition() tells of the latest status and of a failure after it, not of one before", async (clock) => {
  const opts = { retry: false, timeoutMs: 20_000 } as const;
  const failed = pollsOf(clock, busy);
  const recovered = await assertRejects(
    () => waitForComposition(failed.fetchFn, "any", id, opts),
    WaitError,
    'has the status "processing"',
  );
  assertEquals(recovered.cause, undefined);
  const ready = () =>
    Promise.resolve(Response.json({ data: { id, status: "enqueued" } }));
  const failing = pollsOf(clock, ready, ...Array(99).fill(busy));
  const error = await assertRejects(
    () => waitForComposition(failing.fetchFn, "any", id, opts),
    WaitError,
    'has the status "enqueued"',
  );
  assertEquals(Object(error.cause).status, 503);
});

test("waitForRecordings() takes a session with an end for ended, and a list in another order for the same", async (clock) => {
  const began = clock.now;
  const data = ["a", "b"].map((name) => ({
    id: name,
    status: "completed",
    download_url: "https://files.invalid/a",
  }));
  const fetchFn: FetchFn = (url) => {
    if (url.includes("room_sessions")) {
      const data = { id, ended_at: "2026-01-01T00:00:00Z" };
      return Promise.resolve(Response.json({ data }));
    }
    data.reverse();
    const meta = { total_pages: 1 };
    return Promise.resolve(Response.json({ data, meta }));
  };
  await waitForRecordings(fetchFn, "any", id);
  assertEquals(clock.now - began, 15_000);
});

Deno.test("waitForComposition() rejects with an error that is not temporary", async () => {
  const error = await assertRejects(() =>
    waitForComposition(fakeRooms().fetch, "any", id)
  );
  assertEquals(Object(error).code, "not_found");
});

test("waitForRecordings() ends with the signal, and leaves nothing behind", async (clock) => {
  const { fake, sessionId } = meeting();
  const { signal, abort, listeners } = countedSignal();
  const began = clock.now;
  setTimeout(() => abort("enough"), 7000);
  const outcome = await waitForRecordings(fake.fetch, "any", sessionId, {
    signal,
  }).catch((error) => error);
  assertEquals([outcome, clock.now - began, listeners()], ["enough", 7000, 0]);
});

for (
  const [fails, onProgress] of Object.entries({
    throws: () => {
      throw new Error("mine");
    },
    rejects: () => Promise.reject(new Error("mine")),
  })
) {
  Deno.test(`waitForComposition() rejects when onProgress ${fails}`, async () => {
    const error = await assertRejects(() => waitFor({}, { onProgress }));
    assertEquals(Object(error).message, "mine");
  });
}

const wrong: [string, WaitForRecordingsOptions][] = [
  ["intervalMs", { intervalMs: 99 }],
  ["timeoutMs", { timeoutMs: 0 }],
  ["settleMs", { settleMs: -1 }],
  ["onProgress", Object({ onProgress: 1 })],
  ["settleMS", Object({ settleMS: 1 })],
  ["maxBodyBytes", { maxBodyBytes: 0 }],
];
for (const [argument, opts] of wrong) {
  Deno.test(`waitForRecordings() refuses ${JSON.stringify(opts)} before any request`, async () => {
    const fake = fakeRooms();
    const error = await assertRejects(
      () => waitForRecordings(fake.fetch, "any", id, opts),
      InvalidArgumentError,
    );
    assertEquals(error.argument, argument);
    assertEquals(fake.requests.length, 0);
  });
}

Deno.test("waitForComposition() redacts and bounds what the server calls a composition", async () => {
  const key = "KEY0123456789abcdef";
  const texts = [`${key}\x1b[2J`, "s".repeat(1_000_000)];
  for (const text of texts) {
    for (
      const record of [{ id, status: text }, { id: text, status: "failed" }]
    ) {
      const fetchFn: FetchFn = () =>
        Promise.resolve(Response.json({ data: record }));
      const error = await assertRejects(
        () => waitForComposition(fetchFn, key, id, { timeoutMs: 1 }),
        WaitError,
      );
      assert(!error.message.includes(key) && !error.message.includes("\x1b"));
      assert(error.message.length < 1000);
    }
  }
});
