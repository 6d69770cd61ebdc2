/**
 * A fake of the provider for your own tests: in memory, without a network.
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
import type { RoomParticipant } from "../participants.ts";
import type { Room } from "../rooms.ts";
import { settle } from "./due.ts";
import { checkFault, type Fault } from "./faults.ts";
import type { FakeRateLimit } from "./rate_limit.ts";
import { addRoom, changeRoom, copy, theRoom } from "./seed.ts";
import { join, leave, removeRoom } from "./sessions.ts";
import { activeSession, presentIn, type State, timestamp } from "./state.ts";
import { type FakeRequest, transport } from "./transport.ts";
import { roomView } from "./views.ts";
import { publicKey, type WebhookHandler, webhooks } from "./webhooks.ts";

export type { ApiErrorDetail } from "../errors.ts";
export type { RoomSession } from "../sessions.ts";
export type {
  FakeRateLimit,
  FakeRequest,
  Fault,
  Room,
  RoomParticipant,
  WebhookHandler,
};
export {
  type ServedRooms,
  serveRooms,
  type ServeRoomsOptions,
} from "./serve_rooms.ts";

/**
 * What a fake provider starts with.
 */
export interface FakeRoomsOptions {
  /** The rooms there are. Default: none. */
  rooms?: Iterable<Room>;
  /** The tokens that are accepted. Default: any that is not empty. */
  tokens?: Iterable<string>;
  /** Tokens that are known but may not see the rooms: 403. Default: none. */
  forbiddenTokens?: Iterable<string>;
  /** How many requests are answered in how long. Default: no limit. */
  rateLimit?: FakeRateLimit;
  /** The time, in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** Makes the ids of what is created. Default: `crypto.randomUUID`. */
  newId?: () => string;
  /**
   * Whether the body of a 403 and a 404 is the error by itself, as the reference
   * pages show it, and not `{"errors": […]}`. Default: false.
   */
  bareErrors?: boolean;
  /**
   * Called with a signed `Request` for each thing that happens in a room that
   * has a `webhook_event_url`, one after the other. Default: nothing is sent.
   */
  onWebhook?: WebhookHandler;
  /** Where webhooks go of a room that has no URL of its own. Default: nowhere. */
  webhookUrl?: string;
}

/** How someone joins a room. */
export interface JoinOptions {
  /** What the client gives for the person, such as a name. Default: nothing. */
  context?: string;
  /** The join token, which is then checked. Default: none is needed. */
  token?: string;
}

/**
 * A fake provider and what a test does with it.
 */
export interface FakeRooms {
  /** Answers as the provider does. Give it to the module in place of `fetch`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Every request so far, the oldest first. */
  readonly requests: readonly FakeRequest[];
  /** The rooms there are now, with their sessions and participants. */
  readonly rooms: readonly Room[];
  /** The ids of the participants who are muted. */
  readonly muted: readonly string[];
  /**
   * Adds a room.
   *
   * @throws {TypeError} If it is no room, or there is one of that id already.
   */
  addRoom(room: Room): void;
  /**
   * Changes fields of a room; a field set to undefined goes.
   *
   * @throws {TypeError} If there is no such room, or it would be none then.
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
   * Has someone join a room, as a client does: it begins a session if none is
   * going on, and recordings if the room records.
   *
   * @throws {TypeError} If there is no such room.
   * @throws {Error} If the room is full, or the token is not good for it.
   */
  join(roomId: string, options?: JoinOptions): RoomParticipant;
  /**
   * Has someone leave; the last one ends the session.
   *
   * @throws {Error} If they are in no session.
   */
  leave(participantId: string): void;
  /**
   * Who is in the room now, in the order in which they joined.
   *
   * @throws {TypeError} If there is no such room.
   */
  present(roomId: string): RoomParticipant[];
  /** The key that the fake's webhooks are signed with; it is always the same. */
  readonly publicKey: string;
  /**
   * Resolves when every webhook so far has been taken, or given up.
   *
   * @throws {Error} If the runtime can't sign: Web Crypto has no Ed25519 there.
   */
  delivered(): Promise<void>;
  /**
   * Orders a fault for the next `times` requests; several orders are served
   * one after the other.
   *
   * @throws {RangeError} If its status is not from 200 to 599.
   */
  fault(fault: Fault, times?: number): void;
}

/**
 * Makes a fake provider. It carries out every operation as the provider's
 * documentation says, below any base, on rooms in memory: what one request
 * changes, the next one finds.
 *
 * A room needs no more than its `id`: fields that a seed leaves out are filled
 * in (a field set to undefined stays out).
 *
 * Where the documentation is silent, this is what it chose:
 *
 * - **Errors** are in the general form, `{"errors": […]}`. A path, an id or a
 *   method that is not there is a 404: code 10003 for a path or method, 10005 for
 *   an id. An id that is not a UUID is a 400 with code 10006, a parameter of the
 *   query that is out of its range a 400 with code 10015, a body that is not JSON
 *   a 400 with code 10023, and a field of it that is not as documented a 422;
 *   the error names the parameter or the field. Parameters and fields that are
 *   not documented are not looked at.
 * - **What clients send** is taken: a slash at the end of a path, `True` and
 *   `False`, a day as a date with a time, of which the day is read. A join token
 *   is refreshed without `Authorization` as well; anything else without a good
 *   token is a 401, and does not count for the rate limit.
 * - **A 429** has a `Retry-After`, the seconds of `x-ratelimit-reset`.
 * - **Lists** are in the order in which things came to be. Filters add up, and
 *   what lacks the field meets none. Names and contexts have to be the same, case
 *   included; a day is the one in UTC, bounds included; one number for
 *   `filter[duration_secs]` is the least. A page past the last one is empty, and
 *   without any items there are 0 pages.
 * - **A room** that is created has null for what it was not given, `""` for the
 *   failover URL, and no `sessions`. A name that another room has is a 422. A
 *   change keeps the fields that it leaves out, and null is kept as null.
 * - **A seed** of a room gets a name; give it `unique_name: null` to have one
 *   without. Its `active_session_id` is a session that is going on; if it is left
 *   out, it is the first active one of its `sessions`, else null. These are of
 *   that room, and their participants of that session, whatever they say.
 * - **`sessions` and `participants`** are there if they are asked for, empty if
 *   there are none, else absent. So are `ended_at`, `left_at` and `context` until
 *   there is something to say.
 * - **A session** begins when the first one joins, and ends when the last one
 *   leaves or is kicked. One that has ended is a 422 "No private_ip for room" for
 *   every action on it. So are participants who were never in it, but not those
 *   who have left. Who leaves is not muted any more.
 * - **Deleting a room** ends its session. Its sessions, recordings and the like
 *   stay; its tokens are good for nothing.
 * - **Join tokens** look like the provider's, but are not signed. A refresh token
 *   that has ended, is unknown or is for another room is a 403.
 * - **Recordings**, one of sound and one of picture, begin when someone joins a
 *   room that records, end when they leave, and are ready a second later.
 * - **Compositions** are enqueued for a second, processed for another, and then
 *   ready. One without a session that there is is a 422.
 * - **Webhooks** are sent to the `webhook_event_url` of the room, of a composition
 *   its own; three times, then three times to the failover URL, without a wait,
 *   until one is taken. They say the attempt and the URL in `meta`. What becomes
 *   ready by itself is told at the next request, or by `delivered()`.
 * - **Every response** has an `x-request-id`, counted from
 *   `00000000-0000-4000-8000-000000000001`.
 *
 * @param options What there is, and who may see it.
 * @returns The fake.
 * @throws {TypeError} If one of the rooms is no room.
 *
 * @example A room that a test changes, and a fault that it orders
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 *
 * fake.changeRoom(id, { enable_recording: true });
 * fake.fault({ disconnect: "before-response" }); // once; then as it should be
 *
 * const room = await getRoom(fake.fetch, "any", id, {
 *   retry: { baseDelayMs: 1 },
 * });
 * assertEquals(room.enable_recording, true);
 * assertEquals(fake.requests.length, 2);
 * ```
 */
export function fakeRooms(options: FakeRoomsOptions = {}): FakeRooms {
  const state: State = {
    rooms: new Map(),
    sessions: new Map(),
    participants: new Map(),
    recordings: new Map(),
    compositions: new Map(),
    muted: new Set(),
    grants: new Map(),
    now: options.now ?? Date.now,
    newId: options.newId ?? (() => crypto.randomUUID()),
    emit: (type, payload, at) =>
      outbox?.emit(state, type, payload, timestamp(at)),
  };
  const outbox = options.onWebhook &&
    webhooks(options.onWebhook, options.webhookUrl);
  const access = {
    tokens: options.tokens && new Set(options.tokens),
    forbidden: new Set(options.forbiddenTokens),
    rateLimit: options.rateLimit,
    bareErrors: options.bareErrors ?? false,
  };
  const requests: FakeRequest[] = [];
  const faults: Fault[] = [];
  for (const room of options.rooms ?? []) addRoom(state, room);

  return {
    fetch: transport(state, access, { requests, faults }),
    requests,
    get rooms() {
      return [...state.rooms.values()].map((room) =>
        copy(roomView(state, room, true))
      );
    },
    get muted() {
      return [...state.muted];
    },
    addRoom: (room) => addRoom(state, room),
    changeRoom: (id, changes) => changeRoom(state, id, changes),
    removeRoom: (id) => removeRoom(state, theRoom(state, id)),
    join: (roomId, options = {}) => join(state, roomId, options),
    leave: (participantId) => leave(state, participantId),
    present(roomId) {
      const session = activeSession(state, theRoom(state, roomId).id);
      return copy(session ? presentIn(state, session.id) : []);
    },
    publicKey,
    async delivered() {
      settle(state);
      await outbox?.delivered();
    },
    fault(fault, times = 1) {
      checkFault(fault);
      for (let i = 0; i < times; i++) faults.push(fault);
    },
  };
}
