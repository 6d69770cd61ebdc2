/** `waitForRecordings` and `waitForComposition`. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
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

/** A fake provider with someone in a room that records, and a fake clock. */
function meeting() {
  const clock = FakeTimers.install({ now: 1_000_000 });
  const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
  const { id: person, session_id } = fake.join(id);
  return { clock, fake, person, sessionId: session_id ?? "" };
}

/** Runs a test of a wait, after which nothing is left behind. */
async function withMeeting(
  test: (arranged: ReturnType<typeof meeting>) => Promise<void>,
) {
  const arranged = meeting();
  try {
    await test(arranged);
    assertEquals(arranged.clock.countTimers(), 0, "a timer is left");
  } finally {
    arranged.clock.uninstall();
  }
}

/** Settles a promise into its outcome, and the time at which it settled. */
function outcomeOf<T>(promise: Promise<T>, clock: Clock) {
  const outcome: { at?: number; value?: T; error?: unknown } = {};
  promise.then((value) => outcome.value = value, (error) => {
    outcome.error = error;
  }).finally(() => outcome.at = clock.now - 1_000_000);
  return outcome;
}

Deno.test("waitForRecordings() waits for the end, for the files, and until the list is settled", async () => {
  await withMeeting(async ({ clock, fake, person, sessionId }) => {
    const told: unknown[] = [];
    const outcome = outcomeOf(
      waitForRecordings(fake.fetch, "any", sessionId, {
        onProgress: ({ hasEnded, recordings, ready }) =>
          told.push([hasEnded, recordings.length, ready]),
      }),
      clock,
    );
    await clock.tickAsync(9500);
    fake.leave(person);
    await clock.tickAsync(60_000);
    assertEquals(outcome.value?.map(({ type }) => type), ["audio", "video"]);
    assert(outcome.value?.every(({ download_url }) => download_url));
    assertEquals(outcome.at, 25_000);
    assertEquals(told, [
      [false, 0, 0],
      [false, 0, 0],
      [true, 2, 0],
      [true, 2, 2],
      [true, 2, 2],
      [true, 2, 2],
    ]);
  });
});

Deno.test("waitForRecordings() resolves to an empty list once nothing has come for settleMs", async () => {
  const clock = FakeTimers.install({ now: 1_000_000 });
  try {
    const fake = fakeRooms({ rooms: [{ id }] });
    const { id: person, session_id } = fake.join(id);
    fake.leave(person);
    const outcome = outcomeOf(
      waitForRecordings(fake.fetch, "any", session_id ?? ""),
      clock,
    );
    await clock.tickAsync(14_000);
    assertEquals(outcome.at, undefined);
    await clock.tickAsync(5000);
    assertEquals([outcome.at, outcome.value], [15_000, []]);
  } finally {
    clock.uninstall();
  }
});

Deno.test("waitForRecordings() starts to settle anew when a recording appears late", async () => {
  await withMeeting(async ({ clock, fake, person, sessionId }) => {
    fake.leave(person);
    let isLate = true;
    const late: FetchFn = async (url, init) => {
      const response = await fake.fetch(url, init);
      if (!isLate || !url.includes("room_recordings")) return response;
      const page = await response.json();
      return Response.json({ ...page, data: page.data.slice(0, 1) });
    };
    const outcome = outcomeOf(
      waitForRecordings(late, "any", sessionId),
      clock,
    );
    await clock.tickAsync(12_000);
    isLate = false;
    await clock.tickAsync(60_000);
    assertEquals([outcome.at, outcome.value?.length], [30_000, 2]);
  });
});

Deno.test("waitForComposition() resolves once the file can be downloaded, and tells every status", async () => {
  await withMeeting(async ({ clock, fake, person, sessionId }) => {
    fake.leave(person);
    const fields = { ...wholeMeeting, session_id: sessionId };
    const composition = await createComposition(fake.fetch, "any", fields);
    const told: unknown[] = [];
    const outcome = outcomeOf(
      waitForComposition(fake.fetch, "any", composition.id, {
        intervalMs: 800,
        onProgress: ({ status }) => told.push(status),
      }),
      clock,
    );
    await clock.tickAsync(10_000);
    assertEquals(told, ["enqueued", "enqueued", "processing", "completed"]);
    assert(outcome.value?.download_url);
    assertEquals(outcome.at, 2400);
  });
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
  Deno.test(`waitForComposition() waits for ${JSON.stringify(fields)} up to timeoutMs, and names what is missing`, async () => {
    await withMeeting(async ({ clock }) => {
      const outcome = outcomeOf(waitFor(fields), clock);
      await clock.tickAsync(1_799_000);
      assertEquals(outcome.at, undefined);
      await clock.tickAsync(2000);
      assert(outcome.error instanceof WaitError);
      assertEquals(outcome.at, 1_800_000);
      assertEquals(outcome.error.code, "wait_timeout");
      assertEquals(
        outcome.error.message,
        `Not ready within 1800000 ms (timeoutMs): ${words}`,
      );
    });
  });
}

Deno.test("waitForRecordings() says in the error of a timeout that the session has not ended", async () => {
  await withMeeting(async ({ clock, fake, sessionId }) => {
    const outcome = outcomeOf(
      waitForRecordings(fake.fetch, "any", sessionId, { timeoutMs: 12_000 }),
      clock,
    );
    await clock.tickAsync(13_000);
    assert(outcome.error instanceof WaitError);
    assertEquals(outcome.at, 12_000);
    assert(outcome.error.message.endsWith("the session has not ended"));
  });
});

Deno.test("waitForComposition() waits longer after failures, and as long as Telnyx asks", async () => {
  await withMeeting(async ({ clock, fake, sessionId }) => {
    const fields = { session_id: sessionId };
    const composition = await createComposition(fake.fetch, "any", fields);
    const before = fake.requests.length;
    fake.fault({ status: 429, headers: { "retry-after": "600" } });
    const outcome = outcomeOf(
      waitForComposition(fake.fetch, "any", composition.id),
      clock,
    );
    await clock.tickAsync(599_000);
    assertEquals(fake.requests.length - before, 1);
    await clock.tickAsync(2000);
    assertEquals(outcome.value?.status, "completed");
  });
});

Deno.test("waitForComposition() gives up at timeoutMs, however long Telnyx asks to wait, with the cause", async () => {
  await withMeeting(async ({ clock, fake }) => {
    fake.fault({ status: 429, headers: { "retry-after": "600" } }, Infinity);
    const outcome = outcomeOf(
      waitForComposition(fake.fetch, "any", id, { timeoutMs: 60_000 }),
      clock,
    );
    await clock.tickAsync(61_000);
    assert(outcome.error instanceof WaitError);
    assertEquals(outcome.at, 60_000);
    assertEquals(Object(outcome.error.cause).code, "rate_limited");
    assertEquals(fake.requests.length, 1);
  });
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

Deno.test("waitForRecordings() ends with the signal, and leaves nothing behind", async () => {
  await withMeeting(async ({ clock, fake, sessionId }) => {
    const { signal, abort, listeners } = countedSignal();
    const outcome = outcomeOf(
      waitForRecordings(fake.fetch, "any", sessionId, { signal }),
      clock,
    );
    await clock.tickAsync(7000);
    abort("enough");
    await clock.tickAsync(1);
    assertEquals(outcome.error, "enough");
    assertEquals(listeners(), 0);
  });
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
