// Participants: the functions and their options.
import type { Page } from "../core/list.ts";
import {
  getParticipantOperation,
  listParticipantsOperation,
  type ListParticipantsOptions,
  type RoomParticipant,
} from "../core/participants.ts";
import type { CallOptions } from "../core/call_options.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { type AllOptions, paginate } from "./paginate.ts";

/**
 * Looks up a participant: `GET /room_participants/{room_participant_id}`
 * (Telnyx API reference, *View a room participant*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The participant's UUID.
 * @param opts Call options.
 * @returns The participant: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { getParticipant } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const alice = fake.join(id, { context: "Alice" });
 *
 * const { context } = await getParticipant(fake.fetch, "any", alice.id);
 * assertEquals(context, "Alice");
 * ```
 */
export async function getParticipant(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<RoomParticipant> {
  const args = { ids: { id } };
  return (await call(fetchFn, token, getParticipantOperation, args, opts)).data;
}

/**
 * Lists an account's participants, or those of one session, one page of them:
 * `GET /room_participants` (Telnyx API reference, *View a list of room
 * participants*). {@linkcode allParticipants} reads every page.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns The page.
 * @throws {RoomsError} As {@linkcode listRooms} does.
 *
 * @example
 * ```ts
 * import { listParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id } = fake.join(id, { context: "Alice" });
 *
 * const { data } = await listParticipants(fake.fetch, "any", {
 *   sessionId: session_id ?? "",
 * });
 * assertEquals(data.map(({ context }) => context), ["Alice"]);
 * ```
 */
export async function listParticipants(
  fetchFn: FetchFn,
  token: string,
  opts: ListParticipantsOptions = {},
): Promise<Page<RoomParticipant>> {
  const args = { ids: {} };
  return await call(fetchFn, token, listParticipantsOperation, args, opts);
}

/**
 * Yields every participant of an account, or of one session, page by page, by
 * the rules of {@linkcode allRooms}.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns A generator of the participants, which rejects as
 * {@linkcode listParticipants} does.
 *
 * @example
 * ```ts
 * import { allParticipants } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * for (const context of ["Alice", "Bob"]) fake.join(id, { context });
 *
 * const names = [];
 * for await (const { context } of allParticipants(fake.fetch, "any")) {
 *   names.push(context);
 * }
 * assertEquals(names, ["Alice", "Bob"]);
 * ```
 */
export function allParticipants(
  fetchFn: FetchFn,
  token: string,
  opts: ListParticipantsOptions & AllOptions = {},
): AsyncGenerator<RoomParticipant, void, undefined> {
  return paginate(fetchFn, token, listParticipantsOperation, opts);
}
