import { checkArgument, inRange, maxTimerMs } from "./arguments.ts";
import type { CallOptions } from "./call.ts";
import { anyObject } from "./decode.ts";
import type { RoomsError } from "./errors.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { retryDelay } from "./retry.ts";
import { getRoom } from "./rooms.ts";
import { type SessionEvent, sessionEvents } from "./session_events.ts";
import {
  allSessions,
  type ListSessionsQuery,
  type RoomSession,
} from "./sessions.ts";
import { sleep } from "./timer.ts";

/** Options for `watchRoom`. */
export interface WatchRoomOptions extends CallOptions {
  /**
   * Milliseconds from one look to the next, at least 100. Default: 5000. After a
   * failure that may pass, it is longer: up to a minute, or as long as the
   * provider asks.
   */
  intervalMs?: number | undefined;
}

const interval = /* @__PURE__ */ inRange("number", 100);
const dayMs = 86_400_000;
const maxIntervalMs = 60_000;

const timeOf = ({ created_at }: RoomSession) => Date.parse(created_at ?? "");

/** A day before a time, since it is not documented where days begin. */
function dayBefore(ms: number): string {
  return new Date(ms - dayMs).toISOString().slice(0, 10);
}

/**
 * The day since which the sessions began that can still tell something new: those
 * that are going on, and those that come after the newest. It is the provider's
 * own clock that tells. Undefined for any day, if no time is known.
 */
function firstDay(sessions: RoomSession[]): string | undefined {
  const times = sessions.map(timeOf).filter((ms) => ms > 0);
  const going = sessions.filter(({ active }) => active).map(timeOf);
  const first = Math.min(Math.max(...times), ...going);
  return Number.isFinite(first) ? dayBefore(first) : undefined;
}

/** Makes what looks at a room, and returns the events that are new. */
function lookAt(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: WatchRoomOptions,
): () => Promise<SessionEvent[]> {
  const list = async (query: ListSessionsQuery): Promise<RoomSession[]> => {
    const all = allSessions(fetchFn, token, { ...opts, roomId: id, ...query });
    const sessions: RoomSession[] = [];
    for await (const session of all) sessions.push(session);
    return sessions;
  };
  /** The ids of sessions that had ended before it began. */
  let past: Set<string> | undefined;
  /** The ids of the events that the last look found, and all before. */
  let told = new Set<string>();
  let day: string | undefined;
  let isIdle = true;
  return async () => {
    if (isIdle) await getRoom(fetchFn, token, id, opts);
    if (!past) {
      const before = await list({});
      day = firstDay(before);
      past = new Set(before.filter((it) => !it.active).map(({ id }) => id));
    }
    const seen = await list({
      includeParticipants: true,
      createdAt: day === undefined ? undefined : { gte: day },
    });
    isIdle = !seen.some(({ active }) => active);
    day = firstDay(seen) ?? day;
    const events = sessionEvents(seen.filter(({ id }) => !past?.has(id)));
    const news = events.filter(({ id }) => !told.has(id));
    // What is not listed any more has nothing more to tell
    told = new Set(events.map(({ id }) => id));
    return news;
  };
}

/**
 * Watches what happens in a room without a public address: it yields the events
 * that webhooks tell of sessions and the people in them, so that code written
 * for one works with the other. Who came and left between two looks is told too,
 * from the records of the sessions; nothing is told twice.
 *
 * It begins with the session that is going on, if there is one, as if it had been
 * watched from its start. Each look asks for the sessions of the last days with
 * the people in them (`GET /room_sessions`), and while no session is going on,
 * whether the room is still there.
 *
 * An event's `id` is made of the id of what it is about, and is not that of the
 * webhook's event. Reasons are not known: `ended_reason` and `left_reason` are
 * absent. Events that are found at one look come in the order in which they
 * happened.
 *
 * It never ends by itself: `break` out of the loop, or abort `opts.signal`.
 * Failures that may pass (`retryDelay` says which) make the next look later; any
 * other is thrown.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param opts How often to look, and the options of every call.
 * @returns A generator of the events.
 * @throws {RoomsError} As {@linkcode getRoom} does, when the next event is asked
 * for: `not_found` once the room is gone.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example
 * ```ts
 * import { watchRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.leave(fake.join(id, { context: "Alice" }).id);
 * fake.join(id, { context: "Bob" });
 *
 * for await (const event of watchRoom(fake.fetch, "any", id)) {
 *   if (event.event_type === "video.room.participant.joined") {
 *     assertEquals(event.payload.context, "Bob");
 *     break;
 *   }
 * }
 * ```
 */
export async function* watchRoom(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: WatchRoomOptions = {},
): AsyncGenerator<SessionEvent, void, undefined> {
  checkArgument("opts", anyObject, opts);
  const { intervalMs = 5000, signal } = opts;
  checkArgument("intervalMs", interval, intervalMs);
  const look = lookAt(fetchFn, token, id, opts);
  const retry = {
    maxAttempts: maxTimerMs,
    baseDelayMs: intervalMs,
    maxDelayMs: Math.max(maxIntervalMs, intervalMs),
  };
  for (let failures = 0;;) {
    let waitMs = intervalMs;
    let events: SessionEvent[] = [];
    try {
      events = await look();
      failures = 0;
    } catch (thrown) {
      signal?.throwIfAborted();
      const delay = retryDelay(thrown as RoomsError, {
        attempt: ++failures,
        remainingMs: Infinity,
        random: Math.random(),
        retry,
      });
      if (delay === undefined) throw thrown;
      waitMs = Math.max(intervalMs, delay);
    }
    for (const event of events) {
      signal?.throwIfAborted();
      yield event;
    }
    await sleep(waitMs, signal);
  }
}
