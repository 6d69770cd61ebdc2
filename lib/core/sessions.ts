// Sessions: types, shapes and operations.
import { uuid } from "./arguments.ts";
import type { CallOptions } from "./call_options.ts";
import {
  array,
  boolean,
  type Decoder,
  object,
  recordId,
  string,
  where,
} from "./decode.ts";
import {
  type DateFilter,
  dateFilter,
  listOf,
  type Page,
  pageNumber,
  type PageOptions,
  pageSize,
} from "./list.ts";
import { type Data, dataOf, jsonBody, type Operation } from "./operation.ts";
import { participant, type RoomParticipant } from "./participants.ts";

/**
 * A period in which a room is or was in use. Only `id` is guaranteed, as of a
 * {@linkcode Room}.
 */
export interface RoomSession {
  /** UUID of the session. */
  id: string;
  /** UUID of the room. */
  room_id?: string | null;
  /** Whether the session is active. */
  active?: boolean | null;
  /** When the session started, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the session ended, ISO 8601; null or absent while it is active. */
  ended_at?: string | null;
  /** Past and present participants; absent, null or empty unless requested. */
  participants?: RoomParticipant[] | null;
  /** `"room_session"` */
  record_type?: string | null;
}

/** Whether a session goes on, as far as its record says: either field may be absent. */
export function isActive(
  { active, ended_at }: Pick<RoomSession, "active" | "ended_at">,
): boolean {
  return active !== false && !ended_at;
}

/** The shape of a {@linkcode RoomSession}. */
export const session: Decoder<RoomSession> = /* @__PURE__ */ object<
  RoomSession
>({
  id: [recordId, "required"],
  room_id: string,
  active: boolean,
  created_at: string,
  updated_at: string,
  ended_at: string,
  participants: /* @__PURE__ */ array(participant),
  record_type: string,
});

/** Options for `getSession`. */
export interface GetSessionOptions extends CallOptions {
  /**
   * Whether the response includes the participants (`include_participants`).
   * If it is left out, Telnyx decides.
   */
  includeParticipants?: boolean | undefined;
}

/** Options for `listSessions` and `allSessions`. */
export interface ListSessionsOptions extends GetSessionOptions, PageOptions {
  /** Sessions of this room (`filter[room_id]`). */
  roomId?: string | undefined;
  /** Only active sessions, or only ended ones (`filter[active]`). */
  active?: boolean | undefined;
  /** Sessions started on these days (`filter[date_created_at]`). */
  createdAt?: DateFilter | undefined;
  /** Sessions last changed on these days (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
  /** Sessions ended on these days (`filter[date_ended_at]`). */
  endedAt?: DateFilter | undefined;
}

/** Participants of a session: all, or those with these UUIDs (at least one). */
export type Participants = "all" | readonly string[];

const participants: Decoder<Participants> = /* @__PURE__ */ where(
  `"all" or an array of UUIDs`,
  (value) =>
    value === "all" ||
    Array.isArray(value) && value.length > 0 && !value.some(uuid),
);

/** Options for `muteParticipants`, `unmuteParticipants` and `kickParticipants`. */
export interface ParticipantsOptions extends CallOptions {
  /** UUIDs of participants to exclude, if the action is on `"all"`. */
  exclude?: readonly string[] | undefined;
}

/** The result of an action. */
export interface ActionResult {
  /** `"ok"` */
  result?: string | null;
}

const done: Decoder<Data<ActionResult>> = /* @__PURE__ */ dataOf(
  /* @__PURE__ */ object<ActionResult>({ result: string }),
);

/** `GET /room_sessions/{room_session_id}` */
export const getSessionOperation: Operation<
  "/room_sessions/{id}",
  GetSessionOptions,
  undefined,
  Data<RoomSession>
> = {
  method: "GET",
  path: "/room_sessions/{id}",
  options: { includeParticipants: ["include_participants", boolean] },
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(session),
};

/** `GET /room_sessions` */
export const listSessionsOperation: Operation<
  "/room_sessions",
  ListSessionsOptions,
  undefined,
  Page<RoomSession>
> = /* @__PURE__ */ listOf("/room_sessions", session, {
  includeParticipants: ["include_participants", boolean],
  roomId: ["filter[room_id]", uuid],
  active: ["filter[active]", boolean],
  createdAt: ["filter[date_created_at]", dateFilter],
  updatedAt: ["filter[date_updated_at]", dateFilter],
  endedAt: ["filter[date_ended_at]", dateFilter],
  pageNumber,
  pageSize,
});

/**
 * `POST /room_sessions/{room_session_id}/actions/end`. A session ends only once, so
 * it may be repeated.
 */
export const endSessionOperation: Operation<
  "/room_sessions/{id}/actions/end",
  CallOptions,
  undefined,
  Data<ActionResult>
> = {
  method: "POST",
  path: "/room_sessions/{id}/actions/end",
  status: 200,
  repeatable: true,
  result: done,
};

/** An action on participants. It is idempotent. */
export type ParticipantsOperation<Action extends string> = Operation<
  `/room_sessions/{sessionId}/actions/${Action}`,
  ParticipantsOptions,
  Participants,
  Data<ActionResult>
>;

function actionOn<Action extends string>(
  action: Action,
): ParticipantsOperation<Action> {
  return {
    method: "POST",
    path: `/room_sessions/{sessionId}/actions/${action}`,
    options: { exclude: ["exclude", array<string, readonly string[]>(uuid)] },
    body: jsonBody("who", participants, { field: "participants" }),
    status: 200,
    repeatable: true,
    result: done,
  } as ParticipantsOperation<Action>;
}

/** `POST /room_sessions/{room_session_id}/actions/mute` */
export const muteParticipantsOperation: ParticipantsOperation<"mute"> =
  /* @__PURE__ */ actionOn("mute");

/** `POST /room_sessions/{room_session_id}/actions/unmute` */
export const unmuteParticipantsOperation: ParticipantsOperation<"unmute"> =
  /* @__PURE__ */ actionOn("unmute");

/** `POST /room_sessions/{room_session_id}/actions/kick` */
export const kickParticipantsOperation: ParticipantsOperation<"kick"> =
  /* @__PURE__ */ actionOn("kick");
