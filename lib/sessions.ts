import { array, boolean, type Decoder, object, string } from "./decode.ts";
import { participant, type RoomParticipant } from "./participants.ts";

/**
 * A time in which a room is or was in use. Only `id` is sure to be there; any
 * other field may be absent or null, since the API marks none as required.
 * Fields that are not listed are kept as well.
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

/** The shape of a {@linkcode RoomSession}. */
export const session: Decoder<RoomSession> = /* @__PURE__ */ object<
  RoomSession
>({
  id: [string, "required"],
  room_id: [string, "nullable"],
  active: [boolean, "nullable"],
  created_at: [string, "nullable"],
  updated_at: [string, "nullable"],
  ended_at: [string, "nullable"],
  participants: [/* @__PURE__ */ array(participant), "nullable"],
  record_type: [string, "nullable"],
});
