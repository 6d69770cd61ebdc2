/** `waitForRecordings` and `waitForComposition`. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  createComposition,
  type FetchFn,
  WaitError,
  waitForComposition,
  type WaitForCompositionOptions,
  waitForRecordings,
  wholeMeeting,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { type Clock, test } from "../support/virtual_time.ts";

/** A fake provider with someone in a room that records. */
function meeting({ enable_recording = true } = {}) {
  const fake = fakeRooms({ rooms: [{ id, enable_recording }] });
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
  const { fake, person, sessionId } = meeting({ enable_recording: false });
  fake.leave(person);
  const began = clock.now;
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

test("waitForRecordings() takes a session with an end for ended, and a list in another order for the same", async (clock) => {
  const began = clock.now;
  const data = ["a", "b"].map((id) => ({
    id,
    status: "completed",
    download_url: "https://files.invalid/a",
  }));
  const fetchFn: FetchFn = (url) => {
    const ended = { data: { id, ended_at: "2026-01-01T00:00:00Z" } };
    const list = { data: data.reverse(), meta: { total_pages: 1 } };
    const isSession = url.includes("room_sessions");
    return Promise.resolve(Response.json(isSession ? ended : list));
  };
  await waitForRecordings(fetchFn, "any", id);
  assertEquals(clock.now - began, 15_000);
});

test("waitForRecordings() says in the error of a timeout that the session has not ended", async (clock) => {
  for (const session of [{ id, active: true }, { id }]) {
    const began = clock.now;
    const fetchFn = () => Promise.resolve(Response.json({ data: session }));
    const error = await assertRejects(
      () => waitForRecordings(fetchFn, "any", id, { timeoutMs: 12_000 }),
      WaitError,
    );
    assertEquals(clock.now - began, 12_000);
    assert(error.message.endsWith("the session has not ended"));
  }
});

test("waitForRecordings() rejects at once with a failed one", async (clock) => {
  const { fake, person, sessionId: session_id } = meeting();
  fake.leave(person);
  const failed = fake.addRecording({ session_id, status: "failed" });
  const began = clock.now;
  const error = await assertRejects(
    () => waitForRecordings(fake.fetch, "any", `${session_id}`),
    WaitError,
    failed.id,
  );
  assertEquals([error.code, clock.now], ["failed", began]);
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

test("waitForComposition() does not ask again when timeoutMs is over", async (clock) => {
  const { fetchFn, times } = pollsOf(clock);
  const opts = { timeoutMs: 10_000 };
  await assertRejects(() => waitForComposition(fetchFn, "any", id, opts));
  assertEquals(times, [0, 5000]);
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
    "KEY-secret",
    id,
    opts,
  );

test("waitForComposition() rejects a failed one at once, with the caller in its stack", async (clock) => {
  const began = clock.now;
  const error = await assertRejects(
    () => waitFor({ status: "failed" }),
    WaitError,
    id,
  );
  assertEquals([error.code, clock.now], ["failed", began]);
  assertStringIncludes(`${error.stack}`, "waitForComposition");
});

const unready: [object, words: string][] = [
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

test("waitForComposition() redacts and bounds what the server calls a composition", async () => {
  for (const text of ["KEY-secret\x1b[2J", "s".repeat(1_000_000)]) {
    for (const fields of [{ status: text }, { id: text, status: "failed" }]) {
      const { message } = await assertRejects(
        () => waitFor(fields, { timeoutMs: 1 }),
        WaitError,
      );
      assert(!message.includes("KEY-secret") && !message.includes("\x1b"));
      assert(message.length < 1000);
    }
  }
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
    return first.shift()?.() ?? hasStatus("processing")();
  };
  return { fetchFn, times };
}
const hasStatus = (status: string) => () =>
  Promise.resolve(Response.json({ data: { id, status } }));
const busy = () => Promise.resolve(new Response("{}", { status: 503 }));

test("waitForComposition() gives the calls of one poll 30 s, or what is left of timeoutMs", async (clock) => {
  const never = () => new Promise<Response>(() => {});
  const { fetchFn, times } = pollsOf(clock, never, never);
  const opts = { attemptTimeoutMs: 100_000, timeoutMs: 50_000 };
  const began = clock.now;
  await assertRejects(() => waitForComposition(fetchFn, "any", id, opts));
  const [first, second] = times;
  assert(Number(second) >= 35_000 && Number(second) < 50_000, `${times}`);
  assertEquals([first, times.length, clock.now - began], [0, 2, 50_000]);
});

test("waitForComposition() tells of the latest status and of a failure after it, not of one before", async (clock) => {
  const cases: [Parameters<typeof pollsOf>[1][], string, unknown][] = [
    [[busy], 'has the status "processing"', undefined],
    [
      [hasStatus("enqueued"), ...Array(99).fill(busy)],
      'has the status "enqueued"',
      503,
    ],
  ];
  for (const [responses, says, status] of cases) {
    const { fetchFn } = pollsOf(clock, ...responses);
    const opts = { retry: false, timeoutMs: 20_000 } as const;
    const error = await assertRejects(
      () => waitForComposition(fetchFn, "any", id, opts),
      WaitError,
      says,
    );
    assertEquals(Object(error.cause).status, status);
  }
});

Deno.test("waitForComposition() rejects with an error that is not temporary", async () => {
  const error = await assertRejects(() =>
    waitForComposition(fakeRooms().fetch, "any", id)
  );
  assertEquals(Object(error).code, "not_found");
});

Deno.test("waitForComposition() rejects when onProgress throws or rejects", async () => {
  const throws = () => {
    throw new Error("mine");
  };
  const rejects = () => Promise.reject(new Error("mine"));
  for (const onProgress of [throws, rejects]) {
    await assertRejects(() => waitFor({}, { onProgress }), Error, "mine");
  }
});
