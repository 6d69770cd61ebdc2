import {
  array,
  boolean,
  type Decoder,
  integer,
  nullable,
  optional,
  record,
  required,
  string,
} from "./decode.ts";

/**
 * Someone who is or was in a session. Only `id` is sure to be there: the API
 * marks no field as required. Fields that are not listed are kept as well.
 */
export interface RoomParticipant {
  /** UUID of this stay in the session. */
  id: string;
  /** UUID of the session. */
  session_id?: string;
  /** What the client SDK gave for the person: a name, or JSON as text. */
  context?: string | null;
  /** When the person came, ISO 8601 with microseconds. */
  joined_at?: string;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string;
  /** When the person left, ISO 8601; null or absent while they are there. */
  left_at?: string | null;
  /** `"room_participant"` */
  record_type?: string;
}

/**
 * A time in which a room is or was in use. Only `id` is sure to be there: the
 * API marks no field as required. Fields that are not listed are kept as well.
 */
export interface RoomSession {
  /** UUID of the session. */
  id: string;
  /** UUID of the room. */
  room_id?: string;
  /** Whether the session is going on. */
  active?: boolean;
  /** When the session began, ISO 8601 with microseconds. */
  created_at?: string;
  /** When this record last changed, ISO 8601 with microseconds. */
  updated_at?: string;
  /** When the session ended, ISO 8601; null or absent while it is going on. */
  ended_at?: string | null;
  /** Who is or was in the session. */
  participants?: RoomParticipant[];
  /** `"room_session"` */
  record_type?: string;
}

/**
 * A video room, its fields named as on the wire (Telnyx API reference, *View a
 * room*). Only `id` is sure to be there: the API marks no field as required.
 * Fields that are not listed are kept as well.
 */
export interface Room {
  /** UUID of the room. */
  id: string;
  /** How many people may be in the room at once. */
  max_participants?: number;
  /** The room's name, unique within the account. */
  unique_name?: string;
  /** When the room was made, ISO 8601 with microseconds. */
  created_at?: string;
  /** When the room last changed, ISO 8601 with microseconds. */
  updated_at?: string;
  /** UUID of the session that is going on; null or absent when none its. */
  active_session_id?: string | null;
  /** The room's sessions; absent, null or empty unless they were asked for. */
  sessions?: RoomSession[] | null;
  /** Whether sessions in this room are recorded. */
  enable_recording?: boolean;
  /** Where the room's webhooks go; null, absent or empty for nowhere. */
  webhook_event_url?: string | null;
  /** Where webhooks go when `webhook_event_url` fails. */
  webhook_event_failover_url?: string | null;
  /** Seconds to wait for a webhook's receiver, 0 to 30. */
  webhook_timeout_secs?: number | null;
  /** `"room"` */
  record_type?: string;
}

const nullableString = nullable(string);

const participant = record<RoomParticipant>((its) =>
  required("id", its.id, string) ??
    optional("session_id", its.session_id, string) ??
    optional("context", its.context, nullableString) ??
    optional("joined_at", its.joined_at, string) ??
    optional("updated_at", its.updated_at, string) ??
    optional("left_at", its.left_at, nullableString) ??
    optional("record_type", its.record_type, string)
);

const participants = array(participant);

const session = record<RoomSession>((its) =>
  required("id", its.id, string) ??
    optional("room_id", its.room_id, string) ??
    optional("active", its.active, boolean) ??
    optional("created_at", its.created_at, string) ??
    optional("updated_at", its.updated_at, string) ??
    optional("ended_at", its.ended_at, nullableString) ??
    optional("participants", its.participants, participants) ??
    optional("record_type", its.record_type, string)
);

const sessions = nullable(array(session));

/** The shape of a {@linkcode Room}, stated for the running program. */
export const room: Decoder<Room> = record<Room>((its) =>
  required("id", its.id, string) ??
    optional("max_participants", its.max_participants, integer) ??
    optional("unique_name", its.unique_name, string) ??
    optional("created_at", its.created_at, string) ??
    optional("updated_at", its.updated_at, string) ??
    optional("active_session_id", its.active_session_id, nullableString) ??
    optional("sessions", its.sessions, sessions) ??
    optional("enable_recording", its.enable_recording, boolean) ??
    optional("webhook_event_url", its.webhook_event_url, nullableString) ??
    optional(
      "webhook_event_failover_url",
      its.webhook_event_failover_url,
      nullableString,
    ) ??
    optional(
      "webhook_timeout_secs",
      its.webhook_timeout_secs,
      nullable(integer),
    ) ??
    optional("record_type", its.record_type, string)
);
