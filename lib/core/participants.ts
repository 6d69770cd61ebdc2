// Participants: types, shapes and operations.
import { nameText, uuid } from "./arguments.ts";
import type { CallOptions } from "./call_options.ts";
import { type Decoder, object, recordId, string } from "./decode.ts";
import {
  type DateFilter,
  dateFilter,
  listOf,
  type Page,
  pageNumber,
  type PageOptions,
  pageSize,
} from "./list.ts";
import { type Data, dataOf, type Operation } from "./operation.ts";

/**
 * Someone who is or was in a session. Only `id` is guaranteed, as of a
 * {@linkcode Room}.
 */
export interface RoomParticipant {
  /** UUID of this stay in the session. */
  id: string;
  /** UUID of the session. */
  session_id?: string | null;
  /** Set by the client SDK: a name, or JSON as text. */
  context?: string | null;
  /** When the person joined, ISO 8601 with microseconds. */
  joined_at?: string | null;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the person left, ISO 8601; null or absent while present. */
  left_at?: string | null;
  /** `"room_participant"` */
  record_type?: string | null;
}

/** The shape of a {@linkcode RoomParticipant}. */
export const participant: Decoder<RoomParticipant> = /* @__PURE__ */ object<
  RoomParticipant
>({
  id: [recordId, "required"],
  session_id: string,
  context: string,
  joined_at: string,
  updated_at: string,
  left_at: string,
  record_type: string,
});

/** Options for `listParticipants` and `allParticipants`. */
export interface ListParticipantsOptions extends PageOptions, CallOptions {
  /** Participants of this session (`filter[session_id]`). */
  sessionId?: string | undefined;
  /**
   * Participants with this context (`filter[context]`); whether a part of it
   * matches is not documented.
   */
  context?: string | undefined;
  /** Participants who joined on these days (`filter[date_joined_at]`). */
  joinedAt?: DateFilter | undefined;
  /** Participants last changed on these days (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
  /** Participants who left on these days (`filter[date_left_at]`). */
  leftAt?: DateFilter | undefined;
}

/** `GET /room_participants/{room_participant_id}` */
export const getParticipantOperation: Operation<
  "/room_participants/{id}",
  CallOptions,
  undefined,
  Data<RoomParticipant>
> = {
  method: "GET",
  path: "/room_participants/{id}",
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(participant),
};

/** `GET /room_participants` */
export const listParticipantsOperation: Operation<
  "/room_participants",
  ListParticipantsOptions,
  undefined,
  Page<RoomParticipant>
> = /* @__PURE__ */ listOf("/room_participants", participant, {
  sessionId: ["filter[session_id]", uuid],
  context: ["filter[context]", nameText],
  joinedAt: ["filter[date_joined_at]", dateFilter],
  updatedAt: ["filter[date_updated_at]", dateFilter],
  leftAt: ["filter[date_left_at]", dateFilter],
  pageNumber,
  pageSize,
});
