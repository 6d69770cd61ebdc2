import { type Decoder, object, string } from "./decode.ts";

/**
 * Someone who is or was in a session. Only `id` is sure to be there; any other
 * field may be absent or null, since the API marks none as required. Fields that
 * are not listed are kept as well.
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

/** The shape of a {@linkcode RoomParticipant}. */
export const participant: Decoder<RoomParticipant> = /* @__PURE__ */ object<
  RoomParticipant
>({
  id: [string, "required"],
  session_id: [string, "nullable"],
  context: [string, "nullable"],
  joined_at: [string, "nullable"],
  updated_at: [string, "nullable"],
  left_at: [string, "nullable"],
  record_type: [string, "nullable"],
});
