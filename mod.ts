/**
 * An unofficial client for the Telnyx video API: rooms, join tokens, sessions,
 * participants, recordings, compositions and webhooks. It has no dependencies,
 * and runs on Deno, Node, Bun, edge workers and in browsers.
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
  type GetRoomOptions,
  listRooms,
  type ListRoomsOptions,
  updateRoom,
} from "./lib/client/rooms.ts";
export {
  type GetRoomQuery,
  type ListRoomsQuery,
  type Room,
  type RoomFields,
} from "./lib/core/rooms.ts";
export {
  createJoinToken,
  type CreateJoinTokenOptions,
  refreshJoinToken,
  type RefreshJoinTokenOptions,
} from "./lib/client/join_tokens.ts";
export {
  type CreateJoinTokenQuery,
  type JoinToken,
  type RefreshedJoinToken,
  type RefreshJoinTokenQuery,
} from "./lib/core/join_tokens.ts";
export {
  allSessions,
  endSession,
  getSession,
  type GetSessionOptions,
  kickParticipants,
  listSessions,
  type ListSessionsOptions,
  muteParticipants,
  type ParticipantsOptions,
  unmuteParticipants,
} from "./lib/client/sessions.ts";
export {
  type ExcludeQuery,
  type GetSessionQuery,
  type ListSessionsQuery,
  type Participants,
  type RoomSession,
} from "./lib/core/sessions.ts";
export {
  allParticipants,
  getParticipant,
  listParticipants,
  type ListParticipantsOptions,
} from "./lib/client/participants.ts";
export {
  type ListParticipantsQuery,
  type RoomParticipant,
} from "./lib/core/participants.ts";
export {
  allRecordings,
  deleteRecording,
  deleteRecordings,
  getRecording,
  listRecordings,
  type ListRecordingsOptions,
} from "./lib/client/recordings.ts";
export {
  type ListRecordingsQuery,
  type NumberFilter,
  type RecordingFilter,
  type RoomRecording,
} from "./lib/core/recordings.ts";
export {
  allCompositions,
  createComposition,
  deleteComposition,
  getComposition,
  listCompositions,
  type ListCompositionsOptions,
} from "./lib/client/compositions.ts";
export {
  type CompositionFields,
  type ListCompositionsQuery,
  type RoomComposition,
  type VideoRegion,
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
export type { AttemptEvent, CallOptions } from "./lib/client/call.ts";
export type { RetryPolicy } from "./lib/core/retry.ts";
export type { ApiRequest, RequestOptions } from "./lib/core/request.ts";
export * from "./lib/core/events.ts";
export {
  parseWebhook,
  type WebhookOptions,
  type WebhookRequest,
} from "./lib/client/webhooks.ts";
export * from "./lib/core/errors.ts";
export { responseInit } from "./lib/client/response_init.ts";
