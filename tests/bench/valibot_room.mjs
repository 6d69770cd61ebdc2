/** The shape of a room, by valibot. */
import * as v from "valibot";

const text = v.nullish(v.string());

const vParticipant = v.looseObject({
  id: v.string(),
  session_id: text,
  context: text,
  joined_at: text,
  updated_at: text,
  left_at: text,
  record_type: text,
});
const vSession = v.looseObject({
  id: v.string(),
  room_id: text,
  active: v.nullish(v.boolean()),
  created_at: text,
  updated_at: text,
  ended_at: text,
  participants: v.nullish(v.array(vParticipant)),
  record_type: text,
});
const vRoom = v.looseObject({
  id: v.string(),
  max_participants: v.nullish(v.number()),
  unique_name: text,
  created_at: text,
  updated_at: text,
  active_session_id: text,
  sessions: v.nullish(v.array(vSession)),
  enable_recording: v.nullish(v.boolean()),
  webhook_event_url: text,
  webhook_event_failover_url: text,
  webhook_timeout_secs: v.nullish(v.number()),
  record_type: text,
});

export const valibotRoom = (value) => v.parse(vRoom, value);
