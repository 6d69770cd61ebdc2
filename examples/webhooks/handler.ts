/**
 * Receives Telnyx's webhooks: verifies each, stores it, and only then responds.
 * The work is done afterwards, from the table (`store.ts`). It runs on every
 * runtime; `main.ts` and `worker.ts` start it.
 */
import {
  parseWebhook,
  responseInit,
  type RoomEvent,
  RoomsError,
} from "@videorooms/telnyx";

/** What the handler needs from outside. */
export interface Deps {
  /** The account's public key, or both keys during a rotation. */
  publicKey: string | string[];
  /** Stores an event. The response waits for it, since it ends the delivery. */
  store: (event: RoomEvent) => Promise<void> | void;
}

/**
 * Text as one line for a log. Guests choose their names: characters that a
 * terminal acts on, or that change the direction of text, become escapes.
 */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}

/**
 * Handles one webhook: 204 once it is stored, 400 if it is not from Telnyx, and
 * 500 if it could not be stored, so that Telnyx delivers it again.
 */
export async function webhook(
  request: Request,
  { publicKey, store }: Deps,
): Promise<Response> {
  if (request.method !== "POST") {
    return new Response(null, { status: 405, headers: { allow: "POST" } });
  }
  let event: RoomEvent;
  try {
    event = await parseWebhook(request, publicKey);
  } catch (error) {
    const init = responseInit(error);
    // Such as a wrong public key: Telnyx delivers the webhook again
    if (init.status >= 500) console.error(printable(String(error)));
    const code = error instanceof RoomsError ? error.code : "internal";
    return Response.json({ error: code }, init);
  }
  try {
    await store(event);
  } catch (error) {
    console.error(printable(`Event ${event.id} is not stored: ${error}`));
    return Response.json({ error: "not_stored" }, { status: 500 });
  }
  return new Response(null, { status: 204 });
}

/** Describes an event; your app would act on it. */
export function describe(event: RoomEvent): string {
  switch (event.event_type) {
    case "video.room.session.started":
      return `Session ${event.payload.session_id} started`;
    case "video.room.session.ended":
      return `Session ${event.payload.session_id} ended`;
    case "video.room.participant.joined":
      return `${event.payload.context ?? "Someone"} joined`;
    case "video.room.participant.left":
      return `${event.payload.context ?? "Someone"} left`;
    case "video.room.recording.completed":
    case "video.room.composition.completed":
      return `A file of ${event.payload.size_mb ?? "?"} MB can be downloaded`;
    default:
      return event.event_type;
  }
}

/** Your work on an event: here, a line in the log. Events come in any order. */
export function log(event: RoomEvent): void {
  console.log(printable(`${event.occurred_at ?? ""} ${describe(event)}`));
}
