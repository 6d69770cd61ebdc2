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
import { isRecord } from "../../lib/core/redact.ts";
import { example, id } from "../support/example.ts";

const ms = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.nat({ max: 40_000 }));

/** What a server responds after a while, with a body in several pieces. */
const answer = fc.record({
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
  /** Whether the body is complete, stalls or breaks off at the end. */
  end: fc.constantFrom("whole", "stalls", "breaks"),
});

/** What the server does with one request. */
const anyBehavior = fc.oneof(
  answer,
  /** Breaks the connection after a while. */
  fc.record({ kind: fc.constant("break" as const), afterMs: ms }),
  /** Never responds, and may ignore the abort as well. */
  fc.record({
    kind: fc.constant("silence" as const),
    ignoresAbort: fc.boolean(),
  }),
);

type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer T> ? T : never;
export type Answer = Of<typeof answer>;
type Behavior = Of<typeof anyBehavior>;

/** What the server does after the script. */
const success: Answer = {
  kind: "answer",
  afterMs: 0,
  status: 200,
  retryAfter: undefined,
  pieces: 1,
  gapMs: 0,
  end: "whole",
};

/** Any scenario: the script of the server, and the options of the caller. */
export const scenario = fc.record({
  /** The behavior for each request; after the last one, the room. */
  script: fc.array(anyBehavior, { maxLength: 6 }),
  timeoutMs: fc.integer({ min: 1, max: 60_000 }),
  attemptTimeoutMs: fc.integer({ min: 1, max: 60_000 }),
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  baseDelayMs: fc.nat({ max: 2000 }),
  maxDelayMs: fc.nat({ max: 10_000 }),
  abortAtMs: fc.option(fc.nat({ max: 60_000 }), { nil: undefined }),
});
/** Whether a response of this status has no body. */
export const isEmpty = (status: number) => [204, 205, 304].includes(status);

/** The server's end of an exchange: how it responds. */
interface Channel {
  head(answer: Answer): void;
  piece(bytes: Uint8Array): void;
  /** The response is whole. */
  end(): void;
  break(): void;
}

/** One request to the server. */
interface Exchange {
  ignoresAbort: boolean;
  signal: AbortSignal | undefined;
  isOver: boolean;
  /** Ends it from the client's side. */
  stop(): void;
}

const room = new TextEncoder().encode(JSON.stringify(example));

/** A server in virtual time that follows a script, and a record of it. */
export class ScriptedServer {
  readonly exchanges: Exchange[] = [];
  /** What went on while the next request came. */
  readonly overlaps: string[] = [];
  /** When each attempt began. */
  readonly begun: number[] = [];
  /** The timers of its own that it has now. */
  readonly timers = new Set<unknown>();
  readonly #script: Behavior[];

  constructor(script: Behavior[]) {
    this.#script = script;
  }

  /** Notes that an attempt begins: no request may go on. */
  begin(): void {
    for (const [i, { isOver, signal }] of this.exchanges.entries()) {
      if (!isOver && !signal?.aborted) this.overlaps.push(`request ${i}`);
    }
    this.begun.push(Date.now());
  }

  /** Responds to a request by its channel. */
  respond(channel: Channel, signal?: AbortSignal): Exchange {
    const behavior = this.#script[this.exchanges.length] ?? success;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const exchange: Exchange = {
      ignoresAbort: behavior.kind === "silence" && behavior.ignoresAbort,
      signal,
      isOver: false,
      stop: () => {
        exchange.isOver = true;
        clearTimeout(timer);
        this.timers.delete(timer);
      },
    };
    this.exchanges.push(exchange);
    const after = (ms: number, act: () => void) => {
      const own = timer = setTimeout(() => {
        this.timers.delete(own);
        act();
      }, ms);
      this.timers.add(own);
    };
    const end = () => {
      exchange.stop();
      channel.end();
    };
    if (behavior.kind === "silence") return exchange;
    if (behavior.kind === "break") {
      after(behavior.afterMs, () => channel.break());
      return exchange;
    }
    const { pieces, gapMs, status, afterMs } = behavior;
    const size = Math.ceil(room.length / pieces);
    const next = (i: number) => {
      if (i < pieces) {
        channel.piece(room.slice(i * size, (i + 1) * size));
        after(gapMs, () => next(i + 1));
      } else if (behavior.end === "whole") end();
      else if (behavior.end === "breaks") channel.break();
    };
    after(afterMs, () => {
      channel.head(behavior);
      if (isEmpty(status)) end();
      else next(0);
    });
    return exchange;
  }
}

/** A `fetchFn` to a server, which responds as `fetch` does. */
export function viaFetch(server: ScriptedServer): FetchFn {
  return (_, { signal }) => {
    if (!signal) throw new Error("The request has no signal");
    server.begin();
    return new Promise((resolve, reject) => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const fail = (reason: unknown) => {
        reject(reason);
        controller?.error(reason);
      };
      const exchange = server.respond({
        head({ status, retryAfter }) {
          const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
            start: (own) => void (controller = own),
            cancel: () => exchange.stop(),
          });
          const headers = new Headers();
          if (retryAfter !== undefined) headers.set("retry-after", retryAfter);
          const init = { status, headers };
          resolve(new Response(isEmpty(status) ? null : body, init));
        },
        piece: (bytes) => controller?.enqueue(bytes),
        end: () => controller?.close(),
        break: () => {
          exchange.stop();
          fail(new TypeError("broke"));
        },
      }, signal);
      if (exchange.ignoresAbort) return;
      signal.addEventListener("abort", () => {
        if (exchange.isOver) return;
        exchange.stop();
        fail(signal.reason);
      });
    });
  };
}

/** Plays a scenario with a server; returns the laws that it breaks. */
export async function playScenario(
  played: Of<typeof scenario>,
  connect: (server: ScriptedServer) => FetchFn,
): Promise<string[]> {
  const { script, abortAtMs, timeoutMs, attemptTimeoutMs, ...retry } = played;
  // What node:http does next is no matter of time
  const clock = FakeTimers.install({
    now: 0,
    toNotFake: ["nextTick", "queueMicrotask"],
  });
  try {
    const server = new ScriptedServer(script);
    const { exchanges, begun } = server;
    const controller = new AbortController();
    const reason = { because: "the caller gave up" };
    if (abortAtMs !== undefined) {
      setTimeout(() => controller.abort(reason), abortAtMs);
    }
    const events: AttemptEvent[] = [];
    let settledAt = Infinity;
    let timers = 0;
    const settle = (value: unknown) => {
      settledAt = Date.now();
      timers = clock.countTimers() - server.timers.size;
      return value;
    };
    const call = getRoom(connect(server), "KEY", id, {
      timeoutMs,
      attemptTimeoutMs,
      retry,
      signal: controller.signal,
      onAttempt: (event) => events.push(event),
    }).then(settle, settle);
    await clock.tickAsync(timeoutMs + 1);
    if (settledAt === Infinity) return ["It settles by its deadline"];
    const outcome = await call;
    await clock.tickAsync(0); // connections close a moment later

    const aborted = outcome === reason;
    const last = events.at(-1);
    const abortMs = abortAtMs ?? Infinity;
    const isError = outcome instanceof RoomsError;
    const laws = {
      "It rejects with the reason as soon as it is aborted, and ends then":
        aborted ? settledAt === abortMs : settledAt <= abortMs,
      "There are at most maxAttempts attempts":
        begun.length <= retry.maxAttempts,
      "onAttempt is called for each attempt, in order":
        events.every(({ attempt }, i) => attempt === i + 1) &&
        begun.length - events.length <= (aborted ? 1 : 0),
      "There are never two requests at once": server.overlaps.length === 0,
      "It rejects with the error of the last attempt": !isError ||
        (outcome === last?.error && outcome.attempts === begun.length),
      "The outcome is a room after a 200, a RoomsError or the reason":
        aborted || isError ||
        (last?.status === 200 && isRecord(outcome) && outcome.id === id),
      "No attempt is longer than attemptTimeoutMs": events
        .every(({ durationMs }) => durationMs <= attemptTimeoutMs),
      "It waits for waitMs": events.every(({ waitMs = 0, durationMs }, i) =>
        (begun[i + 1] ?? Infinity) >=
          Math.floor((begun[i] ?? 0) + durationMs + waitMs)
      ),
      "Nothing is left open": exchanges.every(
        ({ ignoresAbort, isOver, signal }) =>
          ignoresAbort && signal ? signal.aborted : isOver,
      ),
      "No timer is left behind":
        timers <= (abortMs < Infinity && abortMs > settledAt ? 1 : 0),
    };
    return Object.entries(laws).flatMap(([law, holds]) => holds ? [] : [law]);
  } finally {
    clock.uninstall();
  }
}
