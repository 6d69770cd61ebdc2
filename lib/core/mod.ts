/**
 * The pure functions, and the operations as values, for use with another HTTP
 * client. They use no clock, no network and no randomness.
 *
 * @example Look up a room with your own client
 * ```ts
 * import {
 *   getRoomOperation,
 *   parseResponse,
 *   toRequest,
 * } from "@videorooms/telnyx/core";
 * import { fakeRooms } from "@videorooms/telnyx/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const client = fakeRooms({ rooms: [{ id }] }).fetch;
 *
 * const { url, ...init } = toRequest(getRoomOperation, "any", { id });
 * const response = await client(url, init);
 * const { status, headers } = response;
 * const body = await response.text();
 * const { data } = parseResponse(getRoomOperation, { status, headers, body });
 * assertEquals(data.id, id);
 * ```
 *
 * @module
 */
export { type ApiRequest, type RequestOptions, toRequest } from "./request.ts";
export {
  type Body,
  type Data,
  dataOf,
  type Ids,
  jsonBody,
  type Operation,
} from "./operation.ts";
export { type ApiResponse, parseResponse } from "./response.ts";
export { retryDelay, type RetryPolicy, type RetryState } from "./retry.ts";
export {
  createRoomOperation,
  deleteRoomOperation,
  getRoomOperation,
  type GetRoomOptions,
  listRoomsOperation,
  type ListRoomsOptions,
  type Room,
  type RoomFields,
  updateRoomOperation,
} from "./rooms.ts";
export {
  createJoinTokenOperation,
  type CreateJoinTokenOptions,
  type JoinToken,
  type RefreshedJoinToken,
  refreshJoinTokenOperation,
  type RefreshJoinTokenOptions,
} from "./join_tokens.ts";
export {
  type ActionResult,
  endSessionOperation,
  getSessionOperation,
  type GetSessionOptions,
  kickParticipantsOperation,
  listSessionsOperation,
  type ListSessionsOptions,
  muteParticipantsOperation,
  type Participants,
  type ParticipantsOperation,
  type ParticipantsOptions,
  type RoomSession,
  unmuteParticipantsOperation,
} from "./sessions.ts";
export {
  getParticipantOperation,
  listParticipantsOperation,
  type ListParticipantsOptions,
  type RoomParticipant,
} from "./participants.ts";
export {
  type DeletedRecordings,
  deleteRecordingOperation,
  deleteRecordingsOperation,
  getRecordingOperation,
  listRecordingsOperation,
  type ListRecordingsOptions,
  type NumberFilter,
  type RecordingFilter,
  type RoomRecording,
} from "./recordings.ts";
export {
  type CompositionFields,
  createCompositionOperation,
  deleteCompositionOperation,
  getCompositionOperation,
  listCompositionsOperation,
  type ListCompositionsOptions,
  type RoomComposition,
  type VideoRegion,
} from "./compositions.ts";
export { presentParticipants } from "./present_participants.ts";
export { wholeMeeting } from "./whole_meeting.ts";
export {
  type DayUsage,
  type RoomUsage,
  roomUsage,
  type RoomUsageOptions,
  type Usage,
  type UsageReport,
} from "./usage.ts";
export type { WebhookFields } from "./rooms.ts";
export {
  array,
  boolean,
  type Decoder,
  integer,
  type Mismatch,
  number,
  object,
  recordId,
  recordOf,
  type Shape,
  string,
  where,
} from "./decode.ts";
export { integerInRange, oneOf, uuid } from "./arguments.ts";
export type { DateFilter } from "./list.ts";
export {
  listOf,
  type Page,
  type PageMeta,
  pageNumber,
  type PageOptions,
  pageSize,
} from "./list.ts";
export type { AttemptEvent, CallOptions } from "./call_options.ts";
export type { ResponseHeaders } from "./rate_limit.ts";
export * from "./events.ts";
export * from "./errors.ts";
