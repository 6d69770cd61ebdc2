/** The shape of a room in two schema libraries. */
import * as v from "valibot";
import * as z from "zod";

const zParticipant = z.looseObject({
  id: z.string(),
  session_id: z.string().nullish(),
  context: z.string().nullish(),
  joined_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  left_at: z.string().nullish(),
  record_type: z.string().nullish(),
});
const zSession = z.looseObject({
  id: z.string(),
  room_id: z.string().nullish(),
  active: z.boolean().nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  ended_at: z.string().nullish(),
  participants: z.array(zParticipant).nullish(),
  record_type: z.string().nullish(),
});
const zRoom = z.looseObject({
  id: z.string(),
  max_participants: z.number().nullish(),
  unique_name: z.string().nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  active_session_id: z.string().nullish(),
  sessions: z.array(zSession).nullish(),
  enable_recording: z.boolean().nullish(),
  webhook_event_url: z.string().nullish(),
  webhook_event_failover_url: z.string().nullish(),
  webhook_timeout_secs: z.number().nullish(),
  video_codecs: z.array(z.string()).nullish(),
  record_type: z.string().nullish(),
});

export const zodRoom = (value) => zRoom.parse(value);

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
