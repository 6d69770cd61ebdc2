/**
 * An unofficial client for the Telnyx video API: rooms, join tokens, sessions,
 * participants, recordings, compositions and webhooks. It has no dependencies,
 * and runs on Deno, Node, Bun, edge workers and in browsers.
 *
 * Each function that calls the API takes `fetchFn`, which sends its requests;
 * `token`, the account's API key; and `opts`, with the options of the operation
 * and of every call ({@linkcode CallOptions}). It checks its arguments before
 * anything is sent, and the response before anything is returned. It has no
 * other effects than `fetchFn`, timers and the clock, and when its promise
 * settles, no timer, listener or open body is left behind.
 *
 * It rejects with a {@linkcode RoomsError}, whose `code` says what happened, or
 * with the reason of `opts.signal` if that aborts.
 *
 * @example Check whether a room is in session
 * ```ts
 * import { getRoom } from "@videorooms/telnyx";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const { fetch } = fakeRooms({ rooms: [{ id }] }); // or the real fetch
 *
 * const room = await getRoom(fetch, "any", id, { includeSessions: true });
 * const state = room.active_session_id ? "in session" : "idle";
 * assertEquals(state, "idle");
 * ```
 *
 * @module
 */
export {
  allRooms,
  createRoom,
  deleteRoom,
  getRoom,
  listRooms,
  updateRoom,
} from "./lib/client/rooms.ts";
export type {
  GetRoomOptions,
  ListRoomsOptions,
  Room,
  RoomFields,
} from "./lib/core/rooms.ts";
export { createJoinToken, refreshJoinToken } from "./lib/client/join_tokens.ts";
export type {
  CreateJoinTokenOptions,
  JoinToken,
  RefreshedJoinToken,
  RefreshJoinTokenOptions,
} from "./lib/core/join_tokens.ts";
export {
  allSessions,
  endSession,
  getSession,
  kickParticipants,
  listSessions,
  muteParticipants,
  unmuteParticipants,
} from "./lib/client/sessions.ts";
export type {
  GetSessionOptions,
  ListSessionsOptions,
  Participants,
  ParticipantsOptions,
  RoomSession,
} from "./lib/core/sessions.ts";
export {
  allParticipants,
  getParticipant,
  listParticipants,
} from "./lib/client/participants.ts";
export type {
  ListParticipantsOptions,
  RoomParticipant,
} from "./lib/core/participants.ts";
export {
  allRecordings,
  deleteRecording,
  deleteRecordings,
  getRecording,
  listRecordings,
} from "./lib/client/recordings.ts";
export type {
  ListRecordingsOptions,
  NumberFilter,
  RecordingFilter,
  RoomRecording,
} from "./lib/core/recordings.ts";
export {
  allCompositions,
  createComposition,
  deleteComposition,
  getComposition,
  listCompositions,
} from "./lib/client/compositions.ts";
export type {
  CompositionFields,
  ListCompositionsOptions,
  RoomComposition,
  VideoRegion,
} from "./lib/core/compositions.ts";
export {
  type Download,
  downloadComposition,
  type DownloadOptions,
  downloadRecording,
} from "./lib/client/download.ts";
export {
  getRooms,
  type GetRoomsOptions,
  type RoomResult,
} from "./lib/client/get_rooms.ts";
export { applyEvent } from "./lib/core/apply_event.ts";
export { call } from "./lib/client/call.ts";
export type { AllOptions } from "./lib/client/paginate.ts";
export type { CallArguments } from "./lib/core/request.ts";
export type { Body, Ids, Operation } from "./lib/core/operation.ts";
export type { Decoder, Mismatch } from "./lib/core/decode.ts";
export {
  findOrCreateRoom,
  type NamedRoomFields,
} from "./lib/client/find_or_create_room.ts";
export { presentParticipants } from "./lib/core/present_participants.ts";
export {
  type RecordingsProgress,
  waitForRecordings,
  type WaitForRecordingsOptions,
} from "./lib/client/wait_for_recordings.ts";
export {
  waitForComposition,
  type WaitForCompositionOptions,
} from "./lib/client/wait_for_composition.ts";
export type { WaitOptions } from "./lib/client/wait.ts";
export { wholeMeeting } from "./lib/core/whole_meeting.ts";
export {
  type DayUsage,
  type RoomUsage,
  roomUsage,
  type RoomUsageOptions,
  type Usage,
  type UsageReport,
} from "./lib/core/usage.ts";
export { watchRoom, type WatchRoomOptions } from "./lib/client/watch_room.ts";
export type {
  SessionEvent,
  SessionEventType,
} from "./lib/core/session_events.ts";
export type { WebhookFields } from "./lib/core/rooms.ts";
export type { DateFilter } from "./lib/core/list.ts";
export type { Page, PageMeta, PageOptions } from "./lib/core/list.ts";
export type {
  FetchFn,
  FetchInit,
  FetchResponse,
} from "./lib/client/fetch_fn.ts";
export type { AttemptEvent, CallOptions } from "./lib/core/call_options.ts";
export type { RetryPolicy } from "./lib/core/retry.ts";
export type { RequestOptions } from "./lib/core/request.ts";
export * from "./lib/core/events.ts";
export {
  parseWebhook,
  type WebhookOptions,
  type WebhookRequest,
} from "./lib/client/webhooks.ts";
export * from "./lib/core/errors.ts";
export { responseInit } from "./lib/client/response_init.ts";
