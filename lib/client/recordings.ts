// Recordings: the functions and their options.
import { checkArgument } from "../core/arguments.ts";
import { anyObject } from "../core/decode.ts";
import { readForeign, secretsOf } from "../core/foreign.ts";
import { checkName } from "../core/known_names.ts";
import type { Page } from "../core/list.ts";
import { readOptions } from "../core/options.ts";
import {
  deleteRecordingOperation,
  deleteRecordingsOperation,
  getRecordingOperation,
  listRecordingsOperation,
  type ListRecordingsOptions,
  type RecordingFilter,
  recordingFilterNames,
  type RoomRecording,
} from "../core/recordings.ts";
import { callOptionNames, type CallOptions } from "../core/call_options.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { type AllOptions, paginate } from "./paginate.ts";

/**
 * Looks up a recording: `GET /room_recordings/{room_recording_id}` (Telnyx API
 * reference, *View a room recording*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The recording's UUID.
 * @param opts Call options.
 * @returns The recording: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example
 * ```ts
 * import { getRecording, listRecordings } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
 * fake.join(id, { context: "Alice" });
 *
 * const { data } = await listRecordings(fake.fetch, "any", { type: "audio" });
 * const recording = await getRecording(fake.fetch, "any", data[0]?.id ?? "");
 * assertEquals(recording.status, "processing");
 * ```
 */
export async function getRecording(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<RoomRecording> {
  const args = { ids: { id } };
  return (await call(fetchFn, token, getRecordingOperation, args, opts)).data;
}

/**
 * Lists an account's recordings, one page at a time: `GET /room_recordings`
 * (Telnyx API reference, *View a list of room recordings*). There is one for
 * each participant and medium. {@linkcode allRecordings} reads every page.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns The page.
 * @throws {RoomsError} As {@linkcode listRooms} does.
 *
 * @example
 * ```ts
 * import { listRecordings } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id: roomId, enable_recording: true }] });
 * fake.join(roomId, { context: "Alice" });
 *
 * const { data } = await listRecordings(fake.fetch, "any", { roomId });
 * assertEquals(data.map(({ type }) => type), ["audio", "video"]);
 * ```
 */
export async function listRecordings(
  fetchFn: FetchFn,
  token: string,
  opts: ListRecordingsOptions = {},
): Promise<Page<RoomRecording>> {
  const args = { ids: {} };
  return await call(fetchFn, token, listRecordingsOperation, args, opts);
}

/**
 * Yields every recording of an account, page by page, by the rules of
 * {@linkcode allRooms}.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns A generator of the recordings, which rejects as
 * {@linkcode listRecordings} does.
 *
 * @example
 * ```ts
 * import { allRecordings } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
 * fake.join(id, { context: "Alice" });
 *
 * const types = [];
 * for await (const { type } of allRecordings(fake.fetch, "any")) {
 *   types.push(type);
 * }
 * assertEquals(types, ["audio", "video"]);
 * ```
 */
export function allRecordings(
  fetchFn: FetchFn,
  token: string,
  opts: ListRecordingsOptions & AllOptions = {},
): AsyncGenerator<RoomRecording, void, undefined> {
  return paginate(fetchFn, token, listRecordingsOperation, opts);
}

/**
 * Deletes a recording: `DELETE /room_recordings/{room_recording_id}` (Telnyx
 * API reference, *Delete a room recording*). A 404 after an attempt that may
 * have deleted it is a success.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The recording's UUID.
 * @param opts Call options.
 * @throws {RoomsError} As {@linkcode getRoom} does; success is status 204.
 *
 * @example
 * ```ts
 * import { deleteRecording, listRecordings } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
 * fake.join(id, { context: "Alice" });
 *
 * const { data } = await listRecordings(fake.fetch, "any");
 * await deleteRecording(fake.fetch, "any", data[0]?.id ?? "");
 * const { meta } = await listRecordings(fake.fetch, "any");
 * assertEquals(meta.total_results, 1);
 * ```
 */
export async function deleteRecording(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<void> {
  const args = { ids: { id } };
  await call(fetchFn, token, deleteRecordingOperation, args, opts);
}

/**
 * Deletes every recording that matches a filter: `DELETE /room_recordings`
 * (Telnyx API reference, *Delete several room recordings in a bulk*). An empty
 * filter is refused, since it would delete all recordings of the account, and so
 * are an unknown condition and a range without bounds. A known condition that is
 * undefined is not set, so check values that may be missing.
 *
 * It is not idempotent, as {@linkcode createRoom} is not: a second request would
 * delete recordings that match only since the first.
 *
 * It has no body, but on Deno it is sent with an empty one (`transfer-encoding:
 * chunked`), and on Bun over a connection of its own: otherwise their `fetch` would
 * send it again by itself when a kept connection closes before the response.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param filter Selects the recordings: at least one filter.
 * @param opts Call options.
 * @returns How many recordings were deleted.
 * @throws {RoomsError} As {@linkcode getRoom} does; success is status 201.
 *
 * @example
 * ```ts
 * import { deleteRecordings } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const roomId = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id: roomId, enable_recording: true }] });
 * fake.join(roomId, { context: "Alice" });
 *
 * assertEquals(await deleteRecordings(fake.fetch, "any", { roomId }), 2);
 * ```
 */
export async function deleteRecordings(
  fetchFn: FetchFn,
  token: string,
  filter: RecordingFilter,
  opts: CallOptions = {},
): Promise<number> {
  const secrets = secretsOf(token);
  checkArgument("filter", anyObject, filter);
  // An unknown condition is refused even if it is undefined: without it, more
  // would be deleted than was meant
  for (
    const name of readForeign("filter", secrets, () => Object.keys(filter))
  ) checkName("filter", name, recordingFilterNames, secrets);
  // The filter may come from a user of the caller: it must not set an option
  const all = {
    ...readOptions("", opts, callOptionNames, secrets),
    ...readOptions("filter", filter, recordingFilterNames, secrets),
  };
  const operation = deleteRecordingsOperation;
  return (await call(fetchFn, token, operation, { ids: {} }, all)).data
    .room_recordings;
}
