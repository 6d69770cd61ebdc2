/** The shape of a room, by zod. */
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
