/**
 * A fake provider for your tests, in memory and without a network.
 *
 * @example A whole test
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const rooms = [{ id, max_participants: 8 }];
 *
 * const room = await getRoom(fakeRooms({ rooms }).fetch, "any", id);
 * assertEquals(room.max_participants, 8);
 * ```
 *
 * @module
 */
import type { RoomParticipant } from "../core/participants.ts";
import { readOptions } from "../core/options.ts";
import type { RoomRecording } from "../core/recordings.ts";
import type { Room } from "../core/rooms.ts";
import type { RoomSession } from "../core/sessions.ts";
import { Activity } from "./activity.ts";
import { settle, settleAll } from "./due.ts";
import { checkedFault, type Fault } from "./faults.ts";
import { unservedBase } from "./files.ts";
import { type FakeRateLimit, type FakeRequest, Log } from "./log.ts";
import { rangeError } from "./refusal.ts";
import { respondToControl } from "./control.ts";
import { isControlUrl } from "./control_access.ts";
import { keepParts, type Parts } from "./parts.ts";
import { Records } from "./records.ts";
import * as seed from "./seed.ts";
import type { FakeRecording } from "./seed.ts";
import * as sessions from "./sessions.ts";
import {
  activeSession,
  empty,
  presentIn,
  roomView,
  type State,
  timestamp,
} from "./state.ts";
import { readRequest, transport } from "./transport.ts";
import {
  type FakeWebhook,
  type FakeWebhookAttempt,
  Outbox,
  publicKey,
  type WebhookFault,
  type WebhookHandler,
} from "./webhooks.ts";

export type { ApiErrorDetail } from "../core/errors.ts";
export type {
  FakeRateLimit,
  FakeRecording,
  FakeRequest,
  FakeWebhook,
  FakeWebhookAttempt,
  Fault,
  Room,
  RoomParticipant,
  RoomRecording,
  RoomSession,
  WebhookFault,
  WebhookHandler,
};
export {
  type EventToSign,
  type FakeEvent,
  signWebhook,
  type SignWebhookOptions,
} from "./sign_webhook.ts";
export {
  type ServedRooms,
  serveRooms,
  type ServeRoomsOptions,
} from "./serve_rooms.ts";

/**
 * Options for `fakeRooms`.
 */
export interface FakeRoomsOptions {
  /** The rooms to start with. */
  rooms?: Iterable<Room> | undefined;
  /** The tokens that are accepted. By default, any that is not empty. */
  tokens?: Iterable<string> | undefined;
  /** Tokens that get a 403. */
  forbiddenTokens?: Iterable<string> | undefined;
  /** The rate limit. */
  rateLimit?: FakeRateLimit | undefined;
  /**
   * The clock, in milliseconds since the epoch.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
  /**
   * Returns the id of a new record.
   *
   * @default {crypto.randomUUID}
   */
  newId?: (() => string) | undefined;
  /**
   * Whether the body of a 403 or 404 is the bare error, as on the reference
   * pages, instead of `{"errors": […]}`.
   *
   * @default {false}
   */
  bareErrors?: boolean | undefined;
  /**
   * Called with a signed `Request` for each event in a room that has a
   * `webhook_event_url`, one after the other. Without it, none are sent.
   */
  onWebhook?: WebhookHandler | undefined;
  /** The webhook URL of rooms that have none. */
  webhookUrl?: string | undefined;
}

/** Options for `join`. */
export interface JoinOptions {
  /** The participant's context, such as a name. */
  context?: string | undefined;
  /** A join token to check. */
  token?: string | undefined;
}

/** The names of the options; the compiler holds them complete. */
const optionNames = Object.keys(
  {
    rooms: true,
    tokens: true,
    forbiddenTokens: true,
    rateLimit: true,
    now: true,
    newId: true,
    bareErrors: true,
    onWebhook: true,
    webhookUrl: true,
  } satisfies Record<keyof FakeRoomsOptions, true>,
);
const joinNames = Object.keys(
  { context: true, token: true } satisfies Record<keyof JoinOptions, true>,
);

/**
 * A fake provider, with methods for tests.
 */
export interface FakeRooms {
  /** Responds as Telnyx does. Pass it in place of `fetch`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /**
   * The requests so far, the oldest first. The newest 10,000 are kept, or fewer
   * if they have more than 16 Mi (2^24) characters.
   */
  readonly requests: readonly FakeRequest[];
  /** The current rooms, with their sessions and participants. */
  readonly rooms: readonly Room[];
  /** The ids of muted participants. */
  readonly muted: readonly string[];
  /**
   * Adds a room.
   *
   * @throws {TypeError} If it is not a room, or its id is taken.
   */
  addRoom(room: Room): void;
  /**
   * Changes fields of a room; undefined removes a field.
   *
   * @throws {TypeError} If there is no such room, or a field would be wrong.
   */
  changeRoom(
    id: string,
    changes: { [K in keyof Room]?: Room[K] | undefined },
  ): void;
  /**
   * Removes a room.
   *
   * @throws {TypeError} If there is no such room.
   */
  removeRoom(id: string): void;
  /**
   * Adds a participant to a room, as a client does that joins it. This starts a
   * session if none is active, and recordings if the room records. The ids need
   * randomness, which workerd has only while it handles a request, not at module
   * scope: join there, or set `newId`.
   *
   * @throws {TypeError} If there is no such room.
   * @throws {Error} If the room is full, or the token is not valid for it.
   * @throws {InvalidArgumentError} If an option is unknown.
   */
  join(roomId: string, options?: JoinOptions): RoomParticipant;
  /**
   * Removes a participant; when the last one leaves, the session ends.
   *
   * @throws {Error} If the participant is not in a session.
   */
  leave(participantId: string): void;
  /**
   * The participants who are in the room now, in the order of joining.
   *
   * @throws {TypeError} If there is no such room.
   */
  present(roomId: string): RoomParticipant[];
  /**
   * Adds a recording, by default a completed one of a session of its own, with a
   * small file that a browser plays.
   *
   * @throws {TypeError} If it is not a recording, or its id is taken.
   * @throws {RangeError} If `bytes` is not an integer from 0.
   */
  addRecording(recording?: FakeRecording): RoomRecording;
  /**
   * Starts a session with nobody in it.
   *
   * @throws {TypeError} If there is no such room.
   * @throws {Error} If a session is active.
   */
  startSession(roomId: string): RoomSession;
  /**
   * Ends the active session of a room; everyone leaves it.
   *
   * @throws {TypeError} If there is no such room.
   * @throws {Error} If no session is active.
   */
  endSession(roomId: string): void;
  /**
   * Turns the recording of a room on or off, also of those who are in it.
   *
   * @throws {TypeError} If there is no such room.
   */
  record(roomId: string, isOn?: boolean): void;
  /**
   * Completes the ended recordings and the compositions of a room now, not a
   * second later. Returns how many that were.
   *
   * @throws {TypeError} If there is no such room.
   */
  complete(roomId: string): number;
  /**
   * Moves the clock forward; timers do not move, nor does the time at which
   * webhooks are signed.
   *
   * @throws {RangeError} If `ms` is negative, or no number.
   */
  forward(ms: number): void;
  /**
   * The events so far, the oldest first, each with its deliveries. The newest 1000
   * are kept.
   */
  readonly webhooks: readonly FakeWebhook[];
  /**
   * Sends a webhook again, with the same event id, as Telnyx may do.
   *
   * @throws {TypeError} If there is no event with this id, or it has no URL.
   */
  redeliver(eventId: string): void;
  /**
   * Injects a fault into the next `times` webhooks: they come twice
   * (`"duplicate"`), or after the one that follows them (`"reorder"`).
   *
   * @throws {TypeError} If there is no such fault.
   */
  webhookFault(fault: WebhookFault, times?: number): void;
  /** The public key that verifies the fake's webhooks; it never changes. */
  readonly publicKey: string;
  /**
   * Resolves when every webhook so far has been accepted or given up.
   *
   * @throws {Error} If the runtime's Web Crypto has no Ed25519.
   */
  delivered(): Promise<void>;
  /**
   * Injects a fault into the next `times` requests, after the faults that were
   * added before; with `Infinity`, into every further one.
   *
   * @throws {RangeError} If its status is not from 200 to 599.
   * @throws {TypeError} If its body cannot be written as JSON.
   * @throws {InvalidArgumentError} If a field of it is unknown.
   */
  fault(fault: Fault, times?: number): void;
  /**
   * Makes it as it was at first: the rooms that it was made with and nothing else,
   * no requests, no webhooks, no faults, no tokens, a clock that was not moved, a
   * rate limit that is not used, and no simulation.
   */
  reset(): void;
}

/**
 * Creates a fake provider. It carries out every operation as Telnyx's
 * documentation describes it, on rooms in memory and below any base URL.
 *
 * A room needs only an `id`: the fields that a seed leaves out are filled in. A
 * field set to undefined stays absent.
 *
 * Where the documentation is silent, the fake behaves as follows:
 *
 * - **Errors** have the general form, `{"errors": […]}`: a 404 with code 10003 for
 *   an unknown path or method, and with 10005 for an unknown id; a 400 with 10006
 *   for an id that is not a UUID, with 10015 for an invalid query parameter, and
 *   with 10023 for a body that is not JSON; a 422 for an invalid field. They name
 *   the parameter or the field. Undocumented ones are ignored.
 * - **Clients** may send a slash at the end of a path, `True` and `False`, and a
 *   date with a time for a day. Refreshing a join token works without
 *   `Authorization`; anything else without a valid token is a 401, which does not
 *   count against the rate limit.
 * - **A 429** has a `Retry-After` header, equal to `x-ratelimit-reset`.
 * - **Lists** are in the order of creation. An item has to match every filter; one
 *   without the field matches none. Names and contexts match exactly, including
 *   case; days are in UTC, and bounds inclusive; a number for
 *   `filter[duration_secs]` is the minimum. A page past the last one is empty, and
 *   an empty list has 0 pages.
 * - **A new room** has null for fields that were not given, `""` for the failover
 *   URL, and no `sessions`. A name that another room has is a 422. An update keeps
 *   the fields that it leaves out, and null as null.
 * - **A seed** gets a name unless it has `unique_name: null`. Its
 *   `active_session_id` adds an active session; by default, it is that of the first
 *   active one of its `sessions`, or null. Sessions belong to the room that they
 *   are in, and participants to their session, whatever their ids say.
 * - **`sessions` and `participants`** are present if requested, even if empty.
 *   `ended_at`, `left_at` and `context` are absent until they have a value.
 * - **A session** starts when the first participant joins, and ends when the last
 *   one leaves or is kicked. An action on an ended session is a 422 "No private_ip
 *   for room", one on participants who were never in it a 422 as well; those who
 *   left are ignored. Leaving ends a mute.
 * - **Deleting a room** ends its session and invalidates its tokens. Its sessions,
 *   recordings and compositions remain.
 * - **Join tokens** look like Telnyx's, but are not signed. A refresh token
 *   that is expired, unknown or for another room is a 403.
 * - **Recordings**, one of audio and one of video, start when someone joins a room
 *   that records, end when they leave, and are completed a second later.
 * - **Compositions** are enqueued for a second, processing for another, and then
 *   completed. One of an unknown session is a 422.
 * - **Files** of recordings are WebM, those of compositions MP4, of two seconds
 *   whatever the record says. A `download_url` is signed for an hour: then, or if
 *   it was altered, it is a 403, and a 404 once its record is deleted. It is below
 *   `https://files.invalid`, which the fake answers; for whoever asked by `http`,
 *   below `/_fake/files/` of the same host. Files have a strong `ETag`, ranges (one
 *   at a time) and `If-Range`, and count against no rate limit. A request that has
 *   an `Authorization` header is a 400 there, and has a `note` in `requests`.
 * - **Webhooks** go to the `webhook_event_url` of the room or the composition: three
 *   times, then three times to the failover URL, without a wait, until accepted;
 *   `meta` has the attempt and the URL. Completions are sent at the next request,
 *   or by `delivered()`.
 * - **Fake timers** may be installed at any time, even of `queueMicrotask` and
 *   `nextTick`: responses need none of them, and delays wait for the `setTimeout`
 *   of the moment.
 * - **Below `/_fake/`** of the same host are routes for scripts and a page, only for
 *   a loopback host: they are described in `docs/fake.md`.
 * - **Every response** has an `x-request-id`, counting from
 *   `00000000-0000-4000-8000-000000000001`.
 *
 * @param options What it starts with, and who may use it.
 * @returns The fake.
 * @throws {TypeError} If one of the rooms is not a room.
 * @throws {InvalidArgumentError} If an option is unknown.
 *
 * @example A room that changes, and a fault
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 *
 * fake.changeRoom(id, { enable_recording: true });
 * fake.fault({ disconnect: "before-response" }); // once
 *
 * const room = await getRoom(fake.fetch, "any", id, {
 *   retry: { baseDelayMs: 1 },
 * });
 * assertEquals(room.enable_recording, true);
 * assertEquals(fake.requests.length, 2);
 * ```
 */
export function fakeRooms(options: FakeRoomsOptions = {}): FakeRooms {
  const read = readOptions("", options, optionNames);
  const now = read.now ?? (() => Date.now());
  const clock = { aheadMs: 0 };
  const state: State = {
    rooms: new Records(),
    sessions: new Records("room_id"),
    participants: new Records("session_id"),
    recordings: new Records("session_id"),
    compositions: new Records("session_id"),
    muted: new Set(),
    grants: new Map(),
    fileBase: unservedBase,
    fileSizes: new Map(),
    // Looked up at each use, as a test may replace the clock later
    now: () => now() + clock.aheadMs,
    newId: read.newId ?? (() => crypto.randomUUID()),
    emit: (type, payload, at = state.now()) =>
      outbox.emit(state, type, payload, timestamp(at)),
  };
  const activity = new Activity(state.now);
  const outbox = new Outbox(
    read,
    now,
    (webhook) => activity.webhook(webhook),
  );
  const rateLimit = read.rateLimit &&
    readOptions("rateLimit", read.rateLimit, ["limit", "windowMs"]);
  const log = new Log(state.now, rateLimit);
  const seeds = seed.copy([...read.rooms ?? []]);
  for (const room of seeds) seed.addRoom(state, room);

  const api = transport(state, read, log, activity);
  const fake: FakeRooms = {
    async fetch(input, init) {
      const { request, signal } = await readRequest(input, init);
      return isControlUrl(request.url)
        ? await respondToControl(parts, request, signal)
        : await api(request, signal);
    },
    requests: log.requests,
    get webhooks() {
      return [...outbox.sent];
    },
    get rooms() {
      return state.rooms.of().map((room) =>
        seed.copy(roomView(state, room, true))
      );
    },
    get muted() {
      return [...state.muted];
    },
    // Read once: what is checked is what is kept
    addRoom: (room) => seed.addRoom(state, seed.copy(room)),
    changeRoom: (id, changes) => seed.changeRoom(state, id, changes),
    removeRoom: (id) => sessions.removeRoom(state, seed.theRoom(state, id)),
    join: (roomId, options = {}) =>
      sessions.join(state, roomId, readOptions("", options, joinNames)),
    leave: (participantId) => sessions.leave(state, participantId),
    present(roomId) {
      const { id } = seed.theRoom(state, roomId);
      return seed.copy(presentIn(state, activeSession(state, id)));
    },
    addRecording: (recording = {}) => seed.addRecording(state, recording),
    publicKey,
    startSession: (roomId) => sessions.startEmptySession(state, roomId),
    endSession: (roomId) => sessions.endActiveSession(state, roomId),
    record: (roomId, isOn = true) => sessions.record(state, roomId, isOn),
    complete: (roomId) => settleAll(state, seed.theRoom(state, roomId).id),
    forward(ms) {
      if (!(ms >= 0 && ms < Infinity)) {
        throw rangeError("move the clock", "ms", "a number from 0", ms);
      }
      clock.aheadMs += ms;
      settle(state);
    },
    redeliver: (eventId) => outbox.redeliver(eventId),
    webhookFault: (fault, times = 1) => outbox.addFault(fault, times),
    async delivered() {
      settle(state);
      await outbox.delivered();
    },
    fault(fault, times = 1) {
      const checked = checkedFault(fault);
      if (times > 0) log.faults.push({ fault: checked, times });
    },
    reset() {
      parts.simulation?.stop();
      empty(state);
      log.clear();
      outbox.clear();
      clock.aheadMs = 0;
      for (const room of seeds) seed.addRoom(state, room);
      parts.onReset?.();
      activity.clear();
    },
  };
  const parts: Parts = { fake, state, log, outbox, clock, activity };
  keepParts(parts);
  return fake;
}
