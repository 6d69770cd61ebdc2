/** The shape of a room, by the builders of any library of schemas. */
export function roomShape({ object, list, nullish, string, number, boolean }) {
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
  const it = await import(library);
  const { looseObject: object, array: list, nullish, string, number, boolean } =
    it;
  const schema = roomShape({ object, list, nullish, string, number, boolean });
  return library === "zod"
    ? (room) => schema.parse(room)
    : (room) => it.parse(schema, room);
}
