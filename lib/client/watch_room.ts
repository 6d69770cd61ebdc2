// Watches a room by polling its sessions.
import { checkArgument } from "../core/arguments.ts";
import { secretsOf } from "../core/foreign.ts";
import { toMs } from "../core/instant.ts";
import { callOptionNames, type CallOptions } from "../core/call_options.ts";
import { readOptions } from "../core/options.ts";
import { type SessionEvent, sessionEvents } from "../core/session_events.ts";
import {
  isActive,
  listSessionsOperation,
  type ListSessionsOptions,
  type RoomSession,
} from "../core/sessions.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { readWholeList } from "./paginate.ts";
import { poller, pollInterval } from "./poll.ts";
import { getRoom } from "./rooms.ts";
import { sleep } from "./timer.ts";

/** Options for `watchRoom`. */
export interface WatchRoomOptions extends CallOptions {
  /**
   * Milliseconds between polls, at least 100. Longer after a temporary failure:
   * up to a minute, or as long as Telnyx asks.
   *
   * @default {5000}
   */
  intervalMs?: number | undefined;
}

const dayMs = 86_400_000;

/**
 * The day before a time, since the time zone of filters is not documented.
 * Undefined if its year has not four digits: no filter can name it.
 */
function dayBefore(ms: number): string | undefined {
  const day = new Date(ms - dayMs).toISOString().slice(0, 10);
  return /^\d{4}-/.test(day) ? day : undefined;
}

/**
 * The first day whose sessions can still have new events: those that are
 * active, and those that start after the newest. It relies only on
 * Telnyx's clock. Undefined if the start of an active session is unknown, or
 * that of all.
 */
function firstDay(sessions: RoomSession[]): string | undefined {
  let newest = -Infinity;
  let oldestActive = Infinity;
  for (const session of sessions) {
    const start = toMs(session.created_at);
    const active = isActive(session);
    const isKnown = !Number.isNaN(start);
    if (active && !isKnown) return undefined;
    if (active) oldestActive = Math.min(oldestActive, start);
    if (isKnown) newest = Math.max(newest, start);
  }
  const first = Math.min(newest, oldestActive);
  return Number.isFinite(first) ? dayBefore(first) : undefined;
}

/** Makes a function that asks for a room's new events. */
function newEventsOf(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions,
): () => Promise<SessionEvent[]> {
  const list = (query: ListSessionsOptions): Promise<RoomSession[]> => {
    const all = { ...opts, roomId: id, ...query };
    return readWholeList(fetchFn, token, listSessionsOperation, all);
  };
  /** The ids of the sessions that had ended before the first poll. */
  let endedIds: Set<string> | undefined;
  /** The ids of the events so far, and when their sessions started. */
  const seen = new Map<string, number>();
  let day: string | undefined;
  let isIdle = true;
  return async () => {
    if (isIdle) await getRoom(fetchFn, token, id, opts);
    if (!endedIds) {
      const all = await list({});
      day = firstDay(all);
      const ended = all.filter((session) => !isActive(session));
      endedIds = new Set(ended.map(({ id }) => id));
    }
    const listed = await list({
      includeParticipants: true,
      createdAt: day === undefined ? undefined : { gte: day },
    });
    isIdle = !listed.some(isActive);
    day = firstDay(listed) ?? day;
    // One that moves between pages meanwhile is listed twice
    const sessions = new Map(listed.map((session) => [session.id, session]));
    endedIds.forEach((id) => sessions.delete(id));
    const events = sessionEvents([...sessions.values()]);
    const newEvents = events.filter(({ id }) => !seen.has(id));

    const listedIds = new Set(events.map(({ id }) => id));
    const firstMs = Date.parse(day ?? "");
    for (const [id, startMs] of seen) {
      // Not because it is not listed: a list that lags may have it again
      if (startMs < firstMs && !listedIds.has(id)) seen.delete(id);
    }
    for (const { id, payload: { session_id } } of newEvents) {
      seen.set(id, toMs(sessions.get(session_id ?? "")?.created_at));
    }
    return newEvents;
  };
}

/**
 * Watches a room by polling, for programs without a public URL for webhooks. It
 * yields the same events of sessions and participants as webhooks deliver, so
 * code for one works with the other. It reads the records of sessions, so it
 * includes what happened between two polls, and yields no event twice.
 *
 * It starts with the active session, if there is one, from its first event.
 * Each poll requests the sessions of the last days with their participants
 * (`GET /room_sessions`) and, while no session is active, the room itself.
 *
 * An event's `id` is derived from the record, and differs from the webhook's.
 * `ended_reason` and `left_reason` are unknown and absent. The events of one
 * poll are in the order in which they happened.
 *
 * A poll keeps at most 1000 pages (250,000 sessions) and 256 MiB of JSON in memory,
 * and rejects if the server sends more. Each page has a call's own time limits.
 *
 * It never ends by itself: `break` out of the loop, or abort `opts.signal`.
 * Temporary failures (see `retryDelay`) delay the next poll; any other error is
 * thrown.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The room's UUID.
 * @param opts Polling interval, and call options.
 * @returns A generator of the events.
 * @throws {RoomsError} As {@linkcode getRoom} does; `not_found` once the room
 * is deleted; `invalid_response` if there are too many sessions.
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
  const known = ["intervalMs", ...callOptionNames];
  const options = readOptions("", opts, known, secretsOf(token));
  const { intervalMs = 5000, ...callOptions } = options;
  const { signal } = options;
  checkArgument("intervalMs", pollInterval, intervalMs);
  const ask = newEventsOf(fetchFn, token, id, callOptions);
  const poll = poller(ask, intervalMs, signal);
  for (;;) {
    const { value: events = [], waitMs } = await poll();
    for (const event of events) {
      signal?.throwIfAborted();
      yield event;
    }
    await sleep(waitMs, signal);
  }
}
