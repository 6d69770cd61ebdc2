/** The shape of a room once more, by two libraries that are made for it. */
import * as v from "valibot";
import * as z from "zod";

const zParticipant = z.looseObject({
  id: z.string(),
  session_id: z.string().optional(),
  context: z.string().nullable().optional(),
  joined_at: z.string().optional(),
  updated_at: z.string().optional(),
  left_at: z.string().nullable().optional(),
  record_type: z.string().optional(),
});
const zSession = z.looseObject({
  id: z.string(),
  room_id: z.string().optional(),
  active: z.boolean().optional(),
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
  ended_at: z.string().nullable().optional(),
  participants: z.array(zParticipant).optional(),
  record_type: z.string().optional(),
});
const zRoom = z.looseObject({
  id: z.string(),
  max_participants: z.number().optional(),
  unique_name: z.string().optional(),
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
  active_session_id: z.string().nullable().optional(),
  sessions: z.array(zSession).nullable().optional(),
  enable_recording: z.boolean().optional(),
  webhook_event_url: z.string().nullable().optional(),
  webhook_event_failover_url: z.string().nullable().optional(),
  webhook_timeout_secs: z.number().nullable().optional(),
  record_type: z.string().optional(),
});

export const zodRoom = (value) => zRoom.parse(value);

const text = v.optional(v.string());
const textOrNull = v.nullish(v.string());

const vParticipant = v.looseObject({
  id: v.string(),
  session_id: text,
  context: textOrNull,
  joined_at: text,
  updated_at: text,
  left_at: textOrNull,
  record_type: text,
});
const vSession = v.looseObject({
  id: v.string(),
  room_id: text,
  active: v.optional(v.boolean()),
  created_at: text,
  updated_at: text,
  ended_at: textOrNull,
  participants: v.optional(v.array(vParticipant)),
  record_type: text,
});
const vRoom = v.looseObject({
  id: v.string(),
  max_participants: v.optional(v.number()),
  unique_name: text,
  created_at: text,
  updated_at: text,
  active_session_id: textOrNull,
  sessions: v.nullish(v.array(vSession)),
  enable_recording: v.optional(v.boolean()),
  webhook_event_url: textOrNull,
  webhook_event_failover_url: textOrNull,
  webhook_timeout_secs: v.nullish(v.number()),
  record_type: text,
});

export const valibotRoom = (value) => v.parse(vRoom, value);
