import {
  array,
  boolean,
  type Decoder,
  field,
  integer,
  record,
  string,
  text,
} from "./decode.ts";

/**
 * Someone who is or was in a session. Only `id` is sure to be there; any other
 * field may be absent or null, since the API marks none as required. Fields that
 * are not listed are kept as well.
 *
 * @example Who is there now
 * ```ts
 * import type { RoomParticipant } from "@videorooms/telnyx";
 * import { assertEquals } from "@std/assert";
 *
 * const people: RoomParticipant[] = [
 *   { id: "1", context: "Alice" },
 *   { id: "2", context: "Bob", left_at: "2021-04-16T10:24:55.962200Z" },
 * ];
 * const there = people.filter(({ left_at }) => !left_at);
 * assertEquals(there.map(({ context }) => context), ["Alice"]);
 * ```
 */
export interface RoomParticipant {
  /** UUID of this stay in the session. */
  id: string;
  /** UUID of the session. */
  session_id?: string | null;
  /** What the client SDK gave for the person: a name, or JSON as text. */
  context?: string | null;
  /** When the person came, ISO 8601 with microseconds. */
  joined_at?: string | null;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the person left, ISO 8601; null or absent while they are there. */
  left_at?: string | null;
  /** `"room_participant"` */
  record_type?: string | null;
}

/**
 * A time in which a room is or was in use. Only `id` is sure to be there; any
 * other field may be absent or null, since the API marks none as required.
 * Fields that are not listed are kept as well.
 *
 * @example The session that is going on
 * ```ts
 * import type { RoomSession } from "@videorooms/telnyx";
 * import { assertEquals } from "@std/assert";
 *
 * const sessions: RoomSession[] = [
 *   { id: "1", active: false },
 *   { id: "2", active: true },
 * ];
 * assertEquals(sessions.find(({ active }) => active)?.id, "2");
 * ```
 */
export interface RoomSession {
  /** UUID of the session. */
  id: string;
  /** UUID of the room. */
  room_id?: string | null;
  /** Whether the session is going on. */
  active?: boolean | null;
  /** When the session began, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the session ended, ISO 8601; null or absent while it is going on. */
  ended_at?: string | null;
  /** Who is or was in the session. */
  participants?: RoomParticipant[] | null;
  /** `"room_session"` */
  record_type?: string | null;
}

/**
 * A video room, its fields named as on the wire (Telnyx API reference, *View a
 * room*). Only `id` is sure to be there; any other field may be absent or null,
 * since the API marks none as required. Fields that are not listed are kept as
 * well.
 *
 * @example Is there a place left?
 * ```ts
 * import type { Room } from "@videorooms/telnyx";
 * import { assertEquals } from "@std/assert";
 *
 * function free({ max_participants, sessions }: Room): number {
 *   const live = sessions?.find(({ active }) => active);
 *   const there = live?.participants?.filter(({ left_at }) => !left_at) ?? [];
 *   return (max_participants ?? Infinity) - there.length;
 * }
 * assertEquals(free({ id: "1", max_participants: 50 }), 50);
 * ```
 */
export interface Room {
  /** UUID of the room. */
  id: string;
  /** How many people may be in the room at once. */
  max_participants?: number | null;
  /** The room's name, unique within the account; null for a room without one. */
  unique_name?: string | null;
  /** When the room was made, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When the room last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** UUID of the session that is going on; null or absent when none is. */
  active_session_id?: string | null;
  /** The room's sessions; absent, null or empty unless they were asked for. */
  sessions?: RoomSession[] | null;
  /** Whether sessions in this room are recorded. */
  enable_recording?: boolean | null;
  /** Where the room's webhooks go; null, absent or empty for nowhere. */
  webhook_event_url?: string | null;
  /** Where webhooks go when `webhook_event_url` fails; `""` for nowhere. */
  webhook_event_failover_url?: string | null;
  /** Seconds to wait for a webhook's receiver, 0 to 30. */
  webhook_timeout_secs?: number | null;
  /**
   * Video codecs of the room, such as `["h264", "vp8"]`: in every recorded
   * answer of the API, though in none of its documents.
   */
  video_codecs?: string[] | null;
  /** `"room"` */
  record_type?: string | null;
}

const participant = record<RoomParticipant>((its) =>
  string("id", its.id, "required") ??
    string("session_id", its.session_id, "optional") ??
    string("context", its.context, "optional") ??
    string("joined_at", its.joined_at, "optional") ??
    string("updated_at", its.updated_at, "optional") ??
    string("left_at", its.left_at, "optional") ??
    string("record_type", its.record_type, "optional")
);

const participants = array(participant);

const session = record<RoomSession>((its) =>
  string("id", its.id, "required") ??
    string("room_id", its.room_id, "optional") ??
    boolean("active", its.active, "optional") ??
    string("created_at", its.created_at, "optional") ??
    string("updated_at", its.updated_at, "optional") ??
    string("ended_at", its.ended_at, "optional") ??
    field("participants", its.participants, "optional", participants) ??
    string("record_type", its.record_type, "optional")
);

const sessions = array(session);

const codecs = array(text);

/** The shape of a {@linkcode Room}, stated for the running program. */
export const room: Decoder<Room> = record<Room>((its) =>
  string("id", its.id, "required") ??
    integer("max_participants", its.max_participants, "optional") ??
    string("unique_name", its.unique_name, "optional") ??
    string("created_at", its.created_at, "optional") ??
    string("updated_at", its.updated_at, "optional") ??
    string("active_session_id", its.active_session_id, "optional") ??
    field("sessions", its.sessions, "optional", sessions) ??
    boolean("enable_recording", its.enable_recording, "optional") ??
    string("webhook_event_url", its.webhook_event_url, "optional") ??
    string(
      "webhook_event_failover_url",
      its.webhook_event_failover_url,
      "optional",
    ) ??
    integer("webhook_timeout_secs", its.webhook_timeout_secs, "optional") ??
    field("video_codecs", its.video_codecs, "optional", codecs) ??
    string("record_type", its.record_type, "optional")
);
