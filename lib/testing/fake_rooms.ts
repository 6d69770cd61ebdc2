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
import { checkFault, type Fault } from "./faults.ts";
import { join, leave, removeRoom } from "./sessions.ts";
import {
  activeSession,
  find,
  presentIn,
  roomView,
  sessionsOf,
  sessionView,
  setRoom,
  type State,
  theRoom,
} from "./state.ts";
import {
  type FakeRateLimit,
  type FakeRequest,
  transport,
} from "./transport.ts";

export type { ApiErrorDetail } from "../errors.ts";
export type { RoomSession } from "../sessions.ts";
export type { FakeRateLimit, FakeRequest, Fault, Room, RoomParticipant };

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
  /**
   * Orders a fault for the next `times` requests; several orders are served
   * one after the other.
   *
   * @throws {RangeError} If its status is not from 200 to 599.
   */
  fault(fault: Fault, times?: number): void;
}

/**
 * Makes a fake provider. It carries out the operations on rooms as the
 * provider's documentation says, below any base, on rooms in memory.
 *
 * A room needs no more than its `id`: fields that a seed leaves out are filled
 * in (a field set to undefined stays out).
 *
 * Where the documentation is silent, this is what it chose:
 *
 * - Without `include_sessions=true`, `sessions` is absent. With it, a room
 *   that never had a session has an empty array.
 * - `active_session_id` is the id of the first active session, else null;
 *   `ended_at` and `left_at` are as they were given.
 * - A room without webhooks has null for its URL, `""` for the failover URL, and
 *   null seconds, as recorded responses have. A room that is given no name gets
 *   one; give it `unique_name: null` to have a room without.
 * - The 404 of an id that is not there is the bare error that the reference
 *   page shows; every other error is in the general form, `{"errors": […]}`.
 *   Order a fault with status 404 to see that in the general form as well.
 * - The list of rooms is in the order in which they were added. `unique_name`
 *   has to be the same, case included; of timestamps, the first ten characters
 *   are compared, which is the day in UTC; filters add up, and a room without
 *   the field meets none.
 * - A page past the last one is empty, and without any rooms there are 0 pages.
 * - A room that is created is as the recorded responses have it: without a name
 *   it has null for one. A name that another room has is a 422, and so is a body
 *   with a field that is out of its range; one that is not JSON is a 400 with
 *   code 10023. A change keeps the fields that it leaves out.
 * - An id that is not a UUID is a 400 with code 10006; an `include_sessions` that
 *   is neither `true` nor `false`, a day that there is not, a `page[number]`
 *   below 1 and a `page[size]` not from 1 to 250 are a 400 with code 10015,
 *   which names the parameter; another path or method is a 404 with code 10003.
 *   Parameters that are not documented are not looked at.
 * - The token is checked before the rate limit, and only requests with a good
 *   token count. A 429 has no `Retry-After`.
 * - Every response has an `x-request-id`, counted from
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
    emit: () => {},
  };
  const access = {
    tokens: options.tokens && new Set(options.tokens),
    forbidden: new Set(options.forbiddenTokens),
    rateLimit: options.rateLimit,
    bareErrors: options.bareErrors ?? false,
  };
  const requests: FakeRequest[] = [];
  const faults: Fault[] = [];
  const addRoom = (room: Room) => {
    if (find(state.rooms, room?.id)) {
      throw new TypeError(
        `Cannot add room ${room.id} as it is there already: change it instead`,
      );
    }
    setRoom(state, room);
  };
  for (const room of options.rooms ?? []) addRoom(room);

  return {
    fetch: transport(state, access, { requests, faults }),
    requests,
    get rooms() {
      return [...state.rooms.values()].map((room) =>
        roomView(state, room, true)
      );
    },
    get muted() {
      return [...state.muted];
    },
    addRoom,
    changeRoom: (id, changes) =>
      setRoom(state, {
        ...theRoom(state, id),
        sessions: sessionsOf(state, id).map((session) =>
          sessionView(state, session, true)
        ),
        ...changes,
      } as Room),
    removeRoom: (id) => removeRoom(state, theRoom(state, id)),
    join: (roomId, options = {}) => join(state, roomId, options),
    leave: (participantId) => leave(state, participantId),
    present(roomId) {
      const session = activeSession(state, theRoom(state, roomId).id);
      return session ? presentIn(state, session.id) : [];
    },
    fault(fault, times = 1) {
      checkFault(fault);
      for (let i = 0; i < times; i++) faults.push(fault);
    },
  };
}
