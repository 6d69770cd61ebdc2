/** The consumer side of webhooks: what this module needs from each event. */
import type { EventPayloads, KnownEvent, RoomEvent } from "../mod.ts";
import { readEvent } from "../lib/core/mod.ts";
import { uuid } from "./interaction.ts";
import { consumer, examples, webhooks } from "./names.ts";
import { MatchersV3, PactV4 } from "./pact.ts";

const { integer, like, regex } = MatchersV3;

const place = {
  room_id: examples.room_id,
  session_id: examples.room_session_id,
};
const person = { ...place, participant_id: examples.room_participant_id };
const recording = {
  ...person,
  recording_id: examples.room_recording_id,
  type: "audio",
};
const duration_secs = integer(34);
const file = {
  download_url: "https://download.example.com/file",
  size_mb: 5.6,
  duration_secs,
};

/** The payload of each event: fields of these types. */
const payloads: { [Type in keyof EventPayloads]: Record<string, unknown> } = {
  "video.room.session.started": place,
  "video.room.session.ended": {
    ...place,
    duration_secs,
    ended_reason: "all participants left",
  },
  "video.room.participant.joined": { ...person, context: "Alice" },
  "video.room.participant.left": {
    ...person,
    context: "Alice",
    duration_secs,
    left_reason: "left",
  },
  "video.room.recording.started": recording,
  "video.room.recording.completed": { ...recording, ...file },
  "video.room.composition.completed": {
    ...place,
    composition_id: examples.room_composition_id,
    ...file,
  },
};

export const eventTypes = Object.keys(payloads) as KnownEvent["event_type"][];

/** The body of a webhook. Some timestamps have a space instead of the `T`. */
export function bodyOf(event_type: KnownEvent["event_type"]) {
  return {
    data: {
      id: uuid(examples.room_id),
      event_type,
      occurred_at: regex(
        /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\.\d{6}Z$/,
        "2021-04-16T09:46:20.954863Z",
      ),
      payload: like(payloads[event_type]),
    },
  };
}

/** Reads one event with `readEvent`, and adds it to the pact in `dir`. */
export async function takeMessage(
  event_type: KnownEvent["event_type"],
  dir: string,
): Promise<RoomEvent | undefined> {
  return await new PactV4({
    consumer,
    provider: webhooks,
    dir,
    logLevel: "error",
  })
    .addAsynchronousInteraction()
    .expectsToReceive(
      event_type,
      (message) => void message.withJSONContent(bodyOf(event_type)),
    )
    .executeTest(({ contents }) =>
      Promise.resolve(readEvent(JSON.stringify(contents.content)))
    );
}
