// An event of each type that Telnyx documents, with made-up fields.
import type { EventPayloads } from "../core/events.ts";
import type { EventToSign } from "./sign_webhook.ts";

const place = {
  room_id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
  session_id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0",
};
const participant = {
  ...place,
  participant_id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
  context: "Alice",
};
const recording = {
  ...place,
  participant_id: participant.participant_id,
  recording_id: "3f0c2b8e-5a3d-4f57-9d3c-2b1a7c9e4d10",
  type: "video",
};

const payloads: EventPayloads = {
  "video.room.session.started": place,
  "video.room.session.ended": {
    ...place,
    duration_secs: 1800,
    ended_reason: "all participants left",
  },
  "video.room.participant.joined": participant,
  "video.room.participant.left": {
    ...participant,
    duration_secs: 900,
    left_reason: "left",
  },
  "video.room.recording.started": recording,
  "video.room.recording.completed": {
    ...recording,
    codec: "vp8",
    duration_secs: 900,
    size_mb: 12.5,
    download_url: "https://files.invalid/recordings/example.webm",
  },
  "video.room.composition.completed": {
    ...place,
    composition_id: "5d1f6a0e-7c2b-4b8a-9e57-8f3a1c0d2e66",
    duration_secs: 1800,
    size_mb: 48,
    format: "mp4",
    resolution: "1280x720",
    download_url: "https://files.invalid/compositions/example.mp4",
  },
};

const prefix = "video.room.";

/** The types of events, without what all of them begin with. */
export const eventNames: readonly string[] = Object.keys(payloads)
  .map((type) => type.slice(prefix.length));

/** An event of this type, with or without the prefix; undefined for another. */
export function exampleEvent(name: string): EventToSign | undefined {
  const type = name.startsWith(prefix) ? name : prefix + name;
  const payload = Object.entries(payloads).find(([known]) => known === type);
  return payload && { event_type: type, payload: { ...payload[1] } };
}
