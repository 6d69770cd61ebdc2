import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  ApiError,
  createRoom,
  findOrCreateRoom,
  RoomsError,
} from "../../mod.ts";
import { fakeRooms, type Fault } from "../../lib/testing/fake_rooms.ts";
import { countedSignal } from "../support/signals.ts";
import { inVirtualTime, test } from "../support/virtual_time.ts";

const named = { unique_name: "Standup" };

Deno.test("findOrCreateRoom() finds a room by its exact name, and changes nothing", async () => {
  const fake = fakeRooms();
  await createRoom(fake.fetch, "any", { unique_name: "Standup 2" });
  const { id } = await createRoom(fake.fetch, "any", named);
  // Whether the filter matches in part is not documented
  const inPart = (url: string | URL | Request, init?: RequestInit) => {
    const all = new URL(`${url}`);
    all.searchParams.delete("filter[unique_name]");
    all.searchParams.set("page[size]", "1");
    return fake.fetch(all, init);
  };
  const fields = { ...named, max_participants: 3 };
  const found = await findOrCreateRoom(inPart, "any", fields, {});
  assertEquals([found.id, found.max_participants], [id, 10]);
  assertEquals(fake.rooms.length, 2);
});

Deno.test("findOrCreateRoom() creates a room with all its fields if there is none", async () => {
  const fields = { ...named, max_participants: 3, enable_recording: true };
  const room = await findOrCreateRoom(fakeRooms().fetch, "any", fields);
  assertEquals({ ...room, ...fields }, room);
  // Each of them is read once, so that what was looked for is what is created
  let reads = 0;
  const changing = {
    get unique_name() {
      return `${reads++}`;
    },
  };
  const { unique_name } = await findOrCreateRoom(
    fakeRooms().fetch,
    "any",
    changing,
  );
  assertEquals([unique_name, reads], ["0", 1]);
});

const fault = fc.constantFrom<Fault | undefined>(
  undefined,
  { disconnect: "before-response" },
  { disconnect: "in-body" },
  { disconnect: "before-response", status: 500 },
  { delayMs: Infinity },
  { status: 429, headers: { "retry-after": "1" } },
  { status: 429, headers: { "x-ratelimit-reset": "2" } },
  { status: 500 },
  { status: 503 },
  { status: 503, headers: { "retry-after": "1" } },
);

Deno.test("findOrCreateRoom() makes exactly one room, whatever is lost, however many call", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 25 }),
      fc.integer({ min: 2, max: 8 }),
      fc.array(fc.constantFrom("Standup 2", "standup", "Stand"), {
        maxLength: 2,
      }),
      fc.option(fc.integer({ min: 1, max: 5 })),
      (conversation, callers, others, limit) =>
        inVirtualTime(async (clock) => {
          const fake = fakeRooms({
            ...limit && { rateLimit: { limit, windowMs: 3000 } },
          });
          for (const unique_name of new Set(others)) {
            fake.addRoom({ id: crypto.randomUUID(), unique_name });
          }
          const before = fake.rooms.length;
          // Each request takes the next fault, in the order of the requests
          const left = [...conversation];
          const fetchFn: typeof fake.fetch = (url, init) => {
            const fault = left.shift();
            if (fault) fake.fault(fault);
            return fake.fetch(url, init);
          };
          /** As a program does: again after an error. */
          const untilDone = async () => {
            for (;;) {
              try {
                return await findOrCreateRoom(fetchFn, "any", named);
              } catch (error) {
                assert(error instanceof RoomsError, `${error}`);
              }
            }
          };
          const began = clock.now;
          const rooms = await Promise.all(
            Array.from({ length: callers }, untilDone),
          );
          assert(clock.now - began < 600_000, "it took over ten minutes");
          assertEquals(new Set(rooms.map(({ id }) => id)).size, 1);
          assertEquals(fake.rooms.length, before + 1);
        }),
    ),
    { numRuns: 60 },
  );
});

for (const why of ["its name is taken", "its response is lost"]) {
  test(`findOrCreateRoom() looks again for a room while the list lags behind, as ${why}`, async () => {
    const fake = fakeRooms();
    const isLost = why.endsWith("lost");
    if (isLost) fake.fault({ disconnect: "in-body" });
    else await createRoom(fake.fetch, "any", named);
    let lists = 0;
    const lagging: typeof fake.fetch = (url, init) =>
      init?.method === "GET" && ++lists < 4
        ? fakeRooms().fetch(url, init)
        : fake.fetch(url, init);
    const { unique_name } = await findOrCreateRoom(lagging, "any", named);
    assertEquals([unique_name, lists, fake.rooms.length], ["Standup", 4, 1]);
  });
}

/** A fake that refuses every creation with a status. */
function refusing(status: number, onRequest = (_count: number) => {}) {
  const fake = fakeRooms();
  const fetchFn: typeof fake.fetch = (url, init) => {
    if (init?.method === "POST") fake.fault({ status });
    onRequest(fake.requests.length + 1);
    return fake.fetch(url, init);
  };
  return { fake, fetchFn };
}

for (
  const [looks, status, requests] of [
    ["looks again after a name that is taken", 422, 6],
    ["does not look again if nothing was done", 403, 2],
  ] as const
) {
  test(`findOrCreateRoom() ${looks}, and rejects with the error of the creation`, async () => {
    // The fourth request is a second look, whose failure says less
    const { fake, fetchFn } = refusing(status, (count) => {
      if (count === 4) fake.fault({ status: 400 });
    });
    const error = await assertRejects(
      () => findOrCreateRoom(fetchFn, "any", named),
      ApiError,
    );
    assertEquals([error.status, fake.requests.length], [status, requests]);
  });
}

test("findOrCreateRoom() ends with the signal, at its last look as well, and leaves no listener behind", async (clock) => {
  for (const at of [3, 4, 6]) {
    const { signal, abort, listeners } = countedSignal();
    const { fake, fetchFn } = refusing(422, (count) => {
      if (count === at) abort("enough");
    });
    const outcome = await findOrCreateRoom(fetchFn, "any", named, { signal })
      .catch((error) => error);
    assertEquals([outcome, listeners()], ["enough", 0]);
    assertEquals(fake.requests.length, at);
  }
  const { signal, abort } = countedSignal();
  const { fetchFn } = refusing(422);
  const began = clock.now;
  setTimeout(() => abort("enough"), 100); // while it waits for the next look
  const outcome = await findOrCreateRoom(fetchFn, "any", named, { signal })
    .catch((error) => error);
  assertEquals([outcome, clock.now - began], ["enough", 100]);
});

test("findOrCreateRoom() ends within timeoutMs, which is 30 s by default", async (clock) => {
  const began = clock.now;
  const opts = { attemptTimeoutMs: 100_000 };
  const fake = fakeRooms();
  fake.fault({ delayMs: 20_000 });
  fake.fault({ delayMs: Infinity }, Infinity);
  await assertRejects(() => findOrCreateRoom(fake.fetch, "any", named, opts));
  assertEquals([clock.now - began, fake.requests.length], [30_000, 2]);

  const beganAgain = clock.now;
  const { fetchFn } = refusing(422);
  await assertRejects(
    () => findOrCreateRoom(fetchFn, "any", named, { timeoutMs: 600 }),
    ApiError,
    "422",
  );
  // The next look would be at 750 ms
  assertEquals(clock.now - beganAgain, 250);
});
