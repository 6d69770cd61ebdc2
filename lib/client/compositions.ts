// Compositions: the functions and their options.
import {
  type CompositionFields,
  createCompositionOperation,
  deleteCompositionOperation,
  getCompositionOperation,
  listCompositionsOperation,
  type ListCompositionsOptions,
  type RoomComposition,
} from "../core/compositions.ts";
import type { Page } from "../core/list.ts";
import type { CallOptions } from "../core/call_options.ts";
import { call } from "./call.ts";
import type { FetchFn } from "./fetch_fn.ts";
import { type AllOptions, paginate } from "./paginate.ts";

/**
 * Looks up a composition: `GET /room_compositions/{room_composition_id}`
 * (Telnyx API reference, *View a room composition*).
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The composition's UUID.
 * @param opts Call options.
 * @returns The composition: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does.
 *
 * @example Wait until it is completed
 * ```ts
 * import { createComposition, getComposition } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * let now = Date.UTC(2026, 0, 1);
 * const fake = fakeRooms({ rooms: [{ id }], now: () => now });
 * const { session_id } = fake.join(id);
 *
 * let composition = await createComposition(fake.fetch, "any", { session_id });
 * while (composition.status !== "completed") {
 *   now += 1000; // or a wait, with the real API
 *   composition = await getComposition(fake.fetch, "any", composition.id);
 * }
 * assertEquals(typeof composition.download_url, "string");
 * ```
 */
export async function getComposition(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<RoomComposition> {
  const args = { ids: { id } };
  return (await call(fetchFn, token, getCompositionOperation, args, opts)).data;
}

/**
 * Lists an account's compositions, one page at a time: `GET /room_compositions`
 * (Telnyx API reference, *View a list of room compositions*).
 * {@linkcode allCompositions} reads every page.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns The page.
 * @throws {RoomsError} As {@linkcode listRooms} does.
 *
 * @example
 * ```ts
 * import { createComposition, listCompositions } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id } = fake.join(id);
 * await createComposition(fake.fetch, "any", { session_id });
 *
 * const { data } = await listCompositions(fake.fetch, "any", {
 *   sessionId: session_id ?? "",
 * });
 * assertEquals(data.map(({ status }) => status), ["enqueued"]);
 * ```
 */
export async function listCompositions(
  fetchFn: FetchFn,
  token: string,
  opts: ListCompositionsOptions = {},
): Promise<Page<RoomComposition>> {
  const args = { ids: {} };
  return await call(fetchFn, token, listCompositionsOperation, args, opts);
}

/**
 * Yields every composition of an account, page by page, by the rules of
 * {@linkcode allRooms}.
 *
 * @param fetchFn Sends the requests: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param opts Query and call options, with the caution of {@linkcode listRooms}.
 * @returns A generator of the compositions, which rejects as
 * {@linkcode listCompositions} does.
 *
 * @example
 * ```ts
 * import { allCompositions, createComposition } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id } = fake.join(id);
 * await createComposition(fake.fetch, "any", { session_id });
 *
 * const formats = [];
 * for await (const { format } of allCompositions(fake.fetch, "any")) {
 *   formats.push(format);
 * }
 * assertEquals(formats, ["mp4"]);
 * ```
 */
export function allCompositions(
  fetchFn: FetchFn,
  token: string,
  opts: ListCompositionsOptions & AllOptions = {},
): AsyncGenerator<RoomComposition, void, undefined> {
  return paginate(fetchFn, token, listCompositionsOperation, opts);
}

/**
 * Orders a video file composed of a session's recordings: `POST
 * /room_compositions` (Telnyx API reference, *Create a room composition*).
 * Telnyx makes it later: its `status` goes from `"enqueued"` to
 * `"completed"`, and a webhook reports that.
 *
 * It is not idempotent, as {@linkcode createRoom} is not: a second request would
 * order a second file.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param composition The composition's fields.
 * @param opts Call options.
 * @returns The composition: the `data` of the response's body.
 * @throws {RoomsError} As {@linkcode getRoom} does; success is status 202.
 *
 * @example Everyone side by side, with audio
 * ```ts
 * import { createComposition } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const { session_id } = fake.join(id);
 *
 * const composition = await createComposition(fake.fetch, "any", {
 *   session_id,
 *   video_layout: { all: { width: 1280, height: 720, video_sources: ["*"] } },
 *   audio_sources: ["*"],
 * });
 * assertEquals(composition.status, "enqueued");
 * ```
 */
export async function createComposition(
  fetchFn: FetchFn,
  token: string,
  composition: CompositionFields,
  opts: CallOptions = {},
): Promise<RoomComposition> {
  const args = { ids: {}, payload: composition };
  return (await call(fetchFn, token, createCompositionOperation, args, opts))
    .data;
}

/**
 * Deletes a composition: `DELETE /room_compositions/{room_composition_id}`
 * (Telnyx API reference, *Delete a room composition*). A 404 after an attempt
 * that may have deleted it is a success.
 *
 * @param fetchFn Sends the request: `fetch`, or `fakeRooms().fetch`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param id The composition's UUID.
 * @param opts Call options.
 * @throws {RoomsError} As {@linkcode getRoom} does; success is status 204.
 *
 * @example
 * ```ts
 * import { createComposition, deleteComposition } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const fake = fakeRooms({ rooms: [{ id }] });
 * const fields = { session_id: fake.join(id).session_id };
 *
 * const composition = await createComposition(fake.fetch, "any", fields);
 * await deleteComposition(fake.fetch, "any", composition.id);
 * assertEquals(fake.requests.at(-1)?.status, 204);
 * ```
 */
export async function deleteComposition(
  fetchFn: FetchFn,
  token: string,
  id: string,
  opts: CallOptions = {},
): Promise<void> {
  const args = { ids: { id } };
  await call(fetchFn, token, deleteCompositionOperation, args, opts);
}
