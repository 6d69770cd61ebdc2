// Sessions: the functions and their options.
import { ApiError, RoomsError } from "../core/errors.ts";
import { secretsOf } from "../core/foreign.ts";
import type { Page } from "../core/list.ts";
import { readOptions } from "../core/options.ts";
import {
  endSessionOperation,
  getSessionOperation,
  type GetSessionOptions,
  isActive,
  kickParticipantsOperation,
  listSessionsOperation,
  type ListSessionsOptions,
  muteParticipantsOperation,
  type Participants,
  type ParticipantsOptions,
  type RoomSession,
  unmuteParticipantsOperation,
} from "../core/sessions.ts";
import { callOptionNames, type CallOptions } from "../core/call_options.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { type AllOptions, paginate } from "./paginate.ts";

/**
 * Looks up a session: `GET /room_sessions/{room_session_id}` (Telnyx API
 * reference, *View a room session*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The session's UUID, such as a room's `active_session_id`.
 * @param opts Query and call options.
 * @returns The session: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example List who is present
 * ```ts
 * import { getSession } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id = "" } = fake.join(id, { context: "Alice" });
 *
 * const session = await getSession(fake.fetch, "any", session_id ?? "", {
 *   includeParticipants: true,
 * });
 * const there = session.participants?.filter(({ left_at }) => !left_at);
 * assertEquals(there?.map(({ context }) => context), ["Alice"]);
 * ```
 */
export async function getSession(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: GetSessionOptions = {},
): Promise<RoomSession> {
  const args = { ids: { id } };
  return (await call(fetchFn, token, getSessionOperation, args, opts)).data;
}

/**
 * Lists an account's sessions, or those of one room, one page at a time: `GET
 * /room_sessions` (Telnyx API reference, *View a list of room sessions*).
 * {@linkcode allSessions} reads every page.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns The page.
 * @throws {RoomsError} As {@linkcode listRooms} does.
 *
 * @example
 * ```ts
 * import { listSessions } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id: roomId }] });
 * const { session_id } = fake.join(roomId);
 *
 * const { data } = await listSessions(fake.fetch, "any", {
 *   roomId,
 *   active: true,
 * });
 * assertEquals(data.map(({ id }) => id), [session_id]);
 * ```
 */
export async function listSessions(
  fetchFn: FetchFn,
  token: string,
  opts: ListSessionsOptions = {},
): Promise<Page<RoomSession>> {
  const args = { ids: {} };
  return await call(fetchFn, token, listSessionsOperation, args, opts);
}

/**
 * Yields every session of an account, or of one room, page by page, by the
 * rules of {@linkcode allRooms}.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns A generator of the sessions, which rejects as
 * {@linkcode listSessions} does.
 *
 * @example
 * ```ts
 * import { allSessions } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id: roomId }] });
 * fake.leave(fake.join(roomId).id);
 * fake.join(roomId);
 *
 * const states = [];
 * for await (const { active } of allSessions(fake.fetch, "any", { roomId })) {
 *   states.push(active);
 * }
 * assertEquals(states, [false, true]);
 * ```
 */
export function allSessions(
  fetchFn: FetchFn,
  token: string,
  opts: ListSessionsOptions & AllOptions = {},
): AsyncGenerator<RoomSession, void, undefined> {
  return paginate(fetchFn, token, listSessionsOperation, opts);
}

/**
 * Ends a session and removes everyone from it: `POST
 * /room_sessions/{room_session_id}/actions/end` (Telnyx API reference, *End a
 * room session*). The room stays; the next person to join starts a new session.
 *
 * If the session has ended already, the response is a 422. After an attempt
 * whose response was lost, a 422 proves nothing: then the session is looked up,
 * and if it is not active, the call succeeds.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The session's UUID, such as a room's `active_session_id`.
 * @param opts Call options.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { endSession, getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * fake.join(id, { context: "Alice" });
 *
 * const room = await getRoom(fake.fetch, "any", id);
 * await endSession(fake.fetch, "any", room.active_session_id ?? "");
 * const { active_session_id } = await getRoom(fake.fetch, "any", id);
 * assertEquals(active_session_id, null);
 * ```
 */
export async function endSession(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<void> {
  const began = performance.now();
  const options = readOptions("", opts, callOptionNames, secretsOf(token));
  try {
    const ids = { id };
    await call(fetchFn, token, endSessionOperation, { ids }, options);
  } catch (error) {
    const isUncertain = error instanceof ApiError && error.status === 422 &&
      error.mayHaveTakenEffect;
    const leftMs = (options.timeoutMs ?? 30_000) - (performance.now() - began);
    if (!isUncertain || leftMs < 1) throw error;
    const session = await getSession(fetchFn, token, id, {
      ...options,
      timeoutMs: leftMs,
    }).catch((reason) => {
      options.signal?.throwIfAborted();
      // What went wrong with the look-up matters less
      if (reason instanceof RoomsError) throw error;
      throw reason;
    });
    if (isActive(session)) throw error;
  }
}

/**
 * Mutes participants of a session: `POST
 * /room_sessions/{room_session_id}/actions/mute` (Telnyx API reference, *Mute
 * participants in a room session*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to exclude, and call options.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { muteParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const [alice, bob] = [fake.join(id), fake.join(id)];
 *
 * const session = alice.session_id ?? "";
 * await muteParticipants(fake.fetch, "any", session, "all", {
 *   exclude: [alice.id],
 * });
 * assertEquals(fake.muted, [bob.id]);
 * ```
 */
export async function muteParticipants(
  fetchFn: FetchFn,
  token: string,
  sessionId: string,
  who: Participants,
  opts: ParticipantsOptions = {},
): Promise<void> {
  const args = { ids: { sessionId }, payload: who };
  await call(fetchFn, token, muteParticipantsOperation, args, opts);
}

/**
 * Unmutes participants of a session: `POST
 * /room_sessions/{room_session_id}/actions/unmute` (Telnyx API reference,
 * *Unmute participants in a room session*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to exclude, and call options.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { unmuteParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const [alice, bob] = [fake.join(id), fake.join(id)];
 *
 * const session = alice.session_id ?? "";
 * await unmuteParticipants(fake.fetch, "any", session, [alice.id, bob.id]);
 * assertEquals(fake.muted, []);
 * ```
 */
export async function unmuteParticipants(
  fetchFn: FetchFn,
  token: string,
  sessionId: string,
  who: Participants,
  opts: ParticipantsOptions = {},
): Promise<void> {
  const args = { ids: { sessionId }, payload: who };
  await call(fetchFn, token, unmuteParticipantsOperation, args, opts);
}

/**
 * Removes participants from a session: `POST
 * /room_sessions/{room_session_id}/actions/kick` (Telnyx API reference, *Kick
 * participants from a room session*). Their join tokens stay valid: they can
 * come back until the tokens expire.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param sessionId The session's UUID.
 * @param who The participants: `"all"`, or an array of at least one UUID.
 * @param opts Whom to exclude, and call options.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { kickParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const [alice, bob] = [fake.join(id), fake.join(id)];
 *
 * const session = alice.session_id ?? "";
 * await kickParticipants(fake.fetch, "any", session, [bob.id]);
 * assertEquals(fake.present(id).map(({ id }) => id), [alice.id]);
 * ```
 */
export async function kickParticipants(
  fetchFn: FetchFn,
  token: string,
  sessionId: string,
  who: Participants,
  opts: ParticipantsOptions = {},
): Promise<void> {
  const args = { ids: { sessionId }, payload: who };
  await call(fetchFn, token, kickParticipantsOperation, args, opts);
}
