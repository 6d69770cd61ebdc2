import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  ApiError,
  InvalidArgumentError,
  InvalidResponseError,
  NetworkError,
  ResponseTooLargeError,
  type RoomsError,
  TimeoutError,
} from "../../mod.ts";
import { retryDelay } from "../../lib/core/retry.ts";
import { temporaryStatuses } from "../support/statuses.ts";

const state = { attempt: 1, remainingMs: 30_000, random: 0.5 };
const network = new NetworkError("It broke");
const status = (status: number, retryAfterMs?: number) =>
  new ApiError("It failed", {
    code: "unexpected_status",
    status,
    details: [],
    ...retryAfterMs !== undefined && { retryAfterMs },
  });

Deno.test("retryDelay() retries only temporary statuses", () => {
  const retried = Array.from({ length: 600 }, (_, i) => i)
    .filter((n) => retryDelay(status(n), state) !== undefined);
  assertEquals(retried, temporaryStatuses);
});

Deno.test("retryDelay() retries a network failure and a timeout, but no wrong argument or response", () => {
  const timeout = new TimeoutError(1, "response", "attemptTimeoutMs");
  for (const error of [network, timeout]) {
    assertEquals(retryDelay(error, state), 250);
  }
  const finals: RoomsError[] = [
    new InvalidArgumentError("id", "must be a UUID"),
    new InvalidResponseError("/data", "object", "null"),
    new ResponseTooLargeError(1),
  ];
  for (const error of finals) assertEquals(retryDelay(error, state), undefined);
});

Deno.test("retryDelay() doubles the longest wait up to maxDelayMs, with full jitter", () => {
  const waits = (random: number) =>
    [1, 2, 3, 4, 5, 6, 50].map((attempt) =>
      retryDelay(network, {
        ...state,
        attempt,
        random,
        retry: { maxAttempts: 100 },
      })
    );
  assertEquals(waits(0), [0, 0, 0, 0, 0, 0, 0]);
  assertEquals(waits(0.5), [250, 500, 1000, 2000, 4000, 4000, 4000]);
  // 2 to the power of 1024 is infinite, and 0 times that is no number
  const retry = { maxAttempts: 2000, baseDelayMs: 0 };
  const attempt = 1025;
  assertEquals(retryDelay(network, { ...state, attempt, retry }), 0);
});

Deno.test("retryDelay() retries an operation that is not repeatable only if it was not done", () => {
  const isRetried = (error: RoomsError) =>
    retryDelay(error, { ...state, repeatable: false }) !== undefined;
  assert(isRetried(status(429)) && isRetried(status(503, 10)));
  const maybe = temporaryStatuses.filter((n) => n !== 429)
    .flatMap((n) => [status(n), ...n === 503 ? [] : [status(n, 10)]]);
  for (const error of [network, ...maybe]) {
    assert(!isRetried(error), String(error));
  }
});

Deno.test("retryDelay() allows three attempts by default, and one with retry: false", () => {
  const retried = (retry?: false) =>
    [1, 2, 3, 4].filter((attempt) =>
      retryDelay(network, { ...state, attempt, retry }) !== undefined
    );
  assertEquals(retried(), [1, 2]);
  assertEquals(retried(false), []);
});

Deno.test("retryDelay() waits as long as the provider asks, unless that leaves no time for an attempt", () => {
  const retry = { maxDelayMs: 10 };
  assertEquals(retryDelay(status(429, 12_345), { ...state, retry }), 12_345);
  assertEquals(retryDelay(status(503, 0), state), 0);
  assertEquals(retryDelay(status(429, 29_999), state), 29_999);
  assertEquals(retryDelay(status(429, 30_000), state), undefined);
  const over = { ...state, random: 0, remainingMs: 0 };
  assertEquals(retryDelay(network, over), undefined);
});

Deno.test("retryDelay() waits exactly as asked, or as doubled, and within its bounds and the deadline", () => {
  const delay = fc.oneof(
    fc.constantFrom(0, 0.001, 1, 2 ** 31 - 1),
    fc.nat(10_000),
    fc.double({ min: 0, max: 2 ** 31 - 1, noNaN: true }),
  );
  const count = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.nat())
    .map((n) => Math.max(1, n));
  const asked = fc.double({ min: 0, noNaN: true });
  const input = fc.record({
    code: fc.constantFrom(404, 408, 429, 500, 503),
    retryAfterMs: fc.option(asked, { nil: undefined }),
    attempt: count,
    remainingMs: fc.double({ noNaN: true }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    retry: fc.record({
      maxAttempts: count,
      baseDelayMs: delay,
      maxDelayMs: delay,
    }),
  });
  let waits = 0;
  fc.assert(
    fc.property(input, ({ code, retryAfterMs, ...state }) => {
      const { attempt, remainingMs, random, retry } = state;
      const base = retry.baseDelayMs;
      const doubled = base === 0 ? 0 : base * 2 ** (attempt - 1);
      const longest = Math.min(retry.maxDelayMs, doubled);
      const expected = retryAfterMs ?? random * longest;
      const ms = retryDelay(status(code, retryAfterMs), state);
      const isRetried = code !== 404 && attempt < retry.maxAttempts &&
        expected < remainingMs;
      assertEquals(ms, isRetried ? expected : undefined);
      if (isRetried) waits++;
    }),
    { numRuns: 2000 },
  );
  assert(waits > 100, `only ${waits} waits`);
});

Deno.test("retryDelay() refuses a policy that is out of range, or has an unknown name", () => {
  for (const retry of [{ maxAttempts: 0 }, { maxAttemps: 5 }]) {
    const [name] = Object.keys(retry);
    const error = assertThrows(
      () => retryDelay(network, { ...state, retry }),
      InvalidArgumentError,
    );
    assertEquals(error.argument, `retry.${name}`);
  }
});
