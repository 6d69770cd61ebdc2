import { assert, assertEquals, assertRejects } from "@std/assert";
import type { FetchFn } from "../../mod.ts";
import { ApiError, NetworkError } from "../../mod.ts";
import { concurrency } from "../../lib/cli/limits.ts";
import { getRooms, holdBack } from "../../lib/cli/get_rooms.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

const ids = Array.from(
  { length: 10 },
  (_, i) => `7b61621f-62e0-4aad-ab11-9fd19e272e0${i}`,
);
const rooms = ids.map((id) => ({ id }));
const opts = { timeoutMs: 5000, signal: new AbortController().signal };

Deno.test("getRooms() answers in the order of the ids, and tells of each", async () => {
  const fake = fakeRooms({ rooms: rooms.slice(1) });
  for (let i = 10; i > 0; i--) fake.fault({ delayMs: 2 * i });
  const told: number[] = [];
  const found = await getRooms(
    fake.fetch,
    "any",
    ids,
    opts,
    (n) => told.push(n),
  );
  assertEquals(found.map(({ id }) => id), ids);
  assertEquals(found.map(({ room }) => room?.id), [undefined, ...ids.slice(1)]);
  assertEquals(found[0]?.error?.code, "not_found");
  assertEquals(told, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

Deno.test("getRooms() has no more than a few under way at once", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ delayMs: 5 }, ids.length);
  let [now, most] = [0, 0];
  const fetch: FetchFn = async (url, init) => {
    most = Math.max(most, ++now);
    const answer = await fake.fetch(url, init);
    now--;
    return answer;
  };
  await getRooms(fetch, "any", ids, opts);
  assertEquals(most, concurrency);
});

Deno.test("getRooms() ends at once when the token is refused", async () => {
  const fake = fakeRooms({ rooms, tokens: ["right"] });
  fake.fault({}, 1);
  fake.fault({ delayMs: Infinity }, ids.length);
  const error = await assertRejects(
    () => getRooms(fake.fetch, "wrong", ids, opts),
    ApiError,
  );
  assertEquals(error.code, "unauthorized");
  assert(fake.requests.length <= concurrency);
});

Deno.test("getRooms() ends at once when it is stopped", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ delayMs: Infinity }, ids.length);
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("stopped")), 5);
  await assertRejects(
    () => getRooms(fake.fetch, "any", ids, { ...opts, signal: stop.signal }),
    Error,
    "stopped",
  );
  assertEquals(fake.requests.length, concurrency);
});

Deno.test("getRooms() goes on after a rate limit, which one meets for all", async () => {
  // One at a time: fewer than are under way, so that each window has refusals,
  // and the last of them more than a look-up has attempts
  const fake = fakeRooms({ rooms, tokens: ["any"] });
  let [end, used] = [0, 0];
  const refused: number[] = [];
  const fetch: FetchFn = (url, init) => {
    const now = performance.now();
    if (now >= end) [end, used] = [now + 20, 0];
    if (++used <= 1) return fake.fetch(url, init);
    refused.push(now);
    const headers = { "retry-after": ((end - now) / 1000).toFixed(3) };
    return Promise.resolve(new Response(null, { status: 429, headers }));
  };
  const found = await getRooms(fetch, "any", ids, opts);
  assertEquals(found.map(({ room }) => room?.id), ids);
  // Those under way together, once a window: nobody asks while it lasts
  const most = ids.length * (concurrency - 1);
  assert(refused.length <= most, String(refused.length));
});

Deno.test("getRooms() sends nothing more when a rate limit outlasts the time", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ status: 429, headers: { "retry-after": "60" } }, ids.length);
  let attempts = 0;
  const onAttempt = () => void attempts++;
  const found = await getRooms(fake.fetch, "any", ids, { ...opts, onAttempt });
  assert(attempts <= 2 * ids.length, `${attempts} attempts`);
  assertEquals(
    found.map(({ error }) => error?.code),
    ids.map(() => "rate_limited" as const),
  );
  assertEquals(fake.requests.length, concurrency);
});

Deno.test("getRooms() gives one look-up its three attempts, and the others go on", async () => {
  const fake = fakeRooms({ rooms });
  fake.fault({ status: 503, headers: { "retry-after": "0" } }, 3);
  const found = await getRooms(fake.fetch, "any", ids.slice(0, 1), opts);
  assertEquals(found[0]?.error?.attempts, 3);
});

Deno.test("holdBack() answers by itself while the limit lasts that it was told of", async () => {
  let now = 0;
  const fake = fakeRooms({ rooms });
  const held = holdBack(fake.fetch, () => now);
  const ask = async () => {
    const { status, headers } = await held.fetch("http://127.0.0.1/rooms/1", {
      method: "GET",
      headers: {},
      redirect: "manual",
      signal: opts.signal,
    });
    return [status, headers.get("retry-after")];
  };
  const attempt = { attempt: 1, status: 429, durationMs: 1, waitMs: undefined };
  const error = (retryAfterMs: number) =>
    new ApiError("", {
      code: "rate_limited",
      status: 429,
      details: [],
      retryAfterMs,
    });
  held.note({ ...attempt, error: error(2500) });
  held.note({ ...attempt, error: error(100) });
  held.note({ ...attempt, error: new NetworkError("broke") });
  assertEquals(await ask(), [429, "2.500"]);
  now = 2000;
  assertEquals(await ask(), [429, "0.500"]);
  assertEquals(fake.requests.length, 0);
  now = 2499;
  assertEquals((await ask())[0], 401);
  assertEquals([held.left(), fake.requests.length], [0, 1]);
});
