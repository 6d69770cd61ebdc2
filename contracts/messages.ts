/** The consumer side of webhooks: what this module needs from each event. */
import {
  type EventPayloads,
  type KnownEvent,
  parseWebhook,
  type RoomEvent,
} from "../mod.ts";
import { publicKey, sign } from "../tests/support/signed.ts";
import { timestamp, uuid } from "./interaction.ts";
import { consumer, examples, webhooks } from "./names.ts";
import { MatchersV3, PactV4 } from "./pact.ts";

const { integer, like, regex } = MatchersV3;

const { room_id, room_session_id: session_id } = examples;
const place = { room_id, session_id };
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
const composition_id = examples.room_composition_id;
const context = "Alice";

/** The payload of each event: fields of these types. */
const payloads: { [Type in keyof EventPayloads]: Record<string, unknown> } = {
  "video.room.session.started": place,
  "video.room.session.ended": {
    ...place,
    duration_secs,
    ended_reason: "all participants left",
  },
  "video.room.participant.joined": { ...person, context },
  "video.room.participant.left": {
    ...person,
    context,
    duration_secs,
    left_reason: "left",
  },
  "video.room.recording.started": recording,
  "video.room.recording.completed": { ...recording, ...file },
  "video.room.composition.completed": { ...place, composition_id, ...file },
};

export const eventTypes = Object.keys(payloads) as KnownEvent["event_type"][];

/**
 * The headers that `parseWebhook` needs. In a pact of messages, they are its
 * metadata.
 */
export const headers = {
  "telnyx-signature-ed25519": regex(
    /^[A-Za-z\d+\/]{85}[AQgw]==$/,
    "588KynigVi8Z7ZrU88yhLVnXFETE3VelmQATeQGTR0Cl3d0nP2i0BSReJGZviZB3t6Fs4s8UEwKTCnNHfYoWBQ==",
  ),
  "telnyx-timestamp": regex(/^\d+$/, "1700000000"),
};

/** The body of a webhook. */
export function bodyOf(event_type: KnownEvent["event_type"]) {
  return {
    data: {
      id: uuid(examples.room_id),
      event_type,
      occurred_at: timestamp("2021-04-16T09:46:20.954863Z"),
      payload: like(payloads[event_type]),
    },
  };
}

/** A signed webhook with the headers that the contract names. */
function webhookOf(content: unknown, metadata: Record<string, unknown>) {
  const body = JSON.stringify(content);
  const signed = sign(body, `${Math.floor(Date.now() / 1000)}`);
  const kept = Object.entries(signed).filter(([name]) => name in metadata);
  const init = { method: "POST", headers: Object.fromEntries(kept), body };
  return new Request("https://www.example.com/hook", init);
}

/** Receives one event with `parseWebhook`, and adds it to the pact in `dir`. */
export const takeMessage = (
  event_type: KnownEvent["event_type"],
  dir: string,
): Promise<RoomEvent | undefined> =>
  new PactV4({ consumer, provider: webhooks, dir, logLevel: "error" })
    .addAsynchronousInteraction()
    .expectsToReceive(event_type, (message) => {
      message.withMetadata(headers).withJSONContent(bodyOf(event_type));
    })
    .executeTest(({ contents, metadata }) =>
      parseWebhook(webhookOf(contents.content, metadata), publicKey)
    );
