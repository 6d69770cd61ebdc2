// The one room of a name.
import { checkArgument, delayFrom, nameText } from "../core/arguments.ts";
import { callOptionNames, type CallOptions } from "../core/call_options.ts";
import { ApiError, RoomsError } from "../core/errors.ts";
import { secretsOf } from "../core/foreign.ts";
import { readOptions } from "../core/options.ts";
import { toPlainJson } from "../core/plain_json.ts";
import { makeRequest } from "../core/request.ts";
import {
  createRoomOperation,
  type Room,
  type RoomFields,
} from "../core/rooms.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { allRooms, createRoom } from "./rooms.ts";
import { sleep } from "./timer.ts";

/** The fields of a room that has a name. */
export interface NamedRoomFields extends RoomFields {
  /** The name, unique within the account. */
  unique_name: string;
}

/** Milliseconds before each look at a list that may lag behind a creation. */
const lookAgainMs = [0, 250, 500, 1000];

/** Whether the room may exist, although creating it failed. */
function mayExist(error: unknown): boolean {
  const isTaken = error instanceof ApiError && error.status === 422;
  return isTaken || (error instanceof RoomsError && error.mayHaveTakenEffect);
}

/**
 * Gives the one room of a name: looks it up, and creates it if there is none. It is
 * idempotent: repeat it after any error. If several callers do it at once, they all
 * get the same room.
 *
 * Names are compared exactly. The other fields are only for a new room: those of a
 * room that is found are neither compared nor changed.
 *
 * If the creation is refused with a 422 (another caller was faster), or only its
 * response was lost, it looks up the name up to four times within two seconds, since
 * the list may lag. If there is still no such room, it rejects with the error of the
 * creation.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param room The room's fields, with its `unique_name`.
 * @param opts Call options; `timeoutMs` bounds it as a whole.
 * @returns The room.
 * @throws {RoomsError} As {@linkcode createRoom} and {@linkcode listRooms} do.
 * @throws The signal's reason, if `opts.signal` aborts.
 *
 * @example The same room for everyone who asks for it
 * ```ts
 * import { findOrCreateRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = fakeRooms();
 * const fields = { unique_name: "Standup", max_participants: 8 };
 * const [first, second] = await Promise.all([
 *   findOrCreateRoom(fetch, "any", fields),
 *   findOrCreateRoom(fetch, "any", fields),
 * ]);
 * assertEquals(first.id, second.id);
 * ```
 */
export async function findOrCreateRoom(
  fetchFn: FetchFn,
  token: string,
  room: NamedRoomFields,
  opts: CallOptions = {},
): Promise<Room> {
  const secrets = secretsOf(token);
  const options = readOptions("", opts, callOptionNames, secrets);
  // Read once, so that what was checked is what is used
  const fields = toPlainJson("room", room, secrets) as NamedRoomFields;
  const args = { ids: {}, payload: fields };
  makeRequest(createRoomOperation, token, args, options);
  const uniqueName = checkArgument(
    "room.unique_name",
    nameText,
    fields.unique_name,
    secrets,
  );

  const { signal, timeoutMs = 30_000 } = options;
  checkArgument("timeoutMs", delayFrom(1), timeoutMs);
  const end = performance.now() + timeoutMs;
  /** The options of a call within the time that is left. */
  const within = (): CallOptions => ({
    ...options,
    timeoutMs: Math.max(1, end - performance.now()),
  });
  const find = async (): Promise<Room | undefined> => {
    const rooms = allRooms(fetchFn, token, { ...within(), uniqueName });
    for await (const found of rooms) {
      if (found.unique_name === uniqueName) return found;
    }
  };

  const found = await find();
  if (found) return found;
  try {
    return await createRoom(fetchFn, token, fields, within());
  } catch (error) {
    if (!mayExist(error)) throw error;
    for (const waitMs of lookAgainMs) {
      if (performance.now() + waitMs >= end) break;
      await sleep(waitMs, signal);
      // The first error says more than one of looking again
      const created = await find().catch(() => undefined);
      signal?.throwIfAborted();
      if (created) return created;
    }
    throw error;
  }
}
