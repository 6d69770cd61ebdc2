import { checkArgument } from "./arguments.ts";
import { type Data, dataOf } from "./data.ts";
import {
  type Decoder,
  integer,
  jsonType,
  type Mismatch,
  number,
  object,
  string,
} from "./decode.ts";
import { WebhookError } from "./errors.ts";

/**
 * What is about a room's session, in the payload of every event. Either may be
 * absent or null, since the provider marks no field as required.
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
  /** What the client SDK gave for the person: a name, or JSON as text. */
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
  /** UUID of the participant who is recorded. */
  participant_id?: string | null;
  /** `"audio"` or `"video"` */
  type?: string | null;
}

/** The payload of `video.room.recording.completed`. */
export interface RecordingCompletedPayload extends RecordingStartedPayload {
  /** Where the file is, for about an hour; then look the recording up. */
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

/** The payload of each event type that the provider documents. */
export interface EventPayloads {
  /** A session began. */
  "video.room.session.started": SessionStartedPayload;
  /** A session ended. */
  "video.room.session.ended": SessionEndedPayload;
  /** Someone came. */
  "video.room.participant.joined": ParticipantJoinedPayload;
  /** Someone left. */
  "video.room.participant.left": ParticipantLeftPayload;
  /** The recording of a participant's audio or video began. */
  "video.room.recording.started": RecordingStartedPayload;
  /** A recording can be downloaded; it may come after its session's end. */
  "video.room.recording.completed": RecordingCompletedPayload;
  /** A composition can be downloaded. */
  "video.room.composition.completed": CompositionCompletedPayload;
}

/**
 * An event, its fields named as on the wire. Only `id`, `event_type` and
 * `payload` are sure to be there, and of a payload the id of what the event is
 * about; any other field may be absent or null, since the provider marks none
 * as required. Fields that are not listed are kept as well.
 */
export interface EventOf<Type extends string, Payload> {
  /** UUID of the event: the same each time that the event is delivered. */
  id: string;
  /** What happened. */
  event_type: Type;
  /** When it happened, ISO 8601; some have a space in place of the `T`. */
  occurred_at?: string | null;
  /** What it happened to. */
  payload: Payload;
  /** `"event"` */
  record_type?: string | null;
}

/**
 * An event of a type that is documented, or of one of these types: a
 * {@linkcode EventOf} for each of {@linkcode EventPayloads}.
 */
export type KnownEvent<
  Type extends keyof EventPayloads = keyof EventPayloads,
> = { [Each in Type]: EventOf<Each, EventPayloads[Each]> }[Type];

/**
 * A text that is none of the documented event types; `readEvent` has checked it.
 * The brand is there for the compiler alone: TypeScript has no type for every
 * string but some, and beside a plain `string`, a literal would narrow nothing.
 * To compare it, make it a string: `const type: string = event.event_type`.
 */
export type UnknownEventType =
  & `${string}.${string}` // or a plain string, which literals compare with
  & { readonly "unknown event": true };

/** An event of a type that is not documented, kept as it came. */
export type UnknownEvent = EventOf<UnknownEventType, unknown>;

/**
 * An event, as a union that `event_type` tells apart. In a `switch`, a known
 * type narrows `payload`, and what is left for `default` is an
 * {@linkcode UnknownEvent}.
 */
export type RoomEvent = KnownEvent | UnknownEvent;

/** The decoder of each documented payload. */
function payloadDecoders(): {
  [Type in keyof EventPayloads]: Decoder<EventPayloads[Type]>;
} {
  const id = [string, "required"] as const;
  const place = { room_id: string, session_id: string };
  const session = { ...place, session_id: id };
  const participant = { ...place, participant_id: id, context: string };
  const recording = {
    ...place,
    recording_id: id,
    participant_id: string,
    type: string,
  };
  const file = {
    download_url: string,
    size_mb: number,
    duration_secs: integer,
  };
  return {
    "video.room.session.started": object<SessionStartedPayload>(session),
    "video.room.session.ended": object<SessionEndedPayload>({
      ...session,
      duration_secs: integer,
      ended_reason: string,
    }),
    "video.room.participant.joined": object<ParticipantJoinedPayload>(
      participant,
    ),
    "video.room.participant.left": object<ParticipantLeftPayload>({
      ...participant,
      duration_secs: integer,
      left_reason: string,
    }),
    "video.room.recording.started": object<RecordingStartedPayload>(recording),
    "video.room.recording.completed": object<RecordingCompletedPayload>({
      ...recording,
      ...file,
      codec: string,
    }),
    "video.room.composition.completed": object<CompositionCompletedPayload>({
      ...place,
      ...file,
      composition_id: id,
      format: string,
      resolution: string,
    }),
  };
}

const payloads = /* @__PURE__ */ payloadDecoders();

/** Accepts an event whose payload is that of its type, if that is known. */
const event: Decoder<RoomEvent> = (value) => {
  const { event_type } = Object(value);
  const known = Object.hasOwn(payloads, event_type);
  return object<RoomEvent>({
    id: [string, "required"],
    event_type: [string, "required"],
    occurred_at: string,
    payload: [
      known ? payloads[event_type as keyof EventPayloads] : () => undefined,
      "required",
    ],
    record_type: string,
  } as never)(value);
};

const eventBody = /* @__PURE__ */ dataOf(event);

/** Reads an event out of what `parse` makes of a body. */
export function toEvent(parse: () => unknown): RoomEvent {
  let wrong: Mismatch | undefined;
  try {
    const body = parse();
    wrong = eventBody(body);
    if (!wrong) return (body as Data<RoomEvent>).data;
  } catch {
    // The engine's own message quotes the body, so it stays out
  }
  throw new WebhookError(
    "malformed",
    wrong
      ? `The webhook's ${wrong.pointer} must be ${wrong.expected}, received ` +
        `${jsonType(wrong.value)}: update this module`
      : "The webhook's body must be JSON",
  );
}

/**
 * Reads the body of a webhook, whoever sent it: `parseWebhook` verifies that it
 * was the provider. It has no effects and always gives the same result for the
 * same body. The event is accepted or refused, not changed: unknown fields,
 * nulls and the order of keys stay.
 *
 * @param body The body as text: `{"data": {"event_type": …}}`.
 * @returns The event: the `data` of the body. One of a type that is not known
 * is no error: it is an `UnknownEvent`.
 * @throws {WebhookError} `malformed`, if the body is not an event as documented.
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
  return toEvent(() => JSON.parse(body));
}
