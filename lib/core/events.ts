// The events of webhooks: their types, and a function that reads one.
import { checkArgument } from "./arguments.ts";
import {
  type Decoder,
  integer,
  jsonType,
  number,
  object,
  problemOf,
  recordId,
  requiredField,
  string,
} from "./decode.ts";
import { WebhookError } from "./errors.ts";
import { type Data, dataOf } from "./operation.ts";

/**
 * The room and session of an event, part of every payload. Either may be absent
 * or null, since Telnyx marks no field as required.
 */
export interface EventPlace {
  /** UUID of the room. */
  room_id?: string | null;
  /** UUID of the session. */
  session_id?: string | null;
}

/** The payload of `video.room.session.started`. */
export interface SessionStartedPayload extends EventPlace {
  /** UUID of the session. */
  session_id: string;
}

/** The payload of `video.room.session.ended`. */
export interface SessionEndedPayload extends SessionStartedPayload {
  /** How long the session lasted, in seconds. */
  duration_secs?: number | null;
  /** Why it ended, such as `"stale"`; the list of reasons is open. */
  ended_reason?: string | null;
}

/** The payload of `video.room.participant.joined`. */
export interface ParticipantJoinedPayload extends EventPlace {
  /** UUID of this stay in the session. */
  participant_id: string;
  /** Set by the client SDK: a name, or JSON as text. */
  context?: string | null;
}

/** The payload of `video.room.participant.left`. */
export interface ParticipantLeftPayload extends ParticipantJoinedPayload {
  /** How long the person stayed, in seconds. */
  duration_secs?: number | null;
  /** Why the person left, such as `"kicked"`; the list of reasons is open. */
  left_reason?: string | null;
}

/** The payload of `video.room.recording.started`. */
export interface RecordingStartedPayload extends EventPlace {
  /** UUID of the recording. */
  recording_id: string;
  /** UUID of the recorded participant. */
  participant_id?: string | null;
  /** `"audio"` or `"video"` */
  type?: string | null;
}

/** The payload of `video.room.recording.completed`. */
export interface RecordingCompletedPayload extends RecordingStartedPayload {
  /** Where the file is, for about an hour; then call `getRecording`. */
  download_url?: string | null;
  /** The size of the file, in MB. */
  size_mb?: number | null;
  /** The codec, such as `"opus"`. */
  codec?: string | null;
  /** How long the recording is, in seconds. */
  duration_secs?: number | null;
}

/** The payload of `video.room.composition.completed`. */
export interface CompositionCompletedPayload extends EventPlace {
  /** UUID of the composition. */
  composition_id: string;
  /** Where the file is. */
  download_url?: string | null;
  /** The size of the file, in MB. */
  size_mb?: number | null;
  /** How long the composition is, in seconds. */
  duration_secs?: number | null;
  /** The format of the file, such as `"mp4"`. */
  format?: string | null;
  /** Width and height in pixels, such as `"1280x720"`. */
  resolution?: string | null;
}

/** The payload of each event type that Telnyx documents. */
export interface EventPayloads {
  /** A session started. */
  "video.room.session.started": SessionStartedPayload;
  /** A session ended. */
  "video.room.session.ended": SessionEndedPayload;
  /** A participant joined. */
  "video.room.participant.joined": ParticipantJoinedPayload;
  /** A participant left. */
  "video.room.participant.left": ParticipantLeftPayload;
  /** A recording of a participant's audio or video started. */
  "video.room.recording.started": RecordingStartedPayload;
  /** A recording can be downloaded; may arrive after the session has ended. */
  "video.room.recording.completed": RecordingCompletedPayload;
  /** A composition can be downloaded. */
  "video.room.composition.completed": CompositionCompletedPayload;
}

/**
 * An event, with field names as on the wire. Only `id`, `event_type` and, of a
 * documented type, `payload` with its main id are guaranteed; any other field may
 * be absent or null, since Telnyx marks none as required. Unlisted fields are kept.
 */
export interface EventOf<Type extends string, Payload> {
  /** UUID of the event: the same on every delivery. */
  id: string;
  /** What happened. */
  event_type: Type;
  /** When it happened, ISO 8601; sometimes with a space instead of the `T`. */
  occurred_at?: string | null;
  /** What it happened to. */
  payload: Payload;
  /** `"event"` */
  record_type?: string | null;
}

/**
 * An event of a documented type, or of the given types: an
 * {@linkcode EventOf} for each of {@linkcode EventPayloads}.
 */
export type KnownEvent<
  Type extends keyof EventPayloads = keyof EventPayloads,
> = { [Each in Type]: EventOf<Each, EventPayloads[Each]> }[Type];

/**
 * An event type that is not documented. The brand exists only for the compiler:
 * in a union with a plain `string`, no literal would narrow the payload. To
 * compare it, widen it: `const type: string = event.event_type`.
 */
export type UnknownEventType =
  & `${string}.${string}` // a plain string would be comparable to any literal
  & { readonly "unknown event": true };

/** An event of an undocumented type, as received. */
export type UnknownEvent = EventOf<UnknownEventType, unknown>;

/**
 * Any event: a union discriminated by `event_type`. In a `switch`, a known type
 * narrows `payload`; `default` is left with {@linkcode UnknownEvent}.
 */
export type RoomEvent = KnownEvent | UnknownEvent;

const requiredId = [string, "required"] as const;

/** The decoder of each documented payload: no object is spread, which is slow. */
const payloads: {
  [Type in keyof EventPayloads]: Decoder<EventPayloads[Type]>;
} = {
  "video.room.session.started": /* @__PURE__ */ object<SessionStartedPayload>({
    room_id: string,
    session_id: requiredId,
  }),
  "video.room.session.ended": /* @__PURE__ */ object<SessionEndedPayload>({
    room_id: string,
    session_id: requiredId,
    duration_secs: integer,
    ended_reason: string,
  }),
  "video.room.participant.joined": /* @__PURE__ */ object<
    ParticipantJoinedPayload
  >({
    room_id: string,
    session_id: string,
    participant_id: requiredId,
    context: string,
  }),
  "video.room.participant.left": /* @__PURE__ */ object<
    ParticipantLeftPayload
  >({
    room_id: string,
    session_id: string,
    participant_id: requiredId,
    context: string,
    duration_secs: integer,
    left_reason: string,
  }),
  "video.room.recording.started": /* @__PURE__ */ object<
    RecordingStartedPayload
  >({
    room_id: string,
    session_id: string,
    recording_id: requiredId,
    participant_id: string,
    type: string,
  }),
  "video.room.recording.completed": /* @__PURE__ */ object<
    RecordingCompletedPayload
  >({
    room_id: string,
    session_id: string,
    recording_id: requiredId,
    participant_id: string,
    type: string,
    download_url: string,
    size_mb: number,
    duration_secs: integer,
    codec: string,
  }),
  "video.room.composition.completed": /* @__PURE__ */ object<
    CompositionCompletedPayload
  >({
    room_id: string,
    session_id: string,
    download_url: string,
    size_mb: number,
    duration_secs: integer,
    composition_id: requiredId,
    format: string,
    resolution: string,
  }),
};

/** The fields of every event but its payload. */
const envelope = /* @__PURE__ */ object<
  Omit<EventOf<string, never>, "payload">
>({
  id: [recordId, "required"],
  event_type: [string, "required"],
  occurred_at: string,
  record_type: string,
});

function isKnownType(type: unknown): type is keyof EventPayloads {
  return typeof type === "string" && Object.hasOwn(payloads, type);
}

/** Accepts an event; its payload is checked if its type is documented. */
const event: Decoder<RoomEvent> = (value) => {
  const mismatch = envelope(value);
  if (mismatch) return mismatch;
  const { event_type } = value as EventOf<string, never>;
  return isKnownType(event_type)
    ? requiredField(value, "payload", payloads[event_type])
    : undefined;
};

const eventBody = /* @__PURE__ */ dataOf(event);

/**
 * Reads the body of a webhook without verifying its sender, which
 * `parseWebhook` does. A pure function. The event is accepted or
 * refused, never changed: unknown fields, nulls and the order of keys stay.
 *
 * @param body The body as text: `{"data": {"event_type": …}}`.
 * @returns The event: the `data` of the body. An unknown type is not an error:
 * the event is then an `UnknownEvent`.
 * @throws {WebhookError} `malformed`, if the body is not an event as
 * documented.
 * @throws {InvalidArgumentError} If the body is not text.
 *
 * @example
 * ```ts
 * import { readEvent } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const event = readEvent(JSON.stringify({
 *   data: {
 *     id: "6b61621f-62e0-4aad-ab11-9fd19e272e73",
 *     event_type: "video.room.participant.left",
 *     payload: {
 *       participant_id: "5ccc7b54-4df3-4bca-a65a-35a1ecc777f0",
 *       context: "Alice",
 *       duration_secs: 34,
 *     },
 *   },
 * }));
 * if (event.event_type === "video.room.participant.left") {
 *   assertEquals(event.payload.duration_secs, 34);
 * }
 * ```
 */
export function readEvent(body: string): RoomEvent {
  checkArgument("body", string, body);
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch {
    // The engine's own message would quote the body
    throw new WebhookError("malformed", "The webhook's body must be JSON");
  }
  const mismatch = eventBody(event);
  if (!mismatch) return (event as Data<RoomEvent>).data;
  const { pointer, expected, value } = mismatch;
  throw new WebhookError(
    "malformed",
    `The webhook's ${pointer} ${problemOf(expected, jsonType(value))}: ` +
      "update this module",
  );
}
