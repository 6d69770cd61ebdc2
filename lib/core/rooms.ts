// Rooms: types, shapes and operations.
import { inRange, name, webUrl } from "./arguments.ts";
import {
  array,
  boolean,
  type Decoder,
  integer,
  object,
  recordId,
  type Shape,
  string,
  where,
} from "./decode.ts";
import {
  type DateFilter,
  dateFilter,
  type List,
  listOf,
  type PageOptions,
  toBounds,
} from "./list.ts";
import {
  dataOf,
  type Delete,
  type Get,
  jsonBody,
  type Send,
} from "./operation.ts";
import { type RoomSession, session } from "./sessions.ts";

/**
 * A video room, with field names as on the wire (Telnyx API reference, *View a
 * room*). Only `id` is guaranteed; any other field may be absent or null, since
 * the API marks none as required. Unlisted fields are kept.
 */
export interface Room {
  /** UUID of the room. */
  id: string;
  /** The most participants at once. */
  max_participants?: number | null;
  /** The room's name, unique within the account; null if it has none. */
  unique_name?: string | null;
  /** When the room was created, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When the room last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** UUID of the active session; null or absent if there is none. */
  active_session_id?: string | null;
  /** The room's sessions; absent, null or empty unless requested. */
  sessions?: RoomSession[] | null;
  /** Whether sessions in this room are recorded. */
  enable_recording?: boolean | null;
  /** The URL for the room's webhooks; null, absent or empty for none. */
  webhook_event_url?: string | null;
  /** The URL for webhooks if `webhook_event_url` fails; `""` for none. */
  webhook_event_failover_url?: string | null;
  /** Seconds to wait for a webhook's receiver, 0 to 30. */
  webhook_timeout_secs?: number | null;
  /**
   * Video codecs, such as `["h264", "vp8"]`: undocumented, but in every
   * recorded response.
   */
  video_codecs?: string[] | null;
  /** `"room"` */
  record_type?: string | null;
}

/** The shape of a {@linkcode Room}. */
export const room: Decoder<Room> = /* @__PURE__ */ object<Room>({
  id: [recordId, "required"],
  max_participants: integer,
  unique_name: string,
  created_at: string,
  updated_at: string,
  active_session_id: string,
  sessions: /* @__PURE__ */ array(session),
  enable_recording: boolean,
  webhook_event_url: string,
  webhook_event_failover_url: string,
  webhook_timeout_secs: integer,
  video_codecs: /* @__PURE__ */ array(string),
  record_type: string,
});

/** The webhook settings of a new room or composition. */
export interface WebhookFields {
  /** Where webhooks go: an `http` or `https` URL. Default: nowhere. */
  webhook_event_url?: string | undefined;
  /**
   * Where webhooks go when `webhook_event_url` fails: an `http` or `https` URL;
   * `""` or null for nowhere. Default: `""`.
   */
  webhook_event_failover_url?: string | null | undefined;
  /** Seconds to wait for a webhook's receiver, 0 to 30. Default: null. */
  webhook_timeout_secs?: number | null | undefined;
}

const failoverUrl = /* @__PURE__ */ where<string>(
  `an http(s) URL, or ""`,
  (value) => value === "" || !webUrl(value),
);

/** Adds the {@linkcode WebhookFields} to a shape. */
export function withWebhooks<T extends WebhookFields>(
  shape: Omit<Shape<T>, keyof WebhookFields>,
): Shape<T> {
  return {
    ...shape,
    webhook_event_url: [webUrl, "optional"],
    webhook_event_failover_url: failoverUrl,
    webhook_timeout_secs: inRange("integer", 0, 30),
  } as unknown as Shape<T>;
}

/** The fields of a new room, or changes. Unlisted fields are sent too. */
export interface RoomFields extends WebhookFields {
  /** A name, unique within the account. Default: none. */
  unique_name?: string | undefined;
  /** The most participants at once, 2 to 50. Default: 10. */
  max_participants?: number | undefined;
  /** Whether sessions in the room are recorded. Default: false. */
  enable_recording?: boolean | undefined;
}

const roomFields: Decoder<RoomFields> = /* @__PURE__ */ object<RoomFields>(
  /* @__PURE__ */ withWebhooks<RoomFields>({
    unique_name: [name, "optional"],
    max_participants: [/* @__PURE__ */ inRange("integer", 2, 50), "optional"],
    enable_recording: [boolean, "optional"],
  }),
);

/** Query options for `getRoom`. */
export interface GetRoomQuery {
  /**
   * Whether the response includes the sessions (`include_sessions`). Default:
   * not sent, so the provider decides.
   */
  includeSessions?: boolean | undefined;
}

/** Query options for `listRooms` and `allRooms`. */
export interface ListRoomsQuery extends GetRoomQuery, PageOptions {
  /** The room with this name (`filter[unique_name]`). */
  uniqueName?: string | undefined;
  /** Rooms created on these days (`filter[date_created_at]`). */
  createdAt?: DateFilter | undefined;
  /** Rooms last changed on these days (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
}

/** `GET /rooms/{id}`, for the functions of `./core`. */
export const getRoomOperation: Get<"/rooms/{id}", Room, GetRoomQuery> = {
  method: "GET",
  path: "/rooms/{id}",
  options: { includeSessions: ["include_sessions", boolean] },
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(room),
};

/** `GET /rooms`, for the functions of `./core`. */
export const listRoomsOperation: List<"/rooms", Room, ListRoomsQuery> =
  /* @__PURE__ */ listOf("/rooms", room, {
    includeSessions: ["include_sessions", boolean],
    createdAt: ["filter[date_created_at]", dateFilter, toBounds],
    updatedAt: ["filter[date_updated_at]", dateFilter, toBounds],
    uniqueName: ["filter[unique_name]", name],
  });

/** `POST /rooms`, for the functions of `./core`. */
export const createRoomOperation: Send<"/rooms", RoomFields, Room> = {
  method: "POST",
  path: "/rooms",
  body: /* @__PURE__ */ jsonBody("room", roomFields),
  status: 201,
  repeatable: false, // it would create a second room
  result: /* @__PURE__ */ dataOf(room),
};

/** `PATCH /rooms/{id}`, for the functions of `./core`. */
export const updateRoomOperation: Send<"/rooms/{id}", RoomFields, Room> = {
  method: "PATCH",
  path: "/rooms/{id}",
  body: /* @__PURE__ */ jsonBody("changes", roomFields),
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(room),
};

/** `DELETE /rooms/{id}`, for the functions of `./core`. */
export const deleteRoomOperation: Delete<"/rooms/{id}"> = {
  method: "DELETE",
  path: "/rooms/{id}",
  status: 204,
  repeatable: true,
  doneStatus: 404,
};
