/** The fields of a room, its sessions and their participants. */
import fc from "fast-check";
import type { Room, RoomParticipant, RoomSession } from "../../mod.ts";
import {
  type FieldsOf,
  id,
  integer,
  type JsonObject,
  ofKind,
  record,
  string,
} from "./fields.ts";

export const participantFields: FieldsOf<RoomParticipant> = {
  id,
  session_id: string,
  context: string,
  joined_at: string,
  updated_at: string,
  left_at: string,
  record_type: string,
};

export const sessionFields: FieldsOf<RoomSession> = {
  id,
  room_id: string,
  active: { kind: "boolean" },
  created_at: string,
  updated_at: string,
  ended_at: string,
  participants: { kind: "array" },
  record_type: string,
};

export const roomFields: FieldsOf<Room> = {
  id,
  max_participants: integer,
  unique_name: string,
  created_at: string,
  updated_at: string,
  active_session_id: string,
  sessions: { kind: "array" },
  enable_recording: { kind: "boolean" },
  webhook_event_url: string,
  webhook_event_failover_url: string,
  webhook_timeout_secs: integer,
  video_codecs: { kind: "array" },
  record_type: string,
};

const lengths = (whole: boolean) => ({
  minLength: whole ? 1 : 0,
  maxLength: 3,
});

export function sessions(whole: boolean): fc.Arbitrary<JsonObject> {
  const participant = record(participantFields, {}, whole);
  return record(sessionFields, {
    participants: fc.array(participant, lengths(whole)),
  }, whole);
}

export function rooms(whole: boolean): fc.Arbitrary<JsonObject> {
  const length = lengths(whole);
  return record(roomFields, {
    sessions: fc.array(sessions(whole), length),
    video_codecs: fc.array(ofKind.string, length),
  }, whole);
}

/** Any documented room. */
export const anyRoom: fc.Arbitrary<JsonObject> = rooms(false);
