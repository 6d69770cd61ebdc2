/**
 * Random scenarios with a misbehaving server, in virtual time, and the laws that
 * every call keeps.
 */
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import {
  type AttemptEvent,
  type FetchFn,
  getRoom,
  RoomsError,
} from "../../mod.ts";
import { example, id } from "../support/example.ts";

/** What the server does with one request. */
export type Behavior =
  /** Responds after a while, with a body in several pieces. */
  | {
    kind: "answer";
    afterMs: number;
    status: number;
    retryAfter?: string | undefined;
    pieces: number;
    gapMs: number;
    /** Whether the body is complete, stalls or breaks off at the end. */
    end: "whole" | "stalls" | "breaks";
  }
  /** Breaks the connection after a while. */
  | { kind: "break"; afterMs: number }
  /** Never responds, and may ignore the abort as well. */
  | { kind: "silence"; ignoresAbort: boolean };

/** What the server does after the script. */
export const success: Behavior = {
  kind: "answer",
  afterMs: 0,
  status: 200,
  pieces: 1,
  gapMs: 0,
  end: "whole",
};

/** One scenario: the script of the server, and the options of the caller. */
export interface Scenario {
  /** The behavior for each request; after the last one, the room. */
  script: Behavior[];
  timeoutMs: number;
  attemptTimeoutMs: number;
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  abortAtMs: number | undefined;
}

const ms = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.nat({ max: 40_000 }));

const anyBehavior: fc.Arbitrary<Behavior> = fc.oneof(
  fc.record({
    kind: fc.constant("answer" as const),
    afterMs: ms,
    status: fc.oneof(
      fc.constantFrom(200, 429, 500, 503, 404, 302),
      fc.integer({ min: 200, max: 599 }),
    ),
    retryAfter: fc.option(
      fc.oneof(fc.nat({ max: 40 }).map(String), fc.constant("soon")),
      { nil: undefined },
    ),
    pieces: fc.integer({ min: 1, max: 5 }),
    gapMs: fc.oneof(fc.constant(0), ms),
    end: fc.constantFrom("whole", "stalls", "breaks"),
  }),
  fc.record({ kind: fc.constant("break" as const), afterMs: ms }),
  fc.record({
    kind: fc.constant("silence" as const),
    ignoresAbort: fc.boolean(),
  }),
);

/** Any scenario. */
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  script: fc.array(anyBehavior, { maxLength: 6 }),
  timeoutMs: fc.integer({ min: 1, max: 60_000 }),
  attemptTimeoutMs: fc.integer({ min: 1, max: 60_000 }),
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  baseDelayMs: fc.nat({ max: 2000 }),
  maxDelayMs: fc.nat({ max: 10_000 }),
  abortAtMs: fc.option(fc.nat({ max: 60_000 }), { nil: undefined }),
});

const room = new TextEncoder().encode(JSON.stringify(example));

/** One request to the server. */
export interface Exchange {
  ignoresAbort: boolean;
  done: boolean;
  signal: AbortSignal;
}

/** A server in virtual time, and a record of its requests. */
export interface Server {
  fetchFn: FetchFn;
  exchanges: Exchange[];
  /** What went on while the next request came. */
  overlaps: string[];
  /** When each attempt began. */
  begun: number[];
  /** How many timers of its own it has, which end soon after an abort. */
  timers(): number;
}

/** A server that responds as `fetch` does. */
function server(script: Behavior[]): Server {
  const exchanges: Exchange[] = [];
  const overlaps: string[] = [];
  const begun: number[] = [];

  function body(
    { pieces, gapMs, end }: Behavior & { kind: "answer" },
    exchange: Exchange,
  ): ReadableStream<Uint8Array> {
    const size = Math.ceil(room.length / pieces);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      clearTimeout(timer);
      exchange.done = true;
    };
    return new ReadableStream<Uint8Array>({
      start(controller) {
        const next = (i: number) => {
          const last = i === pieces;
          if (last && end === "stalls") return;
          if (last && end === "breaks") {
            stop();
            return controller.error(new TypeError("broke"));
          }
          if (last) {
            stop();
            return controller.close();
          }
          controller.enqueue(room.slice(i * size, (i + 1) * size));
          timer = setTimeout(() => next(i + 1), gapMs);
        };
        next(0);
        exchange.signal.addEventListener("abort", () => {
          if (exchange.done) return;
          stop();
          controller.error(exchange.signal.reason);
        });
      },
      cancel: stop,
    });
  }

  function fetchFn(
    _: string,
    { signal }: { signal?: AbortSignal },
  ): Promise<Response> {
    if (!signal) throw new Error("The request has no signal");
    // Earlier requests must have ended, or been aborted
    for (const [i, { done, signal }] of exchanges.entries()) {
      if (!done && !signal.aborted) overlaps.push(`request ${i} goes on`);
    }
    begun.push(Date.now());
    const behavior = script[exchanges.length] ?? success;
    const ignoresAbort = behavior.kind === "silence" && behavior.ignoresAbort;
    const exchange: Exchange = { ignoresAbort, done: false, signal };
    exchanges.push(exchange);
    return new Promise((resolve, reject) => {
      if (ignoresAbort) return;
      const timer = behavior.kind === "silence" ? undefined : setTimeout(() => {
        if (behavior.kind === "break") {
          exchange.done = true;
          return reject(new TypeError("broke"));
        }
        const { status, retryAfter } = behavior;
        const empty = [204, 205, 304].includes(status);
        exchange.done = empty;
        const headers: Record<string, string> = retryAfter === undefined
          ? {}
          : { "retry-after": retryAfter };
        resolve(
          new Response(empty ? null : body(behavior, exchange), {
            status,
            headers,
          }),
        );
      }, behavior.afterMs);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        exchange.done = true;
        reject(signal.reason);
      });
    });
  }
  return { fetchFn, exchanges, overlaps, begun, timers: () => 0 };
}

/** Plays a scenario with a server; returns the laws that it breaks. */
export async function playScenario(
  scenario: Scenario,
  serve: (script: Behavior[], whole: Uint8Array) => Server = server,
): Promise<string[]> {
  const { script, abortAtMs, timeoutMs, attemptTimeoutMs, ...retry } = scenario;
  // What node:http does next is no matter of time
  const clock = FakeTimers.install({
    now: 0,
    toNotFake: ["nextTick", "queueMicrotask"],
  });
  const broken: string[] = [];
  const law = (name: string, holds: boolean) => holds || broken.push(name);
  try {
    const { fetchFn, exchanges, overlaps, begun, ...served } = serve(
      script,
      room,
    );
    const controller = new AbortController();
    const reason = { because: "the caller gave up" };
    if (abortAtMs !== undefined) {
      setTimeout(() => controller.abort(reason), abortAtMs);
    }
    const events: AttemptEvent[] = [];
    let settledAt: number | undefined;
    let timers = 0;
    let outcome: unknown;
    const call = getRoom(fetchFn, "KEY", id, {
      timeoutMs,
      attemptTimeoutMs,
      retry,
      signal: controller.signal,
      onAttempt: (event) => events.push(event),
    }).catch((error: unknown) => error).then((value) => {
      settledAt = Date.now();
      timers = clock.countTimers() - served.timers();
      outcome = value;
    });
    await clock.tickAsync(timeoutMs + 1);
    law("It settles by its deadline", settledAt !== undefined);
    if (settledAt === undefined) return broken;
    await call;
    await clock.tickAsync(0); // connections close a moment later

    const aborted = outcome === reason;
    const last = events.at(-1);
    law(
      "It rejects with the reason as soon as it is aborted",
      !aborted || settledAt === abortAtMs,
    );
    law(
      "It does not go on after an abort",
      abortAtMs === undefined || settledAt <= abortAtMs,
    );
    law(
      "There are at most maxAttempts attempts",
      begun.length <= retry.maxAttempts,
    );
    law(
      "onAttempt is called for each attempt, in order",
      events.every(({ attempt }, i) => attempt === i + 1) &&
        begun.length - events.length <= (aborted ? 1 : 0),
    );
    law("There are never two requests at once", overlaps.length === 0);
    law(
      "It rejects with the error of the last attempt",
      aborted || !(outcome instanceof RoomsError) ||
        (outcome === last?.error && outcome.attempts === begun.length),
    );
    law(
      "The outcome is a room, a RoomsError or the reason of the abort",
      aborted || outcome instanceof RoomsError ||
        (outcome as { id?: unknown })?.id === id,
    );
    law(
      "It resolves only after a 200",
      outcome instanceof Error || aborted || last?.status === 200,
    );
    for (const [i, { waitMs, durationMs }] of events.entries()) {
      law(
        "No attempt is longer than attemptTimeoutMs",
        durationMs <= attemptTimeoutMs,
      );
      const next = begun[i + 1];
      if (next === undefined || waitMs === undefined) continue;
      const ended = (begun[i] ?? 0) + durationMs;
      law(
        "It waits for waitMs",
        next >= Math.floor(ended + waitMs),
      );
    }
    law(
      "Nothing is left open",
      exchanges.every(({ ignoresAbort, done, signal }) =>
        ignoresAbort ? signal.aborted : done
      ),
    );
    const abortTimers = abortAtMs !== undefined && abortAtMs > settledAt
      ? 1
      : 0;
    law("No timer is left behind", timers <= abortTimers);
    return broken;
  } finally {
    clock.uninstall();
  }
}
