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
  type GetRoomQuery,
  listRooms,
  type ListRoomsOptions,
  type ListRoomsQuery,
  type Room,
  type RoomFields,
  updateRoom,
} from "./lib/rooms.ts";
export {
  createJoinToken,
  type CreateJoinTokenOptions,
  type CreateJoinTokenQuery,
  type JoinToken,
  type RefreshedJoinToken,
  refreshJoinToken,
  type RefreshJoinTokenOptions,
  type RefreshJoinTokenQuery,
} from "./lib/join_tokens.ts";
export {
  allSessions,
  endSession,
  type ExcludeQuery,
  getSession,
  type GetSessionOptions,
  type GetSessionQuery,
  kickParticipants,
  listSessions,
  type ListSessionsOptions,
  type ListSessionsQuery,
  muteParticipants,
  type Participants,
  type ParticipantsOptions,
  type RoomSession,
  unmuteParticipants,
} from "./lib/sessions.ts";
export {
  allParticipants,
  getParticipant,
  listParticipants,
  type ListParticipantsOptions,
  type ListParticipantsQuery,
  type RoomParticipant,
} from "./lib/participants.ts";
export {
  allRecordings,
  deleteRecording,
  deleteRecordings,
  getRecording,
  listRecordings,
  type ListRecordingsOptions,
  type ListRecordingsQuery,
  type NumberFilter,
  type RecordingFilter,
  type RoomRecording,
} from "./lib/recordings.ts";
export {
  allCompositions,
  type CompositionFields,
  createComposition,
  deleteComposition,
  getComposition,
  listCompositions,
  type ListCompositionsOptions,
  type ListCompositionsQuery,
  type RoomComposition,
  type VideoRegion,
} from "./lib/compositions.ts";
export {
  getRooms,
  type GetRoomsOptions,
  type RoomResult,
} from "./lib/get_rooms.ts";
export { applyEvent } from "./lib/apply_event.ts";
export { watchRoom, type WatchRoomOptions } from "./lib/watch_room.ts";
export type { SessionEvent, SessionEventType } from "./lib/session_events.ts";
export type { WebhookFields } from "./lib/webhook_fields.ts";
export type { DateFilter } from "./lib/date_filter.ts";
export type { Page, PageMeta, PageOptions } from "./lib/page.ts";
export type { FetchFn, FetchInit, FetchResponse } from "./lib/fetch_fn.ts";
export type { AttemptEvent, CallOptions } from "./lib/call.ts";
export type { RetryPolicy } from "./lib/retry.ts";
export type { ApiRequest, RequestOptions } from "./lib/operation.ts";
export * from "./lib/events.ts";
export {
  parseWebhook,
  type WebhookOptions,
  type WebhookRequest,
} from "./lib/webhooks.ts";
export * from "./lib/errors.ts";
export { responseInit } from "./lib/response_init.ts";
