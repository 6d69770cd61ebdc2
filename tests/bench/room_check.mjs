/** The shape of a room, by the builders of `zod` or `valibot`. */
export function roomShape(builders) {
  const { looseObject: object, array: list, nullish } = builders;
  const { string, number, boolean } = builders;
  const id = string();
  const text = nullish(string());
  const flag = nullish(boolean());
  const count = nullish(number());
  const record = { id, updated_at: text, record_type: text };
  const participant = object({
    ...record,
    session_id: text,
    context: text,
    joined_at: text,
    left_at: text,
  });
  const session = object({
    ...record,
    room_id: text,
    active: flag,
    created_at: text,
    ended_at: text,
    participants: nullish(list(participant)),
  });
  return object({
    ...record,
    max_participants: count,
    unique_name: text,
    created_at: text,
    active_session_id: text,
    sessions: nullish(list(session)),
    enable_recording: flag,
    video_codecs: nullish(list(string())),
    webhook_event_url: text,
    webhook_event_failover_url: text,
    webhook_timeout_secs: count,
  });
}

/** A function that checks a room with `zod` or `valibot`. */
export async function roomCheck(library) {
  const builders = await import(library);
  const schema = roomShape(builders);
  return library === "zod"
    ? (room) => schema.parse(room)
    : (room) => builders.parse(schema, room);
}
