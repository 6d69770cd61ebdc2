// Rooms: types, shapes and operations.
import { integerInRange, nameText, webUrl } from "./arguments.ts";
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
  listOf,
  type Page,
  pageNumber,
  type PageOptions,
  pageSize,
} from "./list.ts";
import { type Data, dataOf, jsonBody, type Operation } from "./operation.ts";
import type { CallOptions } from "./call_options.ts";
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
  /** Where webhooks go: an `http` or `https` URL. If left out, nowhere. */
  webhook_event_url?: string | undefined;
  /**
   * Where webhooks go when `webhook_event_url` fails: an `http` or `https` URL;
   * `""` or null for nowhere.
   *
   * @default {""}
   */
  webhook_event_failover_url?: string | null | undefined;
  /**
   * Seconds to wait for a webhook's receiver, 0 to 30.
   *
   * @default {null}
   */
  webhook_timeout_secs?: number | null | undefined;
}

// The fields of the WebhookFields; not one object, which bundlers would keep when
// it is spread

/** Declares the field `webhook_event_url`. */
export const webhook_event_url: Shape<WebhookFields>["webhook_event_url"] = [
  webUrl,
  "optional",
];

/** Accepts the field `webhook_event_failover_url`. */
export const webhook_event_failover_url: Decoder<string> =
  /* @__PURE__ */ where(
    `an http(s) URL, or ""`,
    (value) => value === "" || !webUrl(value),
  );

/** Accepts the field `webhook_timeout_secs`. */
export const webhook_timeout_secs: Decoder<number> =
  /* @__PURE__ */ integerInRange(0, 30);

/** The fields of a new room, or changes. Unlisted fields are sent too. */
export interface RoomFields extends WebhookFields {
  /** A name, unique within the account. */
  unique_name?: string | undefined;
  /**
   * The most participants at once, 2 to 50.
   *
   * @default {10}
   */
  max_participants?: number | undefined;
  /**
   * Whether sessions in the room are recorded.
   *
   * @default {false}
   */
  enable_recording?: boolean | undefined;
}

const roomShape: Shape<RoomFields> = {
  webhook_event_url,
  webhook_event_failover_url,
  webhook_timeout_secs,
  unique_name: [nameText, "optional"],
  max_participants: [/* @__PURE__ */ integerInRange(2, 50), "optional"],
  enable_recording: [boolean, "optional"],
};
const roomFields: Decoder<RoomFields> = /* @__PURE__ */ object(roomShape);
const roomNames = /* @__PURE__ */ Object.keys(roomShape);

/** Options for `getRoom`. */
export interface GetRoomOptions extends CallOptions {
  /**
   * Whether the response includes the sessions (`include_sessions`). If
   * it is left out, Telnyx decides.
   */
  includeSessions?: boolean | undefined;
}

/** Options for `listRooms` and `allRooms`. */
export interface ListRoomsOptions extends GetRoomOptions, PageOptions {
  /** The room with this name (`filter[unique_name]`). */
  uniqueName?: string | undefined;
  /** Rooms created on these days (`filter[date_created_at]`). */
  createdAt?: DateFilter | undefined;
  /** Rooms last changed on these days (`filter[date_updated_at]`). */
  updatedAt?: DateFilter | undefined;
}

/** `GET /rooms/{id}` */
export const getRoomOperation: Operation<
  "/rooms/{id}",
  GetRoomOptions,
  undefined,
  Data<Room>
> = {
  method: "GET",
  path: "/rooms/{id}",
  options: { includeSessions: ["include_sessions", boolean] },
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(room),
};

/** `GET /rooms` */
export const listRoomsOperation: Operation<
  "/rooms",
  ListRoomsOptions,
  undefined,
  Page<Room>
> = /* @__PURE__ */ listOf("/rooms", room, {
  includeSessions: ["include_sessions", boolean],
  createdAt: ["filter[date_created_at]", dateFilter],
  updatedAt: ["filter[date_updated_at]", dateFilter],
  uniqueName: ["filter[unique_name]", nameText],
  pageNumber,
  pageSize,
});

/** `POST /rooms` */
export const createRoomOperation: Operation<
  "/rooms",
  CallOptions,
  RoomFields,
  Data<Room>
> = {
  method: "POST",
  path: "/rooms",
  body: /* @__PURE__ */ jsonBody("room", roomFields, { names: roomNames }),
  status: 201,
  repeatable: false, // it would create a second room
  result: /* @__PURE__ */ dataOf(room),
};

/** `PATCH /rooms/{id}` */
export const updateRoomOperation: Operation<
  "/rooms/{id}",
  CallOptions,
  RoomFields,
  Data<Room>
> = {
  method: "PATCH",
  path: "/rooms/{id}",
  body: /* @__PURE__ */ jsonBody("changes", roomFields, { names: roomNames }),
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(room),
};

/** `DELETE /rooms/{id}` */
export const deleteRoomOperation: Operation<
  "/rooms/{id}",
  CallOptions,
  undefined,
  undefined
> = {
  method: "DELETE",
  path: "/rooms/{id}",
  status: 204,
  repeatable: true,
  doneStatus: 404,
};
